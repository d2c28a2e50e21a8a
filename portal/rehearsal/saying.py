"""Parts of a sentence that are put in words only when the sentence is, in the language of that moment. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.core.i18n import in_language


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the call itself."""

    text: Mapping[str, str]

    def __str__(self) -> str:
        """In the language of the moment."""
        return in_language(self.text)


class Listed:
    """Several things, one after the other."""

    def __init__(self, items: Iterable[object], between: str = ", ") -> None:
        self.items, self.between = list(items), between

    def __str__(self) -> str:
        """In the language of the moment."""
        return self.between.join(str(item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Named:
    """Something and what is said of it."""

    name: object
    said: object

    def __str__(self) -> str:
        """In the language of the moment."""
        return f"{self.name}: {self.said}"
