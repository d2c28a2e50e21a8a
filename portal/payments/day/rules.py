"""What stands between a tranche and its payment, whose the next move is, and in which month it is expected. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.calls.rules import GateName
from portal.payments.rules import ORDER, TrancheStatus


class Whose(StrEnum):
    """Who can take away what holds a payment."""

    RECIPIENT = "recipient"
    OFFICE = "office"
    MAKER = "maker"
    CHECKER = "checker"
    BANK = "bank"


class Step(StrEnum):
    """What a tranche waits for when every condition holds."""

    HALTED = "halted"
    TO_VERIFY = "to_verify"
    TO_PROPOSE = "to_propose"
    TO_APPROVE = "to_approve"
    WITH_THE_BANK = "with_the_bank"


Reason = Step | GateName

NEXT = {
    TrancheStatus.REQUESTED: Step.TO_VERIFY,
    TrancheStatus.VERIFIED: Step.TO_PROPOSE,
    TrancheStatus.PROPOSED: Step.TO_APPROVE,
    TrancheStatus.ORDERED: Step.WITH_THE_BANK,
}
OF_THE_RECIPIENT = frozenset(
    {
        GateName.AGREEMENT_SIGNED,
        GateName.INCORPORATED,
        GateName.MILESTONES_ACCEPTED,
        GateName.COACHING_CONFIRMED,
        GateName.GUARANTEE_ACTIVE,
        GateName.SPENDING_JUSTIFIED,
        GateName.REPORT_APPROVED,
    }
)
OF_FINANCE = {GateName.IBAN_VERIFIED: Whose.CHECKER, GateName.TAX_DEBTS_CHECKED: Whose.MAKER}
"""Conditions whose mend lies with the recipient, and with finance; every other one is the office's."""
TURN = {
    Step.HALTED: Whose.OFFICE,
    Step.TO_VERIFY: Whose.OFFICE,
    Step.TO_PROPOSE: Whose.MAKER,
    Step.TO_APPROVE: Whose.CHECKER,
    Step.WITH_THE_BANK: Whose.BANK,
}


def whose(reason: Reason) -> Whose:
    """Whose move takes it away."""
    if isinstance(reason, Step):
        return TURN[reason]
    if reason in OF_THE_RECIPIENT:
        return Whose.RECIPIENT
    return OF_FINANCE.get(reason, Whose.OFFICE)


def held_by(status: TrancheStatus, closed: Sequence[GateName], *, grant_moves: bool) -> Reason | None:
    """The first thing that stands between a tranche and a payment file; None where it can be paid now.

    A grant that stands still comes before a condition, a condition before the next step. What the bank has already is
    the bank's, whatever changed since.
    """
    if status is TrancheStatus.ORDERED:
        return Step.WITH_THE_BANK
    if not grant_moves:
        return Step.HALTED
    if closed:
        return closed[0]
    return None if status in ORDER.sources else NEXT[status]


LATE, SOON, LATER, FAR = "late", "soon", "later", "far"
BANDS = (LATE, SOON, LATER, FAR)
SOON_DAYS, LATER_DAYS = 15, 40
"""Days left of the term of payment, which the call declares (80 where it says nothing)."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Money that is expected to leave, of tranches with the same dates."""

    due_on: date | None
    """The end of the term, once it was asked for."""
    planned_on: date | None
    """The day on which it may be asked for by the plan, before."""
    payment_days: int
    cents: int

    def on(self, today: date) -> date:
        """The day by which it is expected to be paid: never in the past."""
        if self.due_on is not None:
            return max(self.due_on, today)
        return max(self.planned_on or today, today) + timedelta(days=self.payment_days)


def by_month(rows: Iterable[Expected], today: date, months: int = 12) -> tuple[list[tuple[date, int]], int]:
    """Cents expected in each of the next months, from this one on, and beyond them."""
    firsts = [_month_after(today, count) for count in range(months)]
    sums, beyond = dict.fromkeys(firsts, 0), 0
    for row in rows:
        first = row.on(today).replace(day=1)
        if first in sums:
            sums[first] += row.cents
        else:
            beyond += row.cents
    return list(sums.items()), beyond


def _month_after(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, 1)
