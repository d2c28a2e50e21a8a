"""Versions after the final ranking: run down again, or scored now for then; each by its own act, none ever changed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.operations.integration import needed_text
from portal.applications.rules import (
    LEFT,
    RERANK_FUNDED,
    RERANK_NOT_SUITABLE,
    RERANK_RESERVE,
    RERANK_SELECTED,
    ApplicationStatus,
)
from portal.calls.models import Phase
from portal.calls.queries import phase_for_update
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, IllegalMove
from portal.core.i18n import lazy_
from portal.core.moves import Move
from portal.evaluation.afterwards import RankingCause
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.operations.publishing import Outdated, announce_published
from portal.evaluation.operations.ranking_runs import collector_at_rest, next_version, store_run
from portal.evaluation.queries.elsewhere import must_not_be_chair_elsewhere
from portal.evaluation.queries.following import NothingFollows, final_of, input_after, set_apart
from portal.evaluation.queries.rankings import ranking_for_update, rankings_of, rows_of, run_of
from portal.evaluation.ranking import Outcome, compute_ranking, digest, input_json
from portal.evaluation.rules import PUBLISH_RECTIFIED, REPLACE_FINAL
from portal.evaluation.terms import checked_act, day_at, valid_until

LONGEST, LONGEST_JUDGMENT = 10_000, 200
MOVES: dict[str, Move[ApplicationStatus]] = {
    Outcome.FUNDED: RERANK_FUNDED,
    Outcome.FUNDED_PARTIALLY: RERANK_FUNDED,
    Outcome.SELECTED: RERANK_SELECTED,
    Outcome.SUITABLE_NOT_FUNDED: RERANK_RESERVE,
    Outcome.NOT_SUITABLE: RERANK_NOT_SUITABLE,
}
LOSING = (RERANK_RESERVE, RERANK_NOT_SUITABLE)


def scroll_down(session: Session, *, phase_id: UUID, why: str, actor: Actor, now: datetime) -> Ranking:
    """Run the final ranking down again over what came free, within its validity; a draft until it is published.

    Raises NothingFollows where nobody's result would change, Closed once the validity is over.
    """
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.RANKING_COMPUTE, phase.call)
    must_not_be_chair_elsewhere(session, actor, phase)
    last = final_of(session, phase.id)
    _still_valid(session, phase, now)
    return _follow(session, phase, last, RankingCause.SCROLLED, why=why, judgment=None, actor=actor, now=now)


def score_now_for_then(
    session: Session, *, phase_id: UUID, judgment: str, why: str, actor: Actor, now: datetime
) -> Ranking:
    """Compute the final ranking anew with the rules and the input of then, but for the scores a judgment reopened."""
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.RANKING_COMPUTE, phase.call)
    must_not_be_chair_elsewhere(session, actor, phase)
    last = final_of(session, phase.id)
    number = needed_text(text=judgment, field="judgment", most=LONGEST_JUDGMENT)
    return _follow(session, phase, last, RankingCause.NOW_FOR_THEN, why=why, judgment=number, actor=actor, now=now)


def _still_valid(session: Session, phase: Phase, now: datetime) -> None:
    until = _validity_of(session, phase)
    if until is not None and day_at(now, phase.zone) > until:
        raise Closed(lazy_("The validity of this ranking is over: nobody moves up any more."))


def _validity_of(session: Session, phase: Phase) -> date | None:
    """The last day on which those who follow may move up; None as long as the call lasts."""
    finals = [each.final_at for each in rankings_of(session, phase.id) if each.final_at is not None]
    return valid_until(min(finals), phase.design.evaluation.validity_months, phase.zone) if finals else None


def _follow(
    session: Session, phase: Phase, last: Ranking, cause: RankingCause, *, why: str, judgment: str | None,
    actor: Actor, now: datetime,
) -> Ranking:  # fmt: skip
    words = needed_text(text=why, field="why", most=LONGEST)
    with collector_at_rest():
        run = compute_ranking(input_after(session, phase, last, cause))
        before = {each.candidate: (each.outcome, each.awarded_cents, each.position) for each in run_of(last).results}
        if all(before[each.candidate] == (each.outcome, each.awarded_cents, each.position) for each in run.results):
            raise NothingFollows(lazy_("Nobody's result would change: no other version is needed."))
        version = next_version(session, phase=phase, actor=actor, now=now)
        ranking = store_run(session, phase=phase, run=run, version=version, actor=actor, now=now, cause=cause,
                            follows_id=last.id, why=words, judgment=judgment)  # fmt: skip
    record(session, at=now, actor=actor, event=Action.RANKING_COMPUTE, subject=ranking, reason=words,
           after={"version": version, "cause": cause, "judgment": judgment, "follows": last.version,
                  "input": ranking.input_sha256, "output": ranking.output_sha256})  # fmt: skip
    return ranking


def publish_rectified(
    session: Session, *, ranking_id: UUID, act_number: str, act_date: date | None, actor: Actor, now: datetime
) -> Ranking:
    """Put a version after the final one in force by its act: it takes its place, and applications their new outcome.

    Raises Outdated where the data behind it have changed in the meantime, Closed where somebody would move up after the
    validity of the ranking.
    """
    ranking, phase = ranking_for_update(session, ranking_id)
    authorise(actor, Action.RANKING_PUBLISH, ranking)
    number, day = checked_act(act_number, act_date, now)
    last = final_of(session, phase.id)
    if not ranking.is_rectifying:
        raise IllegalMove(PUBLISH_RECTIFIED.name, ranking.status)
    if ranking.cause is RankingCause.SCROLLED:
        _still_valid(session, phase, now)
    run_of(ranking)
    given = input_after(session, phase, last, ranking.cause)
    if ranking.follows_id != last.id or digest(input_json(given)) != ranking.input_sha256:
        raise Outdated
    last.make(REPLACE_FINAL, at=now)
    record(session, at=now, actor=actor, event="ranking.superseded", subject=last, before={"status": "final"},
           after={"status": last.status})  # fmt: skip
    ranking.make(PUBLISH_RECTIFIED, at=now)
    ranking.act_number, ranking.act_date, ranking.provisional_at, ranking.final_at = number, day, now, now
    rows = rows_of(session, ranking.id)
    _settle_again(session, rows, actor, now)
    announce_published(session, ranking=ranking, phase=phase, rows=rows, actor=actor, now=now)
    return ranking


def _settle_again(session: Session, rows: Sequence[RankingRow], actor: Actor, now: datetime) -> None:
    """Applications take their new outcome; who has a grant keeps it until that is ended by its own act."""
    apart = set_apart(session, [row.application_id for row in rows])
    for row in rows:
        application, move = row.application, MOVES.get(row.outcome)
        settled = move is None or application.status in LEFT or application.status is move.target
        if move is None or settled or (move in LOSING and row.application_id in apart):
            continue
        before = application.status
        application.make(move, at=now)
        record(session, at=now, actor=actor, event=f"application.{move.name}", subject=application,
               before={"status": before}, after={"status": application.status, "cents": row.awarded_cents})  # fmt: skip
