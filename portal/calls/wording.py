"""Texts of calls inside sentences that are written in each reader's language only when they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.core.i18n import in_language


@dataclass(frozen=True, slots=True)
class Titled:
    """A text of a call, in the language in force when it is read."""

    text: Mapping[str, Any]

    def __str__(self) -> str:
        return in_language(self.text)
