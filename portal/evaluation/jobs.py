"""What the worker does for the evaluation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.jobs import before_slow_work, handler
from portal.evaluation.letters import make_letter
from portal.evaluation.operations.distributing import DISTRIBUTE_JOB, keep_plan, solved
from portal.evaluation.operations.telling import LETTER_JOB


@handler(DISTRIBUTE_JOB)
def distribute_applications(session: Session, *, now: datetime, distribution_id: str) -> None:
    """Work a plan out, holding no lock meanwhile."""
    with before_slow_work(session):
        plan = solved(session, distribution_id=UUID(distribution_id))
    keep_plan(session, distribution_id=UUID(distribution_id), plan=plan, now=now)


@handler(LETTER_JOB)
def tell_by_letter(session: Session, *, now: datetime, ranking_id: str, application_id: str) -> None:
    """Make the letter of outcome of one application."""
    make_letter(session, ranking_id=UUID(ranking_id), application_id=UUID(application_id), now=now)
