"""Requests about personal data: kinds, terms, outcomes, and what is announced."""

import calendar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class RequestKind(StrEnum):
    """What people may ask of whoever keeps their data (GDPR art. 15, 16, 17, 21)."""

    EXPORT = "export"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    OBJECTION = "objection"


class RequestOutcome(StrEnum):
    """How a request ended."""

    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"


NEEDS_TEXT = frozenset({RequestKind.RECTIFICATION, RequestKind.OBJECTION})
"""Kinds that say nothing without words of the person."""


@dataclass(frozen=True, slots=True)
class RequestMade:
    """Somebody asked the data protection officer of an authority."""

    request_id: UUID
    authority_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestDecided:
    """The data protection officer has answered."""

    request_id: UUID
    person_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class CopyReady:
    """The copy of somebody's data can be downloaded."""

    person_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class DataWillGo:
    """Rows of these tables will be deleted at that instant: the data protection officer may object before."""

    at: datetime
    by: datetime
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AccountUnused:
    """An account that nobody uses will be closed and erased at that instant, unless its person signs in before."""

    person_id: UUID
    at: datetime
    by: datetime


def due_in_one_month(asked: datetime) -> datetime:
    """One month later (GDPR art. 12(3)): the same day of the next month, or its last one."""
    year, month = (asked.year + 1, 1) if asked.month == 12 else (asked.year, asked.month + 1)
    return asked.replace(year=year, month=month, day=min(asked.day, calendar.monthrange(year, month)[1]))
