"""What the portal knows of evaluators and applicants, as far as it is compared to suggest conflicts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import ExternalIdentity, Organisation, Person, TieRow
from portal.access.policy import Tie
from portal.access.queries import MEMBER_TIES
from portal.access.queries.consortia import partners_of
from portal.applications.content import canonical
from portal.applications.given import given_in, team_in
from portal.applications.models import Application, Submission
from portal.evaluation.models import GeneralDeclaration
from portal.evaluation.suggesting import Applicant, Place, Somebody, codes_in, domain_of, domains_in

NOTHING: Mapping[str, Any] = {"sections": [], "organisation": {}}


def evaluators_compared(session: Session, people: Sequence[UUID], commission_id: UUID) -> dict[UUID, Somebody]:
    """What is compared of these people: their account, their ties, and what they said of themselves."""
    declared = select(GeneralDeclaration).where(
        GeneralDeclaration.commission_id == commission_id, GeneralDeclaration.person_id.in_(people)
    )
    said = {each.person_id: each for each in session.scalars(declared)}
    identities = select(ExternalIdentity.person_id, ExternalIdentity.fiscal_number)
    codes: dict[UUID, set[str]] = defaultdict(set)
    for person_id, code in session.execute(identities.where(ExternalIdentity.person_id.in_(people))):
        codes[person_id] |= {code} if code else set()
    ties = _ties(session, people)
    persons = session.scalars(select(Person).where(Person.id.in_(people)).order_by(Person.id))
    return {each.id: _somebody(each, said.get(each.id), codes[each.id], ties[each.id]) for each in persons}


def _ties(session: Session, people: Sequence[UUID]) -> dict[UUID, dict[str, set[UUID]]]:
    query = select(TieRow.person_id, TieRow.tie, TieRow.object_id, TieRow.until).where(TieRow.person_id.in_(people))
    found: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for person_id, how, object_id, until in session.execute(query.where(TieRow.tie.in_((*MEMBER_TIES, Tie.COACHES)))):
        kind = "coaches" if how is Tie.COACHES else "was" if until is not None else "is"
        found[person_id][kind].add(object_id)
    return found


def _somebody(
    person: Person, said: GeneralDeclaration | None, codes: set[str], ties: Mapping[str, set[UUID]]
) -> Somebody:
    own = {said.fiscal_code} if said and said.fiscal_code else set()
    return Somebody(
        name=person.name,
        email=person.email,
        codes=frozenset(codes | own),
        home=Place(said.street or "", said.city or "") if said else Place(),
        organisations=(said.organisations or "") if said else "",
        member_of=frozenset(ties["is"]),
        was_member_of=frozenset(ties["was"]),
        coaches=frozenset(ties["coaches"]),
    )


def applicants_compared(session: Session, applications: Sequence[Application]) -> dict[UUID, Applicant]:
    """What is compared of those who apply: the organisation and its partners now, and what was registered last."""
    partners = partners_of(session, [each.organisation for each in applications])
    query = select(Submission.application_id, Submission.content).order_by(Submission.id)
    rows = session.execute(query.where(Submission.application_id.in_([each.id for each in applications])))
    content = {row.application_id: row.content for row in rows}
    return {
        each.id: _applicant(each, partners.get(each.organisation_id, []), content.get(each.id, NOTHING))
        for each in applications
    }


def _applicant(application: Application, partners: Sequence[Organisation], content: Mapping[str, Any]) -> Applicant:
    every = [application.organisation, *partners]
    registered = content["organisation"].get("partners", [])
    seat = Place(application.organisation.address or "", application.organisation.city or "")
    text = canonical(content)
    return Applicant(
        organisation=application.organisation_id,
        names=tuple(dict.fromkeys([each.name for each in every] + [each["name"] for each in registered])),
        partners=frozenset([each.id for each in partners] + [UUID(each["id"]) for each in registered]),
        partner_codes=frozenset(code for each in every for code in (each.fiscal_code, each.vat_number) if code),
        codes=codes_in(text) | {each.fiscal_code for each in every if each.fiscal_code},
        domains=domains_in([text]) | {domain_of(mail) for each in every for mail in (each.email, each.pec) if mail},
        places=(*(Place(each.address or "", each.city or "") for each in every), *_places(content)),
        people=tuple(_people(application.organisation, content, seat)),
        others=frozenset({application.id}),
    )


def _places(content: Mapping[str, Any]) -> Iterator[Place]:
    for each in given_in(content):
        if isinstance(each.value, dict):
            yield _place(each.value)


def _people(organisation: Organisation, content: Mapping[str, Any], seat: Place) -> Iterator[tuple[str, Place]]:
    if organisation.representative_name:
        yield organisation.representative_name, seat
    team = team_in(given_in(content))
    for row in team.rows if team is not None else []:
        homes = [_place(cell) for cell in row.values() if isinstance(cell, dict)]
        yield str(row.get("name") or ""), next((each for each in homes if each.compared), seat)


def _place(value: Mapping[str, Any]) -> Place:
    """An address as a form keeps it (`ADDRESS_PARTS`); nothing of any other answer."""
    street = f"{value.get('street') or ''} {value.get('number') or ''}"
    return Place(street.strip(), str(value.get("municipality") or ""))
