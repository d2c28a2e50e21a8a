"""When the last evaluator is done, the application is scored; where nobody scores, when the ranking is computed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.rules import LEFT, SCORE, UNDER_EVALUATION, ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import PhaseStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed
from portal.core.i18n import lazy_
from portal.evaluation.agreeing import SET_ASIDE
from portal.evaluation.models import AgreedMark, Assignment
from portal.evaluation.points import scored
from portal.evaluation.queries.assignments import applications_under_evaluation
from portal.evaluation.queries.opinions import opinions_of


def still_open(*, assignment: Assignment) -> None:
    """Refuse once the evaluation of the phase is over, or the application left it; what was opened again is open."""
    application = assignment.application
    if assignment.is_reopened and application.status not in LEFT:
        return
    is_open = application.phase.status is PhaseStatus.EVALUATION and application.status in UNDER_EVALUATION
    if not is_open:
        raise Closed(lazy_("The evaluation of this application is over: nothing more can be written."))


def settle(session: Session, *, application: Application, actor: Actor, now: datetime) -> None:
    """Mark the application as scored once every evaluator who has not stepped back is done.

    Where the call asks them to agree, once they do. A mark holds no longer to which somebody assented who left, or did
    not assent who came.
    """
    session.flush()
    session.execute(select(Application.id).where(Application.id == application.id).with_for_update())
    found = opinions_of(session, application)
    for mark in found.marks.values():
        assented = {each.person_id for each in mark.assents}
        if assented - found.evaluators or (found.is_agreed(mark.criterion) and found.evaluators - assented):
            set_aside(session, mark=mark, actor=actor, now=now)
    if found.are_all_final and not found.waiting and application.status is ApplicationStatus.ADMISSIBLE:
        _scored(session, application, actor, now)


def set_aside(session: Session, *, mark: AgreedMark, actor: Actor, now: datetime) -> None:
    """A mark that was proposed or agreed counts no longer."""
    before = mark.status
    mark.make(SET_ASIDE, at=now)
    record(session, at=now, actor=actor, event="agreement.set_aside", subject=mark, before={"status": before},
           after={"status": mark.status})  # fmt: skip


def settle_computed(session: Session, *, phase: Phase, actor: Actor, now: datetime) -> None:
    """Mark every admitted application as scored where the call computes all its criteria: nobody else would."""
    if scored(phase.design):
        return
    for application in applications_under_evaluation(session, phase.id):
        if application.status is ApplicationStatus.ADMISSIBLE:
            _scored(session, application, actor, now)


def _scored(session: Session, application: Application, actor: Actor, now: datetime) -> None:
    before = application.status
    application.make(SCORE, at=now)
    record(session, at=now, actor=actor, event="application.scored", subject=application,
           before={"status": before}, after={"status": application.status})  # fmt: skip
