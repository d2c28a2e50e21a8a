"""What gates on money look at: guarantees, the plan's tranches, reports, irregularities, tax debts, activity, costs.

Each is read only where some tranche asks for it: a call that asks for nothing costs no statement.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, func
from sqlalchemy.orm import Session

from portal.calls.rules import GateName
from portal.grants.models import ActivityFinding
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries.spent import approved_spending
from portal.milestones.costs.rules import CostReportStatus
from portal.payments.guarantees.queries import covers_of
from portal.payments.guarantees.rules import Cover
from portal.payments.irregularities.queries import open_by_grant
from portal.payments.models import Tranche
from portal.payments.queries.beside import on_its_way
from portal.payments.queries.budgets import Budget, budgets_of
from portal.payments.queries.rows import fact_row
from portal.payments.rules import RELEASED, TrancheStatus
from portal.payments.taxes.models import TaxDebtCheck
from portal.payments.taxes.rules import DebtAnswer, DebtOutcome
from portal.payments.templates import asks_for, is_reimbursed

G = GateName


@dataclass(frozen=True, slots=True)
class Planned:
    """One tranche of a grant's plan that still counts."""

    number: int
    key: str
    cents: int
    planned_cents: int
    is_released: bool


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """By grant: covers, tranches, approved reports, open irregularities, approved cents, budgets. By payee: the rest.

    An answer on tax debts, and what is on its way to a payee, belong to the authority.
    """

    covers: Mapping[UUID, list[Cover]]
    plans: Mapping[UUID, list[Planned]]
    reports: Mapping[UUID, int]
    irregularities: Mapping[UUID, int]
    answers: Mapping[tuple[str, UUID], DebtAnswer]
    beside: Mapping[tuple[str, UUID], int]
    undertakings: Mapping[UUID, bool]
    spent: Mapping[UUID, int]
    budgets: Mapping[UUID, Budget]


def parts_of_money(payees: Iterable[UUID], tranches: Sequence[Tranche], today: date) -> Iterator[Select[Any]]:
    """The rows that some of these tranches ask for."""
    payees = list(payees)
    if asking := _grants(tranches, G.GUARANTEE_ACTIVE):
        covers = covers_of(asking).subquery()
        yield fact_row("cover", covers.c.grant_id, number=covers.c.cents, until=covers.c.until)
    if asking := _grants(tranches, G.GUARANTEE_ACTIVE, G.SPENDING_JUSTIFIED) | _reimbursed(tranches):
        yield _plans(asking)
    if asking := _grants(tranches, G.REPORT_APPROVED):
        yield _reports(asking)
    found = open_by_grant({tranche.grant_id for tranche in tranches}).subquery()
    yield fact_row("irregularity", found.c.grant_id, number=found.c.open_count)
    for authority in sorted({t.authority_id for t in tranches if asks_for(t, G.TAX_DEBTS_CHECKED)}):
        yield _answers(authority, payees)
        yield on_its_way(authority, payees, today)
    if any(asks_for(tranche, G.ACTIVITY_FOUND) for tranche in tranches):
        yield _activities(payees)


def money_facts(session: Session, rows: Iterable[Row[Any]], tranches: Sequence[Tranche]) -> MoneyFacts:
    """Sort the rows of a union by what they say, and read costs and budgets where they are asked for."""
    of_each: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        of_each[row.what.split()[0]].append(row)
    covers: dict[UUID, list[Cover]] = defaultdict(list)
    plans: dict[UUID, list[Planned]] = defaultdict(list)
    for row in of_each["cover"]:
        covers[row.key].append(Cover(row.number, row.until))
    for row in of_each["planned"]:
        plans[row.key].append(Planned(row.place, row.title, row.number, row.number + row.more, row.until is not None))
    costs = _grants(tranches, G.SPENDING_JUSTIFIED) | _reimbursed(tranches)
    taxed = {tranche.grant_id for tranche in tranches if tranche.grant.call.design.payments.investment}
    return MoneyFacts(
        covers=covers,
        plans=plans,
        reports={row.key: row.number for row in of_each["report"]},
        irregularities={row.key: row.number for row in of_each["irregularity"]},
        answers={
            (row.what.split()[1], row.key): DebtAnswer(DebtOutcome(row.title), row.until) for row in of_each["tax"]
        },
        beside={(row.what.split()[1], row.key): int(row.number) for row in of_each["beside"]},
        undertakings={row.key: row.title == "yes" for row in of_each["activity"]},
        spent=approved_spending(session, costs) if costs else {},
        budgets=budgets_of(session, costs | taxed) if costs | taxed else {},
    )


def _grants(tranches: Iterable[Tranche], *gates: GateName) -> set[UUID]:
    return {tranche.grant_id for tranche in tranches if any(asks_for(tranche, gate) for gate in gates)}


def _reimbursed(tranches: Iterable[Tranche]) -> set[UUID]:
    return {tranche.grant_id for tranche in tranches if is_reimbursed(tranche)}


def _plans(grants: Iterable[UUID]) -> Select[Any]:
    """Tranches that still count, as the plan gives them; `until` says that one is released."""
    day = case((Tranche.status.in_(RELEASED), Tranche.due_on))
    query = fact_row("planned", Tranche.grant_id, number=Tranche.amount_cents, title=Tranche.key, until=day,
                     place=Tranche.number, more=Tranche.unclaimed_cents)  # fmt: skip
    return query.where(Tranche.grant_id.in_(grants), Tranche.status != TrancheStatus.CANCELLED)


def _reports(grants: Iterable[UUID]) -> Select[Any]:
    query = fact_row("report", CostReport.grant_id, number=func.count(CostReport.id))
    standing = (CostReport.grant_id.in_(grants), CostReport.status == CostReportStatus.APPROVED)
    return query.where(*standing).group_by(CostReport.grant_id)


def _answers(authority: UUID, payees: Iterable[UUID]) -> Select[Any]:
    """The newest comes last."""
    query = fact_row(
        f"tax {authority}", TaxDebtCheck.organisation_id, title=TaxDebtCheck.outcome, until=TaxDebtCheck.checked_on,
        order=TaxDebtCheck.checked_on, number=func.row_number().over(order_by=TaxDebtCheck.id),
    )  # fmt: skip
    return query.where(TaxDebtCheck.authority_id == authority, TaxDebtCheck.organisation_id.in_(payees))


def _activities(payees: Iterable[UUID]) -> Select[Any]:
    """The newest comes last."""
    newest = func.row_number().over(order_by=(ActivityFinding.found_at, ActivityFinding.id))
    found = case((ActivityFinding.is_undertaking, "yes"), else_="no")
    query = fact_row("activity", ActivityFinding.organisation_id, title=found, number=newest)
    return query.where(ActivityFinding.organisation_id.in_(payees))
