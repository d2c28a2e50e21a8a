"""What is known of an applicant, for the conditions of forms and of eligibility (questionnaires.rules.FACTS)."""

from collections.abc import Container, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.access.queries.members import members_of
from portal.access.rules import OrganisationKind
from portal.access.rules.facts import local_day
from portal.calls.rules import CallDesign
from portal.questionnaires.rules import FACTS, Condition, Facts, FactValue, Form, facts_in
from portal.questionnaires.rules.facts import FactType

MEMBERS, ORGANISATIONS = "applicant.members", "applicant.organisations"


def facts_of(
    session: Session, organisation: Organisation, at: datetime, named: Container[str] = FACTS
) -> dict[str, FactValue]:
    """The facts of an organisation on the day of an instant; its people are counted only where they are named."""
    founded = organisation.incorporated_on or organisation.founded_on
    facts: dict[str, FactValue] = {
        "applicant.kind": organisation.kind.value,
        "applicant.form": organisation.legal_form.value,
        "applicant.is_incorporated": organisation.kind is OrganisationKind.LEGAL_ENTITY,
        "applicant.age_months": months_between(founded, local_day(at)) if founded else None,
        "applicant.province": organisation.province,
        ORGANISATIONS: len(organisation.partners) if organisation.is_consortium else 1,
        "applicant.has_vat_number": organisation.vat_number is not None,
        "applicant.is_in_runts": organisation.runts_number is not None,
    }
    if MEMBERS in named:
        facts[MEMBERS] = len(members_of(session, organisation.id))
    return facts


def months_between(begun: date, day: date) -> int:
    """Whole months from one day to another; none before it."""
    months = (day.year - begun.year) * 12 + day.month - begun.month - (day.day < begun.day)
    return max(0, months)


def facts_named(form: Form, design: CallDesign) -> set[str]:
    """The facts that the conditions of a form, and the rules, duties and criteria of its call, name."""
    duties = {MEMBERS} if any(rule.minimum_members for rule in design.applicants) else set()
    criteria = [each.when for each in design.criteria if each.when is not None]
    conditions = [*_conditions(form), *(rule.when for rule in design.eligibility), *criteria]
    return duties | {name for condition in conditions for name in facts_in(condition)}


def members_counted(facts: Facts) -> int | None:
    """How many people the applicant has here; None where nobody asked."""
    found = facts.get(MEMBERS)
    return found if isinstance(found, int) else None


def known(facts: Facts) -> dict[str, str]:
    """Facts as plain text, to be frozen; those that are not known are left out."""
    return {name: str(value) for name, value in facts.items() if value is not None}


def told(frozen: Mapping[str, str]) -> dict[str, FactValue]:
    """Frozen facts as conditions compare them; those that the portal no longer knows are left out."""
    return {name: _told(FACTS[name].type, value) for name, value in frozen.items() if name in FACTS}


def _told(kind: FactType, value: str) -> FactValue:
    if kind is FactType.NUMBER:
        return int(value)
    return value == str(True) if kind is FactType.YES_NO else value


def _conditions(form: Form) -> Iterator[Condition]:
    for section in form.sections:
        yield from (each for each in (section.when, *(question.when for question in section.questions)) if each)
