"""Publishing a ranking: provisional, then final, each by its act; every applicant is told their own result."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.rules import RANK_FUNDED, RANK_NOT_SUITABLE, RANK_RESERVE, RANK_SELECTED, ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import CONCLUDE_PHASE
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, IllegalMove
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.instants import format_day
from portal.core.moves import Move
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.operations.ranking_runs import supersede
from portal.evaluation.operations.telling import tell_applicants
from portal.evaluation.queries.draws import ties_to_draw
from portal.evaluation.queries.observing import observations_of_phase
from portal.evaluation.queries.ranking_input import ranking_input
from portal.evaluation.queries.rankings import ranking_for_update, rankings_of, rows_of, run_of
from portal.evaluation.ranking import Outcome, digest, input_json
from portal.evaluation.rules import PUBLISH_FINAL, PUBLISH_PROVISIONAL, RankingPublished, RankingStatus
from portal.evaluation.terms import checked_act, day_at, observations_until

MOVES: dict[str, Move[ApplicationStatus]] = {
    Outcome.FUNDED: RANK_FUNDED,
    Outcome.FUNDED_PARTIALLY: RANK_FUNDED,
    Outcome.SELECTED: RANK_SELECTED,
    Outcome.SUITABLE_NOT_FUNDED: RANK_RESERVE,
    Outcome.NOT_SUITABLE: RANK_NOT_SUITABLE,
}


class Outdated(Conflict):
    """The data changed after this version was computed."""

    default = lazy_("Scores or applications changed after this version was computed. Compute the ranking again.")


class ObservationsOpen(Conflict):
    """Applicants may still write on the provisional ranking, or wait for what the office replies."""


class DrawPending(Conflict):
    """The call lets a draw decide between those who share a place, and it was not held."""

    default = lazy_("Applications share a place, and this call decides by a draw: hold it, then compute again.")


def publish_provisional(
    session: Session, *, ranking_id: UUID, act_number: str, act_date: date | None, actor: Actor, now: datetime
) -> Ranking:
    """Publish a drafted version by an act; an earlier provisional one is superseded.

    Raises Outdated when the data behind it changed in the meantime, StoredRankingAltered when a hash does not match.
    """
    ranking, phase = _locked(session, ranking_id, actor)
    number, day = checked_act(act_number, act_date, now)
    if ranking.is_rectifying:
        raise IllegalMove(PUBLISH_PROVISIONAL.name, ranking.status)
    ranking.make(PUBLISH_PROVISIONAL, at=now)
    _still_true(session, ranking, phase)
    for each in rankings_of(session, phase.id):
        if each.id != ranking.id and each.status is RankingStatus.PROVISIONAL:
            supersede(session, ranking=each, actor=actor, now=now)
    ranking.act_number, ranking.act_date, ranking.provisional_at = number, day, now
    ranking.provisional_act_number, ranking.provisional_act_date = number, day
    rules = phase.design.evaluation
    ranking.observations_until = observations_until(now, rules.observation_days, phase.zone)
    rows = rows_of(session, ranking.id)
    announce_published(session, ranking=ranking, phase=phase, rows=rows, actor=actor, now=now)
    return ranking


def publish_final(
    session: Session, *, ranking_id: UUID, act_number: str, act_date: date | None, actor: Actor, now: datetime
) -> Ranking:
    """Make a provisional ranking final by an act: applications take their outcome and the phase is concluded.

    Raises DrawPending where the declared draw was not held, Outdated where the data changed since it was provisional,
    ObservationsOpen while applicants may write on it, or wait for a reply.
    """
    ranking, phase = _locked(session, ranking_id, actor)
    number, day = checked_act(act_number, act_date, now)
    if ties_to_draw(ranking):
        raise DrawPending
    _refuse_while_observed(session, ranking, day_at(now, phase.zone))
    ranking.make(PUBLISH_FINAL, at=now)
    _still_true(session, ranking, phase)
    for each in rankings_of(session, phase.id):
        if each.status is RankingStatus.DRAFTED:
            supersede(session, ranking=each, actor=actor, now=now)
    ranking.act_number, ranking.act_date, ranking.final_at = number, day, now
    rows = rows_of(session, ranking.id)
    for row in rows:
        _settle(session, row, actor, now)
    before = phase.status
    phase.make(CONCLUDE_PHASE, at=now)
    record(session, at=now, actor=actor, event="phase.concluded", subject=phase, before={"status": before},
           after={"status": phase.status}, authority_id=ranking.authority_id)  # fmt: skip
    announce_published(session, ranking=ranking, phase=phase, rows=rows, actor=actor, now=now)
    return ranking


def _refuse_while_observed(session: Session, ranking: Ranking, today: date) -> None:
    """Refuse while the window is open, while one waits, or where an accepted one came after the computation."""
    until = ranking.observations_until
    if until is not None and today <= until:
        raise ObservationsOpen(
            lazy_("Applicants may write observations until %(day)s: publish the final ranking after that day.",
                  day=format_day(until))
        )  # fmt: skip
    found = observations_of_phase(session, ranking.phase_id)
    waiting = sum(each.awaits_reply for each in found)
    if waiting:
        raise ObservationsOpen(
            lazy_("%(count)d observations wait for a reply. Reply to them, then publish.", count=waiting)
        )
    if any(each.reply and each.reply.is_accepted and each.reply.replied_at > ranking.computed_at for each in found):
        raise ObservationsOpen(
            lazy_("An observation was accepted after this version was computed. Compute the ranking again.")
        )


def _locked(session: Session, ranking_id: UUID, actor: Actor) -> tuple[Ranking, Phase]:
    ranking, phase = ranking_for_update(session, ranking_id)
    authorise(actor, Action.RANKING_PUBLISH, ranking)
    return ranking, phase


def _still_true(session: Session, ranking: Ranking, phase: Phase) -> None:
    """Refuse a version that was altered, or that the data would not give any more."""
    run_of(ranking)
    if digest(input_json(ranking_input(session, phase))) != ranking.input_sha256:
        raise Outdated


def _settle(session: Session, row: RankingRow, actor: Actor, now: datetime) -> None:
    move = MOVES.get(row.outcome)
    if move is None:
        return
    before = row.application.status
    row.application.make(move, at=now)
    record(session, at=now, actor=actor, event=f"application.{move.name}", subject=row.application,
           before={"status": before}, after={"status": row.application.status, "cents": row.awarded_cents})  # fmt: skip


def announce_published(
    session: Session, *, ranking: Ranking, phase: Phase, rows: Sequence[RankingRow], actor: Actor, now: datetime
) -> None:
    """Record the publication and tell everybody whom it concerns."""
    is_final = ranking.status is RankingStatus.FINAL
    record(session, at=now, actor=actor, event=Action.RANKING_PUBLISH, subject=ranking,
           after={"status": ranking.status, "act": ranking.act_number, "date": ranking.act_date})  # fmt: skip
    announce(session, RankingPublished(ranking_id=ranking.id, is_final=is_final, at=now))
    tell_applicants(session, ranking=ranking, phase=phase, rows=rows, now=now)
