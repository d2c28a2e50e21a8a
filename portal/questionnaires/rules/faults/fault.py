"""One fault of a form's design."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.core.i18n import lazy_


@dataclass(frozen=True, slots=True)
class FormFault:
    """`place` is the path of keys and positions joined by dots, `words` say what is wrong, `mend` what to do."""

    place: str
    words: object
    mend: object

    def __str__(self) -> str:
        return f"{self.place}: {self.words} {self.mend}"


FormFaults = Iterator[FormFault]
WRITE_A_KEY = lazy_("Write small letters, digits and underscores, a letter first, at most 64.")
GIVE_EACH = lazy_("Give each its own.")


def twice(keys: Iterable[str]) -> list[str]:
    """What stands more than once."""
    return [key for key, times in Counter(keys).items() if times > 1]


def choose(known: Iterable[str]) -> object:
    """The mend that lists what may be written."""
    listed = ", ".join(sorted(known))
    if not listed:
        return lazy_("There is none to choose: declare one first.")
    return lazy_("Choose one of: %(choices)s.", choices=listed)
