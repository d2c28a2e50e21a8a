"""The versions of an answer as people tell them apart. Pure.

Text is saved every second while somebody writes: of what one person wrote in one go the last version is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

ONE_GO = timedelta(minutes=10)
"""So long may somebody pause and still be writing the same thing."""


class Versioned(Protocol):
    """What a version says of itself."""

    @property
    def version(self) -> int:
        """Its number, from 1."""

    @property
    def saved_at(self) -> datetime:
        """When."""

    @property
    def saved_by(self) -> UUID | None:
        """By whom."""


@dataclass(frozen=True, slots=True)
class Went:
    """What one person wrote in one go: the number of its last version, and how many versions it took."""

    version: int
    count: int


def in_one_go(versions: Sequence[Versioned]) -> list[Went]:
    """The versions worth telling, the newest first; `versions` are in the order of their numbers."""
    found: list[Went] = []
    before: Versioned | None = None
    for each in versions:
        goes_on = before is not None and before.saved_by == each.saved_by and each.saved_at - before.saved_at < ONE_GO
        if goes_on:
            found[-1] = Went(each.version, found[-1].count + 1)
        else:
            found.append(Went(each.version, 1))
        before = each
    return found[::-1]
