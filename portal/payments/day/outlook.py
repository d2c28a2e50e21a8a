"""What will be paid in which month by the plans, and how much of each fund is committed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, String, case, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.calls.models import Call, CallBudgetLine
from portal.calls.rules import CallDesign
from portal.core.actor import Actor
from portal.grants.models import Grant
from portal.ledger.models import Account
from portal.ledger.rules import AccountKind
from portal.ledger.scope import authorities_of
from portal.milestones.models import Milestone
from portal.milestones.progress.models import MilestoneForecast
from portal.milestones.rules import DONE
from portal.payments.day.rules import Expected
from portal.payments.day.waiting import WAITING
from portal.payments.models import Tranche
from portal.payments.queries.finance import visible
from portal.payments.rules import TrancheStatus

TERM = CallDesign.payment_days
"""Days to pay where the call says nothing."""


def expected_payments(session: Session, actor: Actor) -> list[Expected]:
    """Everything that is planned or asked for and not paid, summed by its dates. One statement.

    A milestone counts from the day its recipient expects it, where they said so, else from that of the plan.
    """
    term = func.coalesce(Call.definition["payment_days"].as_integer(), TERM)
    told = select(MilestoneForecast.expected_on).where(
        MilestoneForecast.milestone_id == Milestone.id, MilestoneForecast.planned_on == Milestone.due_on
    )
    forecast = told.order_by(MilestoneForecast.number.desc()).limit(1).correlate(Milestone).scalar_subquery()
    planned = func.coalesce(forecast, Milestone.due_on, Grant.starts_on)
    planned_on = case((Milestone.status.in_(DONE), Grant.starts_on), else_=planned)
    columns = (Tranche.due_on, planned_on, term)
    query = (
        select(*columns, func.sum(Tranche.amount_cents))
        .join(Grant, Grant.id == Tranche.grant_id)
        .join(Call, Call.id == Grant.call_id)
        .outerjoin(Milestone, Milestone.id == Tranche.milestone_id)
        .where(*visible(actor), Tranche.status.in_((TrancheStatus.PLANNED, *WAITING)))
        .group_by(*columns)
    )
    return [Expected(due, planned, int(days), int(cents)) for due, planned, days, cents in session.execute(query)]


@dataclass(slots=True)
class FundStanding:
    """The money of one fund of a call (or of what names no fund), in cents: sums of balances of the ledger."""

    call: dict[str, Any]
    fund: dict[str, Any] | None
    budget: int = 0
    available: int = 0
    awarded: int = 0
    payable: int = 0
    paid: int = 0
    returning: int = 0

    @property
    def committed(self) -> int:
        """What was awarded and stands: to be released, released, paid."""
        return self.awarded + self.payable + self.paid


WHERE = {
    "line": "budget",
    AccountKind.BUDGET.value: "available",
    AccountKind.AWARD.value: "awarded",
    AccountKind.PAYABLE.value: "payable",
    AccountKind.PAID.value: "paid",
    AccountKind.WITHHELD.value: "paid",
    AccountKind.RECOVERABLE.value: "returning",
    AccountKind.RETURNED.value: "returning",
}


def standing_by_fund(session: Session, actor: Actor) -> list[FundStanding]:
    """Each fund of each published call of the actor's authorities, newest call first. Two statements."""
    mine = (Call.authority_id.in_(authorities_of(actor)), Call.published_at.is_not(None))
    query = select(Call.id, Call.title, Call.definition["funds"], Call.definition["budget_lines"])
    calls = session.execute(query.where(*mine).order_by(Call.id.desc())).all()
    sums = _sums(session, [row[0] for row in calls])
    found: dict[tuple[UUID, str | None], FundStanding] = {}
    for call_id, title, funds, lines in calls:
        named = {fund["key"]: fund["name"] for fund in funds or []}
        for line in lines or []:
            key = line.get("fund")
            standing = found.setdefault((call_id, key), FundStanding(title, named.get(key)))
            for where, cents in sums.get((call_id, line["key"]), []):
                setattr(standing, where, getattr(standing, where) + cents)
    return list(found.values())


def _sums(session: Session, calls: list[UUID]) -> dict[tuple[UUID, str], list[tuple[str, int]]]:
    """Cents by budget line and place: the line itself, its account, the accounts of its grants."""
    line = CallBudgetLine
    declared = select(line.call_id, line.key, literal("line"), line.amount_cents)
    kind = cast(Account.kind, String)
    cents = cast(func.sum(Account.balance_cents), BigInteger)
    kept = select(line.call_id, line.key, kind, cents).join(Account, Account.owner_id == line.id)
    given = select(line.call_id, line.key, kind, cents).select_from(Grant).join(line, line.id == Grant.budget_line_id)
    given = given.join(Account, Account.owner_id == Grant.id)
    parts = [declared, *(part.group_by(line.call_id, line.key, Account.kind) for part in (kept, given))]
    found: dict[tuple[UUID, str], list[tuple[str, int]]] = {}
    for call_id, key, what, amount in session.execute(
        union_all(*(part.where(line.call_id.in_(calls)) for part in parts))
    ):
        if what in WHERE:
            found.setdefault((call_id, key), []).append((WHERE[what], int(amount)))
    return found
