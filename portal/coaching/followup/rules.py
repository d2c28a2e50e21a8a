"""What is asked after the end, when, and how small counts are kept out of what everybody may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.grants.rules import months_after

LONGEST_HELPED = 2000
MOST_JOBS = 10_000
SMALLEST_SHOWN = 5
"""Counts of people from 1 to 4 are never published (domain §3.6)."""


class IncomeSource(StrEnum):
    """Where the money of a project comes from once its grant is over."""

    SALES = "sales"
    PUBLIC_CONTRACTS = "public_contracts"
    GRANTS = "grants"
    DONATIONS = "donations"
    MEMBERS = "members"
    OTHER = "other"


class LinkState(StrEnum):
    """What a link is good for."""

    OPEN = "open"
    ANSWERED = "answered"
    VOID = "void"
    EXPIRED = "expired"


class Told(StrEnum):
    """Where a question to a project stands, for the office."""

    NOT_YET = "not_yet"
    SENT = "sent"
    EXPIRED = "expired"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Count:
    """People in jobs, and those of them who are disadvantaged (Reg. (EU) 651/2014, art. 2(4))."""

    jobs: int
    disadvantaged: int


def opens_on(ends_on: date, months: int) -> date:
    """The day from which a project is asked."""
    return months_after(ends_on, months)


def published_counts(counts: Sequence[Count]) -> tuple[int | None, int | None]:
    """Jobs and jobs of disadvantaged workers as everybody may read them; None where a count is kept back.

    A part is kept back from 1 to 4, and when its complement is: whoever knows the whole would know the rest.
    """
    jobs = sum(each.jobs for each in counts)
    part = sum(each.disadvantaged for each in counts)
    whole = None if _is_small(jobs) else jobs
    hides = whole is None or _is_small(part) or _is_small(jobs - part)
    return whole, None if hides else part


def _is_small(count: int) -> bool:
    return 0 < count < SMALLEST_SHOWN
