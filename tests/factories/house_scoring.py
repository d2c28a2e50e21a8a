"""For the house: a mark proposed for an application, and a question that its evaluator asked."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.evaluation.models import AgreedMark, Assignment, Clarification


def name_scoring_objects(session: Session, assignment: Assignment, now: datetime) -> dict[str, Any]:
    """The objects of the pages on which marks are agreed and questions decided."""
    about = {"authority_id": assignment.authority_id, "application_id": assignment.application_id, "status_at": now}
    mark = AgreedMark(
        **about, criterion="impact", version=1, given_hundredths=1000, reason="Insieme", proposed_at=now,
        rapporteur_id=assignment.person_id,
    )  # fmt: skip
    asked = Clarification(**about, asked_by=assignment.person_id, asked_at=now, question="Quante persone?")
    session.add_all([mark, asked])
    session.flush()
    return {"mark_id": mark.id, "clarification_id": asked.id}
