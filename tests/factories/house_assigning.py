"""For the house: a plan of who scores what."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.evaluation.distribution import Desk, Plan, fingerprint, outcome_of, written
from portal.evaluation.distribution.status import WORK_OUT
from portal.evaluation.models import Assignment, Distribution


def name_assigning_objects(session: Session, assignment: Assignment, chair: Person, now: datetime) -> dict[str, Any]:
    """A plan that waits to be put into force, and the voting member whose terms are written."""
    document = written([], Desk([assignment.person_id]))
    row = Distribution(
        authority_id=assignment.authority_id, phase_id=assignment.application.phase_id, number=1, status_at=now,
        asked_at=now, seed="", input_document=document, input_sha256=fingerprint(document),
        outcome=outcome_of(Plan([], {}, [])),
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.make(WORK_OUT, at=now)
    return {"distribution_id": row.id, "evaluator_id": chair.id}
