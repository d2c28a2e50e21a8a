"""What may be asked of the officers' list, as it stands in an address and in a filter kept under a name. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from portal.access.rules import OrganisationKind
from portal.applications.rules import ApplicationStatus

ROWS = 25
MOST_COUNTED, MOST_OF_A_STATUS = 1_000, 100
"""Counting ends here: beyond it a list says "more than"."""
MOST_POINTS, MOST_PLACES = 1_000, 200
"""So many points a map tells apart, and so many places stand in the table beside it."""
MOST_CHOSEN = 100
"""So many applications are acted on at once."""
MOST_SAVED = 30
"""So many filters somebody keeps."""
LONGEST_NAME = 80
LONGEST_QUESTION = 120
WAITING = ApplicationStatus.SUBMITTED
"""What waits for the office."""
DELAYS = (7, 15, 30, 60)
"""Days of waiting that can be asked for."""
PLACES_IN_A_MICROSECOND = 1024
E = TypeVar("E", bound=StrEnum)
WHOLE = re.compile(r"\d{1,19}")
LAST_NUMBER = 2**63 - 1


class Order(StrEnum):
    """Which end of the list comes first."""

    OLDEST = "oldest"
    NEWEST = "newest"


class Act(StrEnum):
    """What officers do with several applications at once."""

    TAKE = "take"
    LEAVE = "leave"
    MARK = "mark"
    UNMARK = "unmark"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the list. `waiting`: days at least; `mine`: those that the reader took in charge; `reserve`: admitted
    on a condition that nobody has decided yet.

    `authority` is the code of one of several for which the reader works; a call tells its own.
    """

    call: str = ""
    authority: str = ""
    phase: UUID | None = None
    status: ApplicationStatus | None = None
    kind: OrganisationKind | None = None
    area: str = ""
    line: str = ""
    waiting: int = 0
    unread: bool = False
    mine: bool = False
    marked: bool = False
    reserve: bool = False
    q: str = ""
    order: Order = Order.OLDEST

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Wanted":
        """What an address or a kept filter asks for; what cannot be read asks for nothing."""
        delay = str(given.get("waiting", ""))
        return cls(
            call=str(given.get("call", ""))[:80],
            authority="" if given.get("call") else str(given.get("authority", ""))[:64],
            phase=_key(given.get("phase")),
            status=_member(ApplicationStatus, given.get("status")),
            kind=_member(OrganisationKind, given.get("kind")),
            area=str(given.get("area", ""))[:64],
            line=str(given.get("line", ""))[:64],
            waiting=int(delay) if delay.isascii() and delay.isdigit() and len(delay) < 4 else 0,
            unread=bool(given.get("unread")),
            mine=bool(given.get("mine")),
            marked=bool(given.get("marked")),
            reserve=bool(given.get("reserve")),
            q=" ".join(str(given.get("q", "")).split())[:LONGEST_QUESTION],
            order=_member(Order, given.get("order")) or Order.OLDEST,
        )

    def told(self, **other: Any) -> dict[str, str]:
        """The same filter as an address writes it, without what it does not ask for."""
        wanted = replace(self, **other)
        values = {each.name: getattr(wanted, each.name) for each in fields(self)}
        if wanted.order is Order.OLDEST:
            values.pop("order")
        return {name: "1" if value is True else str(value) for name, value in values.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for more than a call, a status and an order."""
        return bool(self.told(call="", authority="", status=None, order=Order.OLDEST))


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows: those after a place of the list or before one; none of both asks for the first."""

    after: int | None = None
    before: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Page":
        """What an address asks for."""
        return cls(_number(given.get("after")), _number(given.get("before")))


@dataclass(frozen=True, slots=True)
class Number:
    """How many there are, as far as they were counted."""

    counted: int
    most: int = MOST_COUNTED

    @property
    def is_more(self) -> bool:
        """Whether there are more."""
        return self.counted > self.most

    @property
    def shown(self) -> int:
        """What is said of it."""
        return min(self.counted, self.most)


def first_place(received_at: datetime) -> int:
    """The first of the places of a microsecond: numbers sort as applications were received."""
    whole = int(received_at.timestamp()) * 1_000_000 + received_at.microsecond
    return whole * PLACES_IN_A_MICROSECOND


def _member(kind: type[E], value: object) -> E | None:
    known = {each.value for each in kind}
    return kind(str(value)) if str(value) in known else None


def _key(value: object) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


def _number(value: object) -> int | None:
    text = str(value or "")
    return min(int(text), LAST_NUMBER) if WHOLE.fullmatch(text) and text.isascii() else None
