"""Invariants of what changes a final ranking: departures, and the versions that take its place."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.applications.models import Application
from portal.applications.rules import LEFT
from portal.evaluation.afterwards import RankingCause
from portal.evaluation.models import Ranking, RankingDeparture, RankingRow
from portal.evaluation.queries.following import set_apart
from portal.evaluation.ranking import WON, Outcome
from portal.evaluation.rules import RankingStatus
from portal.evaluation.terms import day_at, valid_until


def broken(session: Session) -> Iterator[str]:
    """One line for each departure or version that is not what it must be."""
    yield from _one_final(session)
    yield from _departures(session)
    yield from _without_an_act(session)
    query = select(Ranking).where(Ranking.cause == RankingCause.SCROLLED, Ranking.final_at.is_not(None))
    for ranking in session.scalars(query.options(joinedload(Ranking.phase)).order_by(Ranking.id)):
        yield from _scrolled(session, ranking)


def _one_final(session: Session) -> Iterator[str]:
    query = select(Ranking.phase_id).where(Ranking.status == RankingStatus.FINAL).group_by(Ranking.phase_id)
    for phase_id in session.scalars(query.having(func.count() > 1).order_by(Ranking.phase_id)):
        yield f"evaluation: phase {phase_id} has more than one final ranking in force"


def _departures(session: Session) -> Iterator[str]:
    """Who left had won in the version that was final then, is gone, and stands in no later version."""
    query = select(RankingDeparture).options(
        joinedload(RankingDeparture.ranking), joinedload(RankingDeparture.application)
    )
    for each in session.scalars(query.order_by(RankingDeparture.id)):
        name, final_at = f"evaluation: departure {each.id}", each.ranking.final_at
        rows = select(Ranking.final_at, RankingRow.outcome, RankingRow.ranking_id).join(RankingRow.ranking)
        rows = rows.where(RankingRow.application_id == each.application_id, Ranking.final_at.is_not(None))
        placed = session.execute(rows.order_by(Ranking.version)).all()
        won = any(ranking_id == each.ranking_id and outcome in WON for _at, outcome, ranking_id in placed)
        if final_at is None or each.recorded_at < final_at or not won:
            yield f"{name} is of no winner of a final ranking"
        if each.application.status not in LEFT:
            yield f"{name}: {each.application.reference} left, and still counts"
        if any(at > each.recorded_at and outcome != Outcome.LEFT for at, outcome, _ranking_id in placed if at):
            yield f"{name}: {each.application.reference} stands in a version after it left"


def _without_an_act(session: Session) -> Iterator[str]:
    """A winner of money leaves the ranking in force only by an act."""
    left = select(RankingDeparture.id).where(RankingDeparture.application_id == Application.id)
    query = (
        select(Application.reference)
        .join(RankingRow, RankingRow.application_id == Application.id)
        .join(Ranking, Ranking.id == RankingRow.ranking_id)
        .where(Ranking.status == RankingStatus.FINAL, Application.status.in_(LEFT), ~left.exists())
        .where(RankingRow.outcome.in_((Outcome.FUNDED, Outcome.FUNDED_PARTIALLY)))
    )
    for reference in session.scalars(query.order_by(Application.reference)):
        yield f"evaluation: {reference} won and is gone, and no act says why"


def _scrolled(session: Session, ranking: Ranking) -> Iterator[str]:
    """A scroll-down takes the place of a final version within the validity, and nothing from who stands."""
    name, phase = f"evaluation: ranking {ranking.id} v{ranking.version}", ranking.phase
    before = session.get(Ranking, ranking.follows_id) if ranking.follows_id else None
    if before is None or before.phase_id != ranking.phase_id or before.final_at is None or ranking.final_at is None:
        yield f"{name} follows no final version of its phase"
        return
    first = session.scalar(select(func.min(Ranking.final_at)).where(Ranking.phase_id == phase.id))
    months = phase.design.evaluation.validity_months
    until = valid_until(first, months, phase.zone) if first else None
    if until is not None and day_at(ranking.final_at, phase.zone) > until:
        yield f"{name} was published after {until}, the end of the validity"
    rows, then = _won(session, ranking), _won(session, before)
    gone = set(_left(session, ranking))
    lost = [key for key, cents in then.items() if key not in gone and rows.get(key, -1) < cents]
    kept = set_apart(session, lost) if lost else {}
    for key in lost:
        if key not in rows or key not in kept:
            yield f"{name} takes from application {key} what it had"


def _won(session: Session, ranking: Ranking) -> Mapping[UUID, int]:
    query = select(RankingRow.application_id, RankingRow.awarded_cents).where(RankingRow.outcome.in_(WON))
    return dict(session.execute(query.where(RankingRow.ranking_id == ranking.id)).all())


def _left(session: Session, ranking: Ranking) -> list[UUID]:
    query = select(RankingRow.application_id).where(RankingRow.outcome == Outcome.LEFT)
    return list(session.scalars(query.where(RankingRow.ranking_id == ranking.id)))
