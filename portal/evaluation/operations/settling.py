"""When the last evaluator is done, the application is scored; where nobody scores, when the ranking is computed."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.rules import SCORE, UNDER_EVALUATION, ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import PhaseStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed
from portal.core.i18n import lazy_
from portal.evaluation.models import Assignment
from portal.evaluation.points import scored
from portal.evaluation.queries.assignments import applications_under_evaluation, assignments_of
from portal.evaluation.rules import LIVE, AssignmentStatus


def still_open(*, assignment: Assignment) -> None:
    """Refuse once the evaluation of the phase is over, or the application left it."""
    application = assignment.application
    is_open = application.phase.status is PhaseStatus.EVALUATION and application.status in UNDER_EVALUATION
    if not is_open:
        raise Closed(lazy_("The evaluation of this application is over: nothing more can be written."))


def settle(session: Session, *, application: Application, actor: Actor, now: datetime) -> None:
    """Mark the application as scored once every evaluator who has not stepped back is done."""
    session.flush()
    live = [each for each in assignments_of(session, [application.id]) if each.status in LIVE]
    done = live and all(each.status is AssignmentStatus.FINALISED for each in live)
    if done and application.status is ApplicationStatus.ADMISSIBLE:
        _scored(session, application, actor, now)


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
