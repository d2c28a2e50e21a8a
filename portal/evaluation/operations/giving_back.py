"""Giving an application back to the evaluator who had stepped back from it, once their conflict is lifted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.rules import UNDER_EVALUATION
from portal.calls.rules import PhaseStatus
from portal.core.actor import Actor
from portal.evaluation.models import Commission
from portal.evaluation.operations.assigning import return_assignment
from portal.evaluation.operations.leaving import score_again
from portal.evaluation.points import evaluators_wanted
from portal.evaluation.queries.assignments import assignments_of
from portal.evaluation.rules import LIVE, AssignmentStatus


def give_back(
    session: Session, *, commission: Commission, application: Application, person_id: UUID, actor: Actor, now: datetime
) -> bool:
    """Give it back where they still vote and it lacks somebody; whether it was. Who took it over keeps it.

    An application that was scored with fewer is to be scored again.
    """
    is_open = application.phase.status is PhaseStatus.EVALUATION and application.status in UNDER_EVALUATION
    if not is_open or person_id not in {each.person_id for each in commission.members}:
        return False
    standing = assignments_of(session, [application.id])
    left = next((each for each in standing if each.person_id == person_id), None)
    has = sum(each.status in LIVE for each in standing)
    if left is None or left.status is not AssignmentStatus.RECUSED or has >= evaluators_wanted(application.design):
        return False
    return_assignment(session, row=left, actor=actor, now=now)
    score_again(session, applications=[application], now=now)
    return True
