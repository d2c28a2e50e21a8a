"""Publishing a ranking: provisional, then final, each by its act; every applicant is told their own result."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, Tie, authorise
from portal.access.queries import MEMBER_TIES, people_by_object
from portal.applications.rules import RANK_FUNDED, RANK_NOT_SUITABLE, RANK_RESERVE, RANK_SELECTED, ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import CONCLUDE_PHASE
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.events import announce
from portal.core.i18n import in_language, lazy_
from portal.core.mail import send_mail
from portal.core.moves import Move
from portal.evaluation.labels import outcome_labels
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.operations.ranking_runs import supersede
from portal.evaluation.points import total_text
from portal.evaluation.queries.draws import ties_to_draw
from portal.evaluation.queries.ranking_input import ranking_input
from portal.evaluation.queries.rankings import ranking_for_update, rankings_of, rows_of, run_of
from portal.evaluation.ranking import Outcome, digest, input_json
from portal.evaluation.rules import PUBLISH_FINAL, PUBLISH_PROVISIONAL, RankingPublished, RankingStatus
from portal.evaluation.terms import checked_act
from portal.notices.operations import notify

Team = list[tuple[Person, bool]]
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
    ranking.make(PUBLISH_PROVISIONAL, at=now)
    _still_true(session, ranking, phase)
    for each in rankings_of(session, phase.id):
        if each.id != ranking.id and each.status is RankingStatus.PROVISIONAL:
            supersede(session, ranking=each, actor=actor, now=now)
    ranking.act_number, ranking.act_date, ranking.provisional_at = number, day, now
    ranking.provisional_act_number, ranking.provisional_act_date = number, day
    _publish(session, ranking, phase, rows_of(session, ranking.id), actor, now)
    return ranking


def publish_final(
    session: Session, *, ranking_id: UUID, act_number: str, act_date: date | None, actor: Actor, now: datetime
) -> Ranking:
    """Make a provisional ranking final by an act: applications take their outcome and the phase is concluded.

    Raises DrawPending where the declared draw was not held, Outdated where the data changed since it was provisional.
    """
    ranking, phase = _locked(session, ranking_id, actor)
    number, day = checked_act(act_number, act_date, now)
    if ties_to_draw(ranking):
        raise DrawPending
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
    _publish(session, ranking, phase, rows, actor, now)
    return ranking


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


def _publish(
    session: Session, ranking: Ranking, phase: Phase, rows: Sequence[RankingRow], actor: Actor, now: datetime
) -> None:
    is_final = ranking.status is RankingStatus.FINAL
    record(session, at=now, actor=actor, event=Action.RANKING_PUBLISH, subject=ranking,
           after={"status": ranking.status, "act": ranking.act_number, "date": ranking.act_date})  # fmt: skip
    announce(session, RankingPublished(ranking_id=ranking.id, is_final=is_final, at=now))
    teams = _teams(session, [row.application.organisation_id for row in rows], now)
    for row in rows:
        _tell(session, ranking, phase, row, teams[row.application.organisation_id], now)


def _teams(session: Session, organisations: Sequence[UUID], now: datetime) -> dict[UUID, Team]:
    """The people of each organisation, and whether they own it."""
    found: dict[UUID, Team] = defaultdict(list)
    for organisation, how, person in people_by_object(session, organisations, MEMBER_TIES, now):
        found[organisation].append((person, how is Tie.OWNER))
    return found


def _tell(session: Session, ranking: Ranking, phase: Phase, row: RankingRow, team: Team, now: datetime) -> None:
    """A notice to the whole team, a message to its owners: their own result, nobody else's."""
    path = f"/applications/{row.application_id}/outcome"
    is_final = ranking.status is RankingStatus.FINAL
    title = phase.call.title
    text = {
        "it": f"Graduatoria {'definitiva' if is_final else 'provvisoria'}: {in_language(title, 'it')}. Ecco l'esito.",
        "en": f"{'Final' if is_final else 'Provisional'} ranking: {in_language(title, 'en')}. See your outcome.",
    }
    notify(session, people=[person.id for person, _ in team], text=text, path=path, now=now)
    for person, is_owner in team:
        if is_owner:
            label, _tone = outcome_labels(selects=ranking.selects)[Outcome(row.outcome)]
            send_mail(
                session, to=person.email, template="evaluation/outcome", locale=person.locale, now=now,
                person=person.name, row=row, ranking=ranking, is_final=is_final,
                call=in_language(title, person.locale), path=path, outcome=label,
                points=total_text(row.total_hundredths, person.locale),
            )  # fmt: skip
