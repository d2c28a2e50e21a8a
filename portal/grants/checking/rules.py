"""Where a check before signing stands, and which grants are drawn for a check of declarations. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from math import ceil

from portal.calls.rules import AwardRules, CheckKind, GrantCheck

HUNDRED = Decimal(100)


class CheckOutcome(StrEnum):
    """What somebody of the office found; `not_due` says why the check is not needed here."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NOT_DUE = "not_due"


class Standing(StrEnum):
    """Where a check stands today."""

    OPEN = "open"
    TO_DRAW = "to_draw"
    NEGATIVE = "negative"
    EXPIRED = "expired"
    POSITIVE = "positive"
    NOT_DUE = "not_due"


DONE = frozenset({Standing.POSITIVE, Standing.NOT_DUE})
READ = frozenset({CheckKind.DURC, CheckKind.ACCOUNT, CheckKind.DE_MINIMIS, CheckKind.AID_CODE})
"""Facts that stand elsewhere: read there, never found here; somebody may only say why one is not due."""

STANDARD = (
    GrantCheck(
        "declarations", CheckKind.DECLARATIONS,
        {"it": "Controllo delle dichiarazioni della domanda (art. 71 DPR 445/2000)",
         "en": "Check of the declarations of the application (art. 71 of DPR 445/2000)"},
    ),
    GrantCheck(
        "state_aid", CheckKind.OTHER,
        {"it": "Consultazione del registro degli aiuti di Stato", "en": "Register of State aid consulted"},
    ),
    GrantCheck(
        "exclusions", CheckKind.OTHER,
        {"it": "Nessuna causa di esclusione", "en": "No ground for exclusion"},
    ),
)  # fmt: skip
"""What a call that declares no checks has always meant, for recipients that are legal entities."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of one check: the newest finding, or the fact that is read. `valid_until` None: no expiry."""

    outcome: CheckOutcome
    valid_until: date | None = None


def checks_of(award: AwardRules, *, was_group: bool) -> tuple[GrantCheck, ...]:
    """The checks of a grant: those declared; else those of always, which groups that incorporate never had."""
    if award.checks:
        return tuple(award.checks)
    return () if was_group else STANDARD


def standing_of(check: GrantCheck, found: Found | None, *, cents: int, drawn: bool | None, today: date) -> Standing:
    """Where a check stands: `drawn` is None while no draw has looked at the grant."""
    if cents <= check.above_cents and check.above is not None:
        return Standing.NOT_DUE
    if found is not None and found.outcome is CheckOutcome.NEGATIVE:
        return Standing.NEGATIVE
    if check.sample is not None and not drawn:
        return Standing.TO_DRAW if drawn is None else Standing.NOT_DUE
    if found is None:
        return Standing.OPEN
    if found.valid_until is not None and found.valid_until < today:
        return Standing.EXPIRED
    return Standing(found.outcome.value)


def last_day(check: GrantCheck, issued_on: date, said: date | None = None) -> date | None:
    """The last day of evidence of this date: that of the call, or an earlier one that the document says itself."""
    of_the_call = issued_on + timedelta(days=check.days_valid) if check.days_valid else None
    days = [day for day in (of_the_call, said) if day is not None]
    return min(days) if days else None


def earliest(days: Iterable[date | None]) -> date | None:
    """The first of these days; None where nothing expires."""
    return min((day for day in days if day is not None), default=None)


def drawn_number(seed: str, reference: str) -> str:
    """The number of a grant in a draw: the SHA-256 of `seed|reference`; the smallest come first."""
    return hashlib.sha256(f"{seed}|{reference}".encode()).hexdigest()


def sample_of(references: Sequence[str], share: Decimal, seed: str) -> tuple[str, ...]:
    """So many per cent of these grants, rounded up, at least one: the same for the same seed, in any order."""
    population = sorted(set(references))
    wanted = ceil(len(population) * share / HUNDRED)
    return tuple(sorted(population, key=lambda each: drawn_number(seed, each))[: min(wanted, len(population))])
