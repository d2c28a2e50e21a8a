"""Whoever has a name in the papers of an evaluation: its commission, and the applicants with their people."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.applications.models import Application, Submission
from portal.evaluation.models import Assignment, Commission, CommissionMember, ConflictDeclaration
from portal.evaluation.striking import names_said


def commission_of_papers(session: Session, phase_id: UUID) -> dict[str, str]:
    """Everybody who ever sat, was to score or declared, by id: whoever minutes or reasons may name."""
    of_phase = select(Application.id).where(Application.phase_id == phase_id)
    seats = select(CommissionMember.person_id).join(Commission, Commission.id == CommissionMember.commission_id)
    everybody = union(
        seats.where(Commission.phase_id == phase_id),
        select(Assignment.person_id).where(Assignment.application_id.in_(of_phase)),
        select(ConflictDeclaration.person_id).where(ConflictDeclaration.application_id.in_(of_phase)),
    ).subquery()
    query = select(Person.id, Person.name).where(Person.id.in_(select(everybody.c.person_id))).order_by(Person.id)
    return {str(key): name for key, name in session.execute(query)}


def names_of_applicants(session: Session, phase_id: UUID) -> Iterator[tuple[str, str, list[str]]]:
    """Each application's reference, what its applicant is called, and every other name in what it sent."""
    query = (
        select(Application.reference, Submission.content)
        .join(Submission, Submission.application_id == Application.id)
        .where(Application.phase_id == phase_id)
        .order_by(Submission.id)
    )
    for reference, content in session.execute(query):
        own = _called(content)
        yield reference, own, [each for each in names_said(content) if each != own]


def _called(content: Mapping[str, Any]) -> str:
    return str(content["organisation"].get("name") or "")
