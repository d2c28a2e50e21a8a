"""What a final ranking leaves to award: what waits, what is set aside and why, and the effect on each budget line."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.applications.models import AdmissibilityReserve, Application, ReserveOutcome
from portal.applications.rules import ApplicationStatus
from portal.calls.models import CallBudgetLine, Phase
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.rules import RankingStatus
from portal.grants.aid.queries import Asked, verdicts
from portal.grants.aid.rules import Verdict
from portal.grants.models import Grant
from portal.grants.queries.grants import GrantMoney, grant_money
from portal.grants.tranches import tranches_fit
from portal.ledger.models import Account
from portal.ledger.rules import AccountKind


@dataclass(frozen=True, slots=True)
class BudgetEffect:
    """What awarding everything that waits would leave: the effect before the act."""

    count: int
    total: int
    left: int
    budget: int

    @property
    def left_after(self) -> int:
        """Cents left on the budget lines afterwards."""
        return self.left - self.total


def rows_to_award(session: Session, *, call_id: UUID | None = None, ranking_id: UUID | None = None) -> list[RankingRow]:
    """Funded rows of final rankings whose application has no grant yet, in the order of the ranking."""
    return [row for row, _reserved in waiting_rows(session, call_id=call_id, ranking_id=ranking_id)]


def waiting_rows(
    session: Session, *, call_id: UUID | None = None, ranking_id: UUID | None = None
) -> list[tuple[RankingRow, bool]]:
    """The same, each with whether its admission has an open reserve: one statement."""
    query = (
        select(RankingRow, has_open_reserve())
        .join(Ranking, Ranking.id == RankingRow.ranking_id)
        .join(Application, Application.id == RankingRow.application_id)
        .outerjoin(Grant, Grant.application_id == RankingRow.application_id)
        .options(
            joinedload(RankingRow.application).options(
                joinedload(Application.organisation), joinedload(Application.phase).joinedload(Phase.call)
            )
        )
        .where(Ranking.status == RankingStatus.FINAL, RankingRow.awarded_cents > 0, Grant.id.is_(None))
        .where(Application.status != ApplicationStatus.SELECTED)
        .order_by(RankingRow.line_number, RankingRow.id)
    )
    if call_id is not None:
        query = query.where(Ranking.call_id == call_id)
    if ranking_id is not None:
        query = query.where(Ranking.id == ranking_id)
    return [(row, bool(reserved)) for row, reserved in session.execute(query).unique()]


def effect_of(rows: Sequence[RankingRow], *, left: int, budget: int) -> BudgetEffect:
    """What awarding these rows would leave."""
    return BudgetEffect(count=len(rows), total=sum(row.awarded_cents for row in rows), left=left, budget=budget)


@dataclass(frozen=True, slots=True)
class LineEffect:
    """What an act does to one budget line, in cents."""

    key: str
    name: dict[str, str]
    before: int
    taken: int = 0

    @property
    def after(self) -> int:
        """What remains."""
        return self.before - self.taken


@dataclass(frozen=True, slots=True)
class Awarding:
    """One funded row: awarded by the act, or set aside for an open reserve, its tranches or the ceiling of aid."""

    row: RankingRow
    is_reserved: bool
    verdict: Verdict | None

    @property
    def is_aside(self) -> bool:
        """Whether the act leaves it out."""
        return self.is_reserved or self.is_too_small or (self.verdict is not None and not self.verdict.fits)

    @property
    def is_too_small(self) -> bool:
        """Whether the tranches of a fixed amount would use it up."""
        return not tranches_fit(self.row.awarded_cents, self.row.application.design.tranches)


@dataclass(frozen=True, slots=True)
class AwardPlan:
    """What one act would do: the rows it awards, and those it leaves out."""

    rows: list[Awarding]

    @property
    def awarded(self) -> list[RankingRow]:
        """The rows that get their grant."""
        return [each.row for each in self.rows if not each.is_aside]

    @property
    def aside(self) -> list[Awarding]:
        """Those that are left out, each with its reason."""
        return [each for each in self.rows if each.is_aside]


def has_open_reserve() -> ColumnElement[bool]:
    """Admitted with a reserve that nobody decided yet: a condition on `Application`."""
    decided = select(ReserveOutcome.id).where(ReserveOutcome.reserve_id == AdmissibilityReserve.id)
    return exists(
        select(AdmissibilityReserve.id).where(AdmissibilityReserve.application_id == Application.id, ~decided.exists())
    )


def reserved_among(session: Session, application_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these applications have an open reserve."""
    query = select(Application.id).where(Application.id.in_(application_ids), has_open_reserve())
    return set(session.scalars(query))


def plan_of_award(session: Session, waiting: Sequence[tuple[RankingRow, bool]], day: date) -> AwardPlan:
    """What awarding these rows of one call by an act of this day would do; reserves and aid set some aside."""
    if not waiting:
        return AwardPlan([])
    asked = [
        Asked(row.application_id, row.application.organisation, row.awarded_cents)
        for row, is_reserved in waiting
        if not is_reserved
    ]
    fits = verdicts(session, waiting[0][0].application.design, asked, day)
    return AwardPlan([Awarding(row, is_reserved, fits.get(row.application_id)) for row, is_reserved in waiting])


def money_and_lines(session: Session, call_id: UUID) -> tuple[dict[UUID, GrantMoney], list[LineEffect]]:
    """The money of every grant of a call, and each of its budget lines as it stands: one statement."""
    grants = select(Grant.id).where(Grant.call_id == call_id)
    query = (
        select(Account.owner_id, Account.kind, Account.balance_cents, CallBudgetLine.key, CallBudgetLine.name)
        .outerjoin(CallBudgetLine, CallBudgetLine.id == Account.owner_id)
        .where(or_(CallBudgetLine.call_id == call_id, Account.owner_id.in_(grants)))
        .order_by(CallBudgetLine.id)
    )
    lines: list[LineEffect] = []
    kinds: dict[UUID, dict[AccountKind, int]] = defaultdict(dict)
    for owner, kind, cents, key, name in session.execute(query):
        if kind is AccountKind.BUDGET:
            lines.append(LineEffect(key, name, cents))
        else:
            kinds[owner][kind] = cents
    return {owner: grant_money(balances) for owner, balances in kinds.items()}, lines


def effects_on(lines: Sequence[LineEffect], rows: Sequence[RankingRow]) -> list[LineEffect]:
    """Each line before and after an act that awards these rows; a row that names none takes from the first."""
    known = {line.key for line in lines}
    taken: dict[str, int] = defaultdict(int)
    for row in rows:
        key = str(row.detail.get("line"))
        taken[key if key in known or not lines else lines[0].key] += row.awarded_cents
    return [replace(line, taken=taken[line.key]) for line in lines]
