"""Suggesting conflicts: the portal says what two sides have in common, a person decides."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.evaluation.models import Commission, ConflictSuggestion, GeneralDeclaration
from portal.evaluation.operations.naming import keep_names
from portal.evaluation.queries.conflicts import barred_pairs
from portal.evaluation.queries.likeness import applicants_compared, evaluators_compared
from portal.evaluation.suggesting import likenesses


def suggest(
    session: Session, *, commission: Commission, people: Sequence[UUID], applications: Sequence[Application],
    now: datetime,
) -> int:  # fmt: skip
    """Compare these people with these applicants and write down what is new; how many.

    Who is in conflict already is compared no more.
    """
    if not people or not applications:
        return 0
    barred = barred_pairs(session, people=people, applications=applications, now=now)
    query = select(ConflictSuggestion.application_id, ConflictSuggestion.person_id, ConflictSuggestion.likeness)
    known = {tuple(row) for row in session.execute(query.where(ConflictSuggestion.person_id.in_(people)))}
    evaluators = evaluators_compared(session, people, commission.id)
    applicants = applicants_compared(session, applications)
    found = [
        (application_id, person_id, likeness)
        for application_id, applicant in applicants.items()
        for person_id, somebody in evaluators.items()
        if (application_id, person_id) not in barred
        for likeness in sorted(likenesses(somebody, applicant))
    ]
    new = [ConflictSuggestion(application_id=application, person_id=person, likeness=likeness, found_at=now)
           for application, person, likeness in found if (application, person, likeness) not in known]  # fmt: skip
    session.add_all(new)
    session.flush()
    for row in new:
        after = {"application": row.application_id, "person": row.person_id, "likeness": row.likeness}
        record(session, at=now, actor=SYSTEM, event="conflict.suggested", subject=row, after=after)
    return len(new)


def ask_about(session: Session, *, commission: Commission, applications: Sequence[Application], now: datetime) -> None:
    """Bring the list of names up to date, and compare what changed with those who declared before."""
    changed = keep_names(session, applications=applications, now=now)
    seated = [member.person_id for member in commission.declaring]
    swore = select(GeneralDeclaration.person_id).where(
        GeneralDeclaration.commission_id == commission.id, GeneralDeclaration.person_id.in_(seated)
    )
    people = session.scalars(swore.order_by(GeneralDeclaration.id)).all() if changed else []
    suggest(session, commission=commission, people=people, applications=changed, now=now)
