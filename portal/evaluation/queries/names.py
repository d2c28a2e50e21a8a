"""What readers of an explanation call evaluators, criteria and lines: by name for staff, by number for applicants."""

import hashlib
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Organisation, Person
from portal.applications.models import Application
from portal.calls.rules import CallDesign
from portal.core.i18n import in_language
from portal.evaluation.ranking import RankingInput


def evaluator_names(session: Session, given: RankingInput) -> dict[str, str]:
    """Evaluators of a ranking by name."""
    keys = {UUID(each.evaluator) for each in given.assignments}
    query = select(Person.id, Person.name).where(Person.id.in_(keys)).order_by(Person.id)
    return {str(person_id): name for person_id, name in session.execute(query)}


def evaluator_numbers(given: RankingInput, application_id: UUID, language: str) -> dict[str, str]:
    """Evaluators of one application by a number that tells nothing of who they are (P12)."""
    mine = {each.evaluator for each in given.assignments if each.candidate == str(application_id)}
    shuffled = sorted(mine, key=lambda each: hashlib.sha256(f"{application_id}{each}".encode()).hexdigest())
    word = "Evaluator" if language == "en" else "Commissario"
    return {each: f"{word} {number}" for number, each in enumerate(shuffled, 1)}


def applicant_names(session: Session, phase_id: UUID) -> dict[UUID, str]:
    """The applicants of a phase by application, as they are called now."""
    query = select(Application.id, Organisation.name).join(Organisation, Organisation.id == Application.organisation_id)
    return {row.id: row.name for row in session.execute(query.where(Application.phase_id == phase_id))}


def names_of_design(design: CallDesign, language: str) -> dict[str, str]:
    """Criteria, budget lines and areas by the words of the call."""
    lines = {each.key: in_language(each.name, language) for each in design.budget_lines}
    criteria = {each.key: in_language(each.name, language) for each in design.criteria}
    return {each.key: each.name for each in design.areas} | lines | criteria
