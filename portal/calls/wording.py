"""Texts of calls inside sentences that are written in each reader's language only when they are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.calls.rules.private import Private
from portal.core.i18n import in_language, lazy_

PRIVATE = {
    Private.NAME: lazy_("the name of whoever asked"),
    Private.EMAIL: lazy_("an e-mail address"),
    Private.PHONE: lazy_("a telephone number"),
    Private.FISCAL_CODE: lazy_("a codice fiscale"),
    Private.IBAN: lazy_("an IBAN"),
}
"""What is taken out of a question before everybody reads it."""


@dataclass(frozen=True, slots=True)
class Titled:
    """A text of a call, in the language in force when it is read."""

    text: Mapping[str, Any]

    def __str__(self) -> str:
        return in_language(self.text)


class Listed:
    """Several things, one after the other, each in words when the sentence is."""

    def __init__(self, items: Iterable[object]) -> None:
        self.items = list(items)

    def __str__(self) -> str:
        return ", ".join(str(item) for item in self.items)
