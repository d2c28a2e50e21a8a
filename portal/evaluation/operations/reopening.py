"""Opening final scores again, by an act: the only way in which they ever change (`domain.md` §1.2, re-scoring)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.models import Application
from portal.applications.rules import LEFT, SCORE_AGAIN, ApplicationStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_text, is_blank
from portal.evaluation.models import Assignment, Ranking, ScoreReopening
from portal.evaluation.operations.ranking_runs import supersede
from portal.evaluation.operations.settling import set_aside
from portal.evaluation.points import LONGEST_REASON, scored
from portal.evaluation.queries.assignments import sheet_of
from portal.evaluation.queries.matters import assignment_for_chair
from portal.evaluation.queries.opinions import opinions_of
from portal.evaluation.rules import REOPEN, RankingStatus
from portal.evaluation.terms import checked_act
from portal.notices.operations import notify

TOLD = {
    "it": "Punteggi già definitivi sono stati riaperti con un atto motivato: vanno scritti di nuovo.",
    "en": "Scores that were final have been opened again by a reasoned act: they are to be written anew.",
}


def reopen_scores(
    session: Session, *, assignment_id: UUID, criteria: Sequence[str] | None, reason: str, act_number: str,
    act_date: date | None, actor: Actor, now: datetime,
) -> ScoreReopening:  # fmt: skip
    """Open a final sheet to its evaluator again, whole or for some criteria; the sheet stays, the new one beside it.

    Before the ranking is published the application is scored no longer, and a drafted ranking is set aside; after a
    judgment ("now for then") nothing published changes until a rectified version is. Nobody opens their own.
    """
    assignment = assignment_for_chair(session, assignment_id, actor, Action.SCORE_REOPEN)
    _must_not_be_own(assignment, actor)
    application = assignment.application
    if application.status in LEFT:
        raise Closed(lazy_("This application has left the call: nothing more can be written."))
    number, day = checked_act(act_number, act_date, now)
    row = ScoreReopening(
        assignment_id=assignment.id, sheet_id=_last_sheet(session, assignment), reason=_why(reason),
        criteria=_named(assignment, criteria), act_number=number, act_date=day, reopened_at=now,
        reopened_by=actor.person_id,
    )  # fmt: skip
    session.add(row)
    before = assignment.status
    assignment.make(REOPEN, at=now)
    record(session, at=now, actor=actor, event=Action.SCORE_REOPEN, subject=assignment, before={"status": before},
           after={"status": assignment.status, "criteria": row.criteria, "act": number, "date": day},
           reason=row.reason)  # fmt: skip
    _undo(session, application, row.criteria, actor, now)
    notify(session, people=[assignment.person_id], text=TOLD, path=f"/scoring/{assignment.id}", now=now)
    return row


def _must_not_be_own(assignment: Assignment, actor: Actor) -> None:
    if assignment.person_id == actor.person_id:
        raise Conflict(lazy_("These are your own scores: somebody else of the commission or the office opens them."))


def _last_sheet(session: Session, assignment: Assignment) -> UUID:
    sheet = sheet_of(session, assignment)
    if sheet is None or not assignment.is_final:
        raise Conflict(lazy_("These scores are not final: their evaluator can still change them."))
    return sheet.id


def _why(reason: str) -> str:
    words = clean_text(reason)
    if is_blank(words) or len(words) > LONGEST_REASON:
        raise Invalid(lazy_("Write why, in at most %(count)d characters.", count=LONGEST_REASON), "reason")
    return words


def _named(assignment: Assignment, criteria: Sequence[str] | None) -> list[str]:
    """The criteria in the order of the call; every one where none is named."""
    known = [each.key for each in scored(assignment.application.design)]
    if criteria is not None and (not criteria or set(criteria) - set(known)):
        raise Invalid(lazy_("Choose at least one of the criteria that evaluators score."), "criteria")
    return [each for each in known if criteria is None or each in criteria]


def _undo(session: Session, application: Application, criteria: Sequence[str], actor: Actor, now: datetime) -> None:
    """Whatever followed from these scores and was not published yet."""
    for mark in opinions_of(session, application).marks.values():
        if mark.criterion in criteria:
            set_aside(session, mark=mark, actor=actor, now=now)
    if application.status is not ApplicationStatus.SCORED:
        return
    before = application.status
    application.make(SCORE_AGAIN, at=now)
    record(session, at=now, actor=actor, event="application.score_again", subject=application,
           before={"status": before}, after={"status": application.status})  # fmt: skip
    query = select(Ranking).where(Ranking.phase_id == application.phase_id, Ranking.status == RankingStatus.DRAFTED)
    for ranking in session.scalars(query.order_by(Ranking.version)).all():
        supersede(session, ranking=ranking, actor=actor, now=now)
