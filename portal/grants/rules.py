"""The path of a grant, what is still missing on it, and what it announces."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.core.errors import IllegalMove, Invalid
from portal.core.i18n import lazy_
from portal.core.moves import Move


class GrantStatus(StrEnum):
    """Where a grant stands. An informal group passes through `incorporating`."""

    PROPOSED = "proposed"
    VERIFYING = "verifying"
    INCORPORATING = "incorporating"
    READY = "ready"
    ACTIVE = "active"
    CLOSING = "closing"
    CLOSED = "closed"
    RENOUNCED = "renounced"
    SUSPENDED = "suspended"
    FORFEITED = "forfeited"
    REVOKED = "revoked"
    RECOVERING = "recovering"


G = GrantStatus
VERIFY = Move("verify", frozenset({G.PROPOSED}), G.VERIFYING)
WAIT_FOR_INCORPORATION = Move("wait_for_incorporation", frozenset({G.PROPOSED, G.VERIFYING}), G.INCORPORATING)
CONFIRM_VERIFICATION = Move("confirm_verification", frozenset({G.VERIFYING}), G.READY)
CHECK_AGAIN = Move("check_again", frozenset({G.READY}), G.VERIFYING)
CHECK_ENTITY = Move("check_entity", frozenset({G.INCORPORATING}), G.VERIFYING)
CONFIRM_INCORPORATION = Move("confirm_incorporation", frozenset({G.INCORPORATING}), G.READY)
ACTIVATE = Move("activate", frozenset({G.READY}), G.ACTIVE)
BEGIN_CLOSING = Move("begin_closing", frozenset({G.ACTIVE}), G.CLOSING)
CLOSE = Move("close", frozenset({G.CLOSING}), G.CLOSED)
OPEN_AGAIN = Move("open_again", frozenset({G.CLOSED}), G.CLOSING)
"""Money moved after all: the bank gave a last payment back, or a receipt was wrong."""
SUSPEND = Move("suspend", frozenset({G.ACTIVE}), G.SUSPENDED)
RESUME = Move("resume", frozenset({G.SUSPENDED}), G.ACTIVE)
RENOUNCE = Move(
    "renounce", frozenset({G.PROPOSED, G.VERIFYING, G.INCORPORATING, G.READY, G.ACTIVE, G.SUSPENDED}), G.RENOUNCED
)
FORFEIT = Move("forfeit", frozenset({G.PROPOSED, G.VERIFYING, G.INCORPORATING, G.READY}), G.FORFEITED)
REVOKE = Move("revoke", frozenset({G.ACTIVE, G.SUSPENDED, G.CLOSING}), G.REVOKED)
RECOVER = Move("recover", frozenset({G.RENOUNCED, G.REVOKED}), G.RECOVERING)
ALL_RETURNED = {end: Move("all_returned", frozenset({G.RECOVERING}), end) for end in (G.RENOUNCED, G.REVOKED)}
"""Everything came back: the grant is again what the act made it."""

BEFORE_AGREEMENT = frozenset({G.VERIFYING, G.INCORPORATING, G.READY})
ENDED = frozenset({G.RENOUNCED, G.FORFEITED, G.REVOKED, G.RECOVERING})
"""Over before its time, by an act."""
OPEN = frozenset(G) - ENDED - {G.CLOSED}

CUP = re.compile(r"[A-Z]\d{2}[A-Z]\d{11}")
"""Codice Unico di Progetto (domain: §5.4; there is no public check digit)."""
DEFAULT_INCORPORATION_DAYS = 90
AGREEMENT_TYPES = ("pdf", "p7m")
LARGEST_FILE = 10 * 1024 * 1024
LONGEST_ACT = 80
ROME = ZoneInfo("Europe/Rome")
DAY = timedelta(days=1)
LAST_DAY = date.max - DAY


class Need(StrEnum):
    """A step that is still open."""

    ACCEPTANCE = "acceptance"
    VERIFICATION = "verification"
    INCORPORATION_RECORD = "incorporation_record"
    INCORPORATION_CONFIRM = "incorporation_confirm"
    CUP = "cup"
    AGREEMENT_PREPARE = "agreement_prepare"
    AGREEMENT_SIGN = "agreement_sign"
    AGREEMENT_COUNTERSIGN = "agreement_countersign"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """What decides which steps are still open."""

    status: GrantStatus
    is_recorded: bool
    has_cup: bool
    is_prepared: bool
    is_signed: bool
    is_published: bool
    awaits_answer: bool = False
    are_checks_open: bool = False
    has_addendum: bool = False


def needs(facts: GrantFacts) -> tuple[Need, ...]:
    """The steps still open, in the order in which they are due."""
    if facts.status not in OPEN:
        return ()
    found: list[Need] = []
    if facts.awaits_answer:
        found.append(Need.ACCEPTANCE)
    if facts.status is G.VERIFYING or (facts.status is G.READY and facts.are_checks_open):
        found.append(Need.VERIFICATION)
    if facts.status is G.INCORPORATING:
        found.append(Need.INCORPORATION_CONFIRM if facts.is_recorded else Need.INCORPORATION_RECORD)
    if not facts.is_published:
        found.append(Need.PUBLICATION)
    if facts.status in BEFORE_AGREEMENT:
        found += _agreement_needs(facts)
    elif facts.has_addendum:
        found.append(Need.AGREEMENT_COUNTERSIGN if facts.is_signed else Need.AGREEMENT_SIGN)
    return tuple(found)


def _agreement_needs(facts: GrantFacts) -> list[Need]:
    if not facts.has_cup:
        return [Need.CUP]
    if facts.status is not G.READY:
        return []
    if not facts.is_prepared:
        return [Need.AGREEMENT_PREPARE]
    return [Need.AGREEMENT_COUNTERSIGN if facts.is_signed else Need.AGREEMENT_SIGN]


def require(step: str, allowed: frozenset[GrantStatus], current: GrantStatus) -> None:
    """Return if the step may be taken from this state; raise IllegalMove otherwise."""
    if current not in allowed:
        raise IllegalMove(step, str(current))


def clean_cup(text: str) -> str:
    """A CUP in capitals without blanks, or Invalid."""
    code = re.sub(r"[\s.-]", "", text).upper()
    if not CUP.fullmatch(code):
        raise Invalid(
            lazy_("A CUP has 15 characters: a letter, two digits, a letter, eleven digits (F79D19000030007)."), "cup"
        )
    return code


def local_day(instant: datetime) -> date:
    """The day of an instant by Rome's calendar."""
    return instant.astimezone(ROME).date()


def end_of_day(day: date) -> datetime:
    """The last second of a day in Rome, as an instant; of a day beyond the calendar, of its last but one."""
    return datetime.combine(min(day, LAST_DAY) + DAY, time(), ROME).astimezone(UTC) - timedelta(seconds=1)


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class GrantAwarded:
    """A grant was awarded: money left the budget line for the award's account."""

    grant_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantActivated:
    """The agreement is in force: the plan of milestones and tranches is drawn."""

    grant_id: UUID
    at: datetime
