"""Totals of the first page, published rankings, numbers of a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.access.queries.twins import is_live
from portal.applications.labels import LABELS
from portal.applications.models import Application
from portal.applications.rules import REGISTERED
from portal.calls.figures import Figure
from portal.calls.models import Call, Phase
from portal.evaluation.models import Ranking, RankingRow
from portal.grants.models import Grant
from portal.ledger.models import Account
from portal.ledger.rules import PAID_OUT, AccountKind
from portal.reporting.rules import MoneyPath


@dataclass(frozen=True, slots=True)
class Totals:
    """What the first page says of the whole instance."""

    money: MoneyPath
    applications: int
    projects: int


@dataclass(frozen=True, slots=True)
class PublishedRanking:
    """One version of a ranking, with its size and what it assigns."""

    ranking: Ranking
    applications: int
    awarded_cents: int


def home_totals(session: Session) -> Totals:
    """Two statements: balances of the ledger by kind, and two counts."""
    by_kind = select(Account.kind, func.sum(Account.balance_cents)).where(is_live(Account.authority_id))
    by_kind = by_kind.group_by(Account.kind)
    sums = {kind: int(cents) for kind, cents in session.execute(by_kind)}
    given = -sums.get(AccountKind.FUND, 0)
    money = MoneyPath(
        budget_cents=given,
        awarded_cents=given - sums.get(AccountKind.BUDGET, 0),
        paid_cents=sum(sums.get(kind, 0) for kind in PAID_OUT),
    )
    received = select(func.count(Application.id)).where(Application.status.in_(REGISTERED))
    projects = select(func.count(Grant.id)).where(Grant.published_at.is_not(None))
    counted = session.execute(
        select(
            received.where(is_live(Application.authority_id)).scalar_subquery(),
            projects.where(is_live(Grant.authority_id)).scalar_subquery(),
        )
    ).one()
    return Totals(money=money, applications=int(counted[0]), projects=int(counted[1]))


def published_rankings(session: Session, *, call_slug: str = "") -> list[PublishedRanking]:
    """Rankings that the public may read, the newest first."""
    query = (
        select(Ranking)
        .join(Phase, Phase.id == Ranking.phase_id)
        .join(Call, Call.id == Phase.call_id)
        .where(Ranking.provisional_at.is_not(None), is_live(Ranking.authority_id))
        .options(
            joinedload(Ranking.phase).joinedload(Phase.call).joinedload(Call.authority),
            joinedload(Ranking.phase).joinedload(Phase.call).selectinload(Call.phases),
        )
        .order_by(func.coalesce(Ranking.final_at, Ranking.provisional_at).desc(), Ranking.id.desc())
    )
    if call_slug:
        query = query.where(Call.slug == call_slug)
    rankings = session.scalars(query).all()
    sizes = _sizes(session, [ranking.id for ranking in rankings])
    return [PublishedRanking(ranking, *sizes.get(ranking.id, (0, 0))) for ranking in rankings]


def _sizes(session: Session, ranking_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    query = (
        select(RankingRow.ranking_id, func.count(RankingRow.id), func.sum(RankingRow.awarded_cents))
        .where(RankingRow.ranking_id.in_(ranking_ids))
        .group_by(RankingRow.ranking_id)
    )
    return {ranking_id: (int(rows), int(cents)) for ranking_id, rows, cents in session.execute(query)}


def application_figures(session: Session, call: Call) -> list[Figure]:
    """How many applications of a call stand where; drafts are a number only."""
    query = select(Application.status, func.count(Application.id)).where(Application.call_id == call.id)
    counts = {status: int(number) for status, number in session.execute(query.group_by(Application.status))}
    inbox = f"/manage/calls/{call.slug}/applications"
    return [
        Figure(str(label), counts[status], inbox if status in REGISTERED else None)
        for status, label in LABELS.items()
        if counts.get(status)
    ]
