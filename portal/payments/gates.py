"""The gates of a tranche: what must hold before money leaves, interpreted from facts. Pure.

A gate never stands alone: it says whether it is open, what the fact is, and whose the mend is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from portal.calls.rules import GateName

WAITS = "waits"
"""The fact of an account whose change waits for a second person."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gates look at, as it stands on `today` (Rome's calendar).

    `account_rests_until`: a changed account is paid only after its cooling time (P10).
    """

    today: date
    agreement_in_force: bool
    is_informal: bool
    cup: str | None
    published_at: datetime | None
    verified_iban: str | None
    iban_waits: bool
    account_rests_until: datetime | None
    durc_valid_until: date | None
    open_milestones: tuple[str, ...]
    confirmed_minutes: int
    minimum_minutes: int
    aid_code: str | None = None
    """The code (COR) that the register of State aid gave to the grant."""
    aid_waits: bool = False
    """Whether the grant is aid whose code is not known: one that is no aid to its recipient has none."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: open or closed, with the fact that decides (already a word, a day or minutes)."""

    name: GateName
    is_open: bool
    fact: object = None


def _agreement_signed(facts: Facts) -> Gate:
    return Gate(GateName.AGREEMENT_SIGNED, facts.agreement_in_force)


def _incorporated(facts: Facts) -> Gate:
    return Gate(GateName.INCORPORATED, not facts.is_informal)


def _cup(facts: Facts) -> Gate:
    return Gate(GateName.CUP, facts.cup is not None, facts.cup)


def _published(facts: Facts) -> Gate:
    return Gate(GateName.PUBLISHED, facts.published_at is not None, facts.published_at)


def _iban_verified(facts: Facts) -> Gate:
    """A change that waits for a second person, or is still within its cooling time, freezes the payment (P10)."""
    if facts.iban_waits:
        return Gate(GateName.IBAN_VERIFIED, False, WAITS)
    if facts.account_rests_until is not None:
        return Gate(GateName.IBAN_VERIFIED, False, facts.account_rests_until)
    return Gate(GateName.IBAN_VERIFIED, facts.verified_iban is not None, facts.verified_iban)


def _durc(facts: Facts) -> Gate:
    is_open = facts.durc_valid_until is not None and facts.durc_valid_until >= facts.today
    return Gate(GateName.DURC, is_open, facts.durc_valid_until)


def _milestones_accepted(facts: Facts) -> Gate:
    return Gate(GateName.MILESTONES_ACCEPTED, not facts.open_milestones, facts.open_milestones)


def _coaching_confirmed(facts: Facts) -> Gate:
    is_open = facts.confirmed_minutes >= facts.minimum_minutes
    return Gate(GateName.COACHING_CONFIRMED, is_open, (facts.confirmed_minutes, facts.minimum_minutes))


def _aid_registered(facts: Facts) -> Gate:
    return Gate(GateName.AID_REGISTERED, not facts.aid_waits, facts.aid_code)


INTERPRETERS: dict[GateName, Callable[[Facts], Gate]] = {
    GateName.AGREEMENT_SIGNED: _agreement_signed,
    GateName.INCORPORATED: _incorporated,
    GateName.CUP: _cup,
    GateName.PUBLISHED: _published,
    GateName.IBAN_VERIFIED: _iban_verified,
    GateName.DURC: _durc,
    GateName.MILESTONES_ACCEPTED: _milestones_accepted,
    GateName.COACHING_CONFIRMED: _coaching_confirmed,
    GateName.AID_REGISTERED: _aid_registered,
}
"""One interpreter for each gate a call may declare; a test finds them all."""


def interpret(names: list[GateName], facts: Facts) -> list[Gate]:
    """The declared gates, in their order, as they stand."""
    return [INTERPRETERS[name](facts) for name in names]
