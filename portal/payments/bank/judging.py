"""What follows from a message of the bank, whatever was said before it: any order leads to the same end. Pure.

A payment waits, is paid, or failed, and only ever goes further on this way; to pay what failed takes a new payment.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.payments.bank.rules import Outcome, Said, Trouble
from portal.payments.bank.told import Told


class Effect(StrEnum):
    """What a message does to its payment."""

    NONE = "none"
    PAY = "pay"
    MEND_DAY = "mend_day"
    """It was paid earlier than was known."""
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A payment as it stands: `heard` is what the bank said of it so far, or what somebody recorded by hand."""

    amount_cents: int
    made_on: date
    paid_on: date | None
    has_failed: bool
    heard: frozenset[Said] = frozenset()
    is_own: bool = False
    iban: str | None = None

    @property
    def is_paid(self) -> bool:
        """Whether it counts as paid now."""
        return self.paid_on is not None and not self.has_failed


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of a message, why it waits for a person, what it does; `explains` an open contradiction."""

    outcome: Outcome
    trouble: Trouble | None = None
    effect: Effect = Effect.NONE
    explains: bool = False


ALREADY, IGNORED, FAILS = Judgement(Outcome.ALREADY), Judgement(Outcome.IGNORED), Effect.FAIL


def judge(told: Told, line: LineSeen | None, today: date) -> Judgement:
    """What follows from a message about this payment (None: no payment of ours has that reference)."""
    if line is None:
        return IGNORED if told.said is Said.CREDITED else _asks(Trouble.UNKNOWN)
    if told.said is Said.WAITING:
        return IGNORED
    if told.said in (Said.UNCLEAR, Said.CREDITED):
        return _asks(Trouble.UNCLEAR)
    if trouble := _differs(told, line):
        return _asks(trouble)
    match told.said:
        case Said.PAID:
            return _paid(told.day, line, today)
        case Said.RETURNED:
            return _returned(line)
        case _:
            return _refused(line)


def _differs(told: Told, line: LineSeen) -> Trouble | None:
    """In what the bank's payment is not ours, or why this person does not say so."""
    if not told.is_euro or told.amount_cents not in (None, line.amount_cents):
        return Trouble.AMOUNT
    if line.is_own:
        return Trouble.OWN
    return Trouble.ACCOUNT if told.iban and line.iban and told.iban != line.iban else None


def _asks(trouble: Trouble, effect: Effect = Effect.NONE) -> Judgement:
    return Judgement(Outcome.QUARANTINED, trouble, effect)


def _paid(day: date | None, line: LineSeen, today: date) -> Judgement:
    if day is None or day > today or day < line.made_on:
        return _asks(Trouble.DAY)
    if line.is_paid:
        earlier = line.paid_on is not None and day < line.paid_on
        return Judgement(Outcome.ALREADY, effect=Effect.MEND_DAY if earlier else Effect.NONE)
    if not line.has_failed:
        return Judgement(Outcome.APPLIED, effect=Effect.PAY)
    if Said.PAID in line.heard:
        return ALREADY
    return IGNORED if Said.RETURNED in line.heard else _asks(Trouble.CONTRADICTS)


def _refused(line: LineSeen) -> Judgement:
    if Said.REFUSED in line.heard:
        return ALREADY
    if line.has_failed:
        return IGNORED
    if line.is_paid:
        return _asks(Trouble.CONTRADICTS, FAILS)
    return Judgement(Outcome.APPLIED, effect=FAILS)


def _returned(line: LineSeen) -> Judgement:
    if Said.RETURNED in line.heard:
        return ALREADY
    if line.has_failed:
        return Judgement(Outcome.IGNORED, explains=True)
    return Judgement(Outcome.APPLIED, effect=FAILS)
