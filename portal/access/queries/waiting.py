"""What waits for whoever represents an organisation, gathered in one statement; and organisations left alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import case, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from portal.access.models import (
    ConsortiumPartner,
    JoinRequest,
    Organisation,
    OrganisationRegistration,
    Person,
    TieRow,
)
from portal.access.policy import Tie
from portal.access.rules import OrganisationKind


class WaitingFor(StrEnum):
    """An answer that is asked for: to a person, to take part, to lead."""

    REQUEST = "request"
    PLACE = "place"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One answer; `about` names the person who asks, or the consortium."""

    kind: WaitingFor
    organisation_id: UUID
    organisation: str
    about: str


def answers_due(session: Session, owned: Iterable[UUID]) -> list[Waiting]:
    """Who asks to be let into these organisations, and which consortia wait for their word; the oldest first."""
    mine = list(owned)
    if not mine:
        return []
    requests = (
        select(literal(WaitingFor.REQUEST.value), Organisation.id, Organisation.name, Person.name, JoinRequest.asked_at)
        .join(Organisation, Organisation.id == JoinRequest.organisation_id)
        .join(Person, Person.id == JoinRequest.person_id)
        .where(JoinRequest.organisation_id.in_(mine), JoinRequest.decided_at.is_(None))
    )
    consortium = aliased(Organisation)
    kind = case((ConsortiumPartner.agreed_at.is_(None), WaitingFor.PLACE.value), else_=WaitingFor.LEAD.value)
    places = (
        select(kind, Organisation.id, Organisation.name, consortium.name, ConsortiumPartner.since)
        .join(Organisation, Organisation.id == ConsortiumPartner.organisation_id)
        .join(consortium, consortium.id == ConsortiumPartner.consortium_id)
        .where(ConsortiumPartner.organisation_id.in_(mine), ConsortiumPartner.until.is_(None))
        .where(ConsortiumPartner.agreed_at.is_(None) | ConsortiumPartner.lead_offered_at.is_not(None))
    )
    rows = sorted(session.execute(union_all(requests, places)), key=lambda row: row[4])
    return [Waiting(WaitingFor(row[0]), row[1], row[2], row[3]) for row in rows]


def unrepresented_organisations(session: Session, authorities: Iterable[UUID]) -> Sequence[Organisation]:
    """Organisations known to these authorities that nobody with an open account represents, by name."""
    owner = (
        select(TieRow.id)
        .join(Person, Person.id == TieRow.person_id)
        .where(TieRow.object_id == Organisation.id, TieRow.tie == Tie.OWNER, TieRow.until.is_(None))
        .where(Person.disabled_at.is_(None))
    )
    known = select(OrganisationRegistration.organisation_id).where(
        OrganisationRegistration.authority_id.in_(list(authorities))
    )
    query = select(Organisation).where(
        Organisation.id.in_(known), Organisation.kind != OrganisationKind.CONSORTIUM, ~owner.exists()
    )
    return session.scalars(query.order_by(Organisation.name, Organisation.id)).all()
