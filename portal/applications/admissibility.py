"""Mending what is missing (soccorso istruttorio): what may be asked, by when, with which clock, and how alike. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.applications.rules import AdmissibilityPoint
from portal.calls.rules import CallDesign
from portal.calls.rules.validity.admission import MOST_DAYS, can_be_mended
from portal.questionnaires.rules import Form, QuestionType, Text
from portal.questionnaires.rules.design import FILE_KINDS, LARGEST_MB

SUNDAY = 6
HOLIDAYS = frozenset(
    {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)}
)  # fmt: skip
SAINT_FRANCIS, SINCE = (10, 4), 2026
"""A holiday again from 2026."""
LAST = time(23, 59, 59, 999999)


class ItemKind(StrEnum):
    """What is asked again: an answer of the form, or a file."""

    QUESTION = "question"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Mendable:
    """One thing that a call lets an applicant mend, with what its file may be."""

    kind: ItemKind
    key: str
    label: Text
    point: AdmissibilityPoint
    accept: tuple[str, ...] = ()
    max_mb: int = 0
    strip: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of an applicant, and what exactly."""

    key: str
    what: str


@dataclass(frozen=True, slots=True)
class Condition:
    """On what an application is admitted with reserve, and until which day it may be met."""

    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock of the procedure stands still; without an end it still does."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """Days of the procedure that count, and days that do not; `stands_still` while an applicant mends."""

    counted: int
    suspended: int
    stands_still: bool


class Treatment(StrEnum):
    """How a fault was dealt with: mended on request, or refused without asking."""

    ASKED = "asked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Treated:
    """What another applicant of the phase met for the same fault."""

    application_id: UUID
    reference: str
    organisation: str
    key: str
    how: Treatment
    days: int | None = None


def mendable_in(design: CallDesign, form: Form) -> list[Mendable]:
    """What may be mended, in the order of the call: what it names, else every document and every declaration."""
    named = set(design.admission.mendable)
    found = [
        Mendable(ItemKind.DOCUMENT, each.key, dict(each.name), AdmissibilityPoint.DOCUMENTS, tuple(each.accept),
                 each.max_mb, each.strip_metadata)
        for each in design.documents_requested
        if not named or each.key in named
    ]  # fmt: skip
    for question in form.questions:
        if not can_be_mended(question) or question.key not in (named or _declarations(form)):
            continue
        if question.type is QuestionType.FILES:
            accept = tuple(question.accept or sorted(FILE_KINDS))
            found.append(Mendable(ItemKind.DOCUMENT, question.key, dict(question.label), AdmissibilityPoint.DOCUMENTS,
                                  accept, question.max_mb or LARGEST_MB, question.strip_metadata))  # fmt: skip
        else:
            label = dict(question.label)
            found.append(Mendable(ItemKind.QUESTION, question.key, label, AdmissibilityPoint.ELIGIBILITY))
    return found


def _declarations(form: Form) -> set[str]:
    return {question.key for question in form.questions if question.type is QuestionType.DECLARATION}


def is_holiday(day: date) -> bool:
    """Sundays and the national holidays of Italy; patrons move no term."""
    fixed = (day.month, day.day)
    if day.weekday() == SUNDAY or fixed in HOLIDAYS or (fixed == SAINT_FRANCIS and day.year >= SINCE):
        return True
    return day == easter(day.year) + timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian reckoning)."""
    century, place = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (place // 4) - epact - place % 4) % 7
    moved = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * moved + 114, 31)
    return date(year, month, day + 1)


def end_of_term(begun: datetime, days: int, zone: str) -> datetime:
    """The last instant of a term in days: the first day is not counted, a holiday moves it on (c.c. 2963)."""
    here = ZoneInfo(zone)
    last = begun.astimezone(here).date() + timedelta(days=days)
    while is_holiday(last):
        last += timedelta(days=1)
    return datetime.combine(last, LAST, here).astimezone(begun.tzinfo)


def letter_of(*, reason: str, days: int, asked: Mapping[str, str]) -> dict[str, Any]:
    """What a request says, as its hash in the register is taken of it."""
    return {"reason": reason, "days": days, "asked": dict(asked)}


def days_left(given: int, extra: int) -> bool:
    """Whether a term and its extension stay within what the law lets a procedure be suspended for."""
    return extra >= 1 and given + extra <= MOST_DAYS


def procedure_clock(begun: datetime, now: datetime, pauses: Iterable[Pause]) -> Clock:
    """The days of a procedure from its beginning (art. 2, c. 7 L. 241/1990): pauses are not counted."""
    suspended, stands_still = timedelta(), False
    for pause in pauses:
        suspended += max(timedelta(), min(pause.until or now, now) - max(pause.since, begun))
        stands_still |= pause.since <= now and (pause.until is None or now < pause.until)
    whole = max(timedelta(), now - begun)
    return Clock(max(timedelta(), whole - suspended).days, suspended.days, stands_still)


@dataclass(frozen=True, slots=True)
class Parity:
    """What others met for the same faults, and where that differs from what is being done now."""

    others: Sequence[Treated]
    days: int | None
    """The term given here; None where nothing is asked."""

    @property
    def refused(self) -> list[Treated]:
        """Who was refused for it without being asked."""
        return [each for each in self.others if each.how is Treatment.REFUSED]

    @property
    def asked(self) -> list[Treated]:
        """Who was asked to mend it."""
        return [each for each in self.others if each.how is Treatment.ASKED]

    @property
    def other_terms(self) -> list[int]:
        """Terms that others were given, where they differ from this one, each once."""
        return sorted({each.days for each in self.asked if each.days is not None and each.days != self.days})

    @property
    def is_unequal(self) -> bool:
        """Whether the same fault is treated in different ways."""
        if self.days is None:
            return bool(self.asked)
        return bool(self.refused or self.other_terms)
