"""What readers of an explanation call evaluators, criteria and lines: by name for staff, by number for applicants."""

import hashlib
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.labels import KINDS
from portal.access.models import Organisation, Person
from portal.applications.models import Application
from portal.calls.rules import CallDesign
from portal.calls.rules.validity.uses import form_of, questions_of
from portal.core.i18n import in_both, in_language
from portal.evaluation.declared import ranking_names
from portal.evaluation.queries.keys import Keys, raw
from portal.evaluation.ranking import RankingInput
from portal.questionnaires.rules import condition_in_words


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


def applicant_names(session: Session, phase_id: UUID) -> dict[str, str]:
    """The applicants of a phase by application, as they are called now."""
    keys = Keys()
    query = select(raw(Application.id), Organisation.name).join(
        Organisation, Organisation.id == Application.organisation_id
    )
    rows = session.execute(query.where(Application.phase_id == phase_id))
    return {keys[application]: name for application, name in rows}


def names_of_design(design: CallDesign, language: str) -> dict[str, str]:
    """Criteria, rankings, lines, areas, kinds of applicant, tagged answers and conditions by the words of the call."""
    kinds = {kind.value: in_both(words)[language] for kind, words in KINDS.items()}
    criteria = {each.key: in_language(each.name, language) for each in design.criteria}
    return kinds | _tags(design, language) | ranking_names(design, language) | criteria | _conditions(design, language)


def _tags(design: CallDesign, language: str) -> dict[str, str]:
    """The first question or column with each tag, as it is asked."""
    first = {tag: asked[0] for tag, asked in form_of(design).by_tag.items()}
    return {tag: in_language((column or question).label, language) for tag, (question, column) in first.items()}


def _conditions(design: CallDesign, language: str) -> dict[str, str]:
    """What each bonus is given for, as `when:KEY`."""
    questions, areas = questions_of(design), {each.key: each.name for each in design.areas}
    return {
        f"when:{each.key}": in_both(condition_in_words(each.when, questions, areas))[language]
        for each in design.criteria
        if each.when is not None
    }
