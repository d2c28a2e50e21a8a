"""People who come to an organisation, and organisations that act together."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import ConsortiumPartner, Invitation, JoinRequest, Organisation, Person
from portal.access.operations import consortia, invitations
from portal.access.policy import Tie
from portal.access.queries import token_hash
from portal.access.rules import OrganisationKind
from portal.access.rules.members import INVITATION_LASTS
from portal.core.actor import Actor
from portal.core.mail import OutgoingMail
from tests.factories.base import as_actor, join, make_organisation, make_person, number


def acting(session: Session, person: Person, now: datetime) -> dict[str, Any]:
    """What every operation is given."""
    return {"actor": as_actor(session, person, now=now), "now": now}


def make_member(
    session: Session, organisation: Organisation, how: Tie, *, now: datetime, name: str = "", email: str = ""
) -> Person:
    """Somebody who belongs to it."""
    person = make_person(session, now=now, name=name, email=email)
    join(session, person, organisation, how, now=now)
    return person


def make_invitation(
    session: Session, organisation: Organisation, by: Person, *, now: datetime, email: str = "", how: Tie = Tie.EDITOR
) -> str:
    """An open invitation; returns the token of its link."""
    token = f"invitation-{next(number)}"
    session.add(
        Invitation(
            organisation_id=organisation.id, email=email or f"{token}@prova.example", tie=how,
            token_hash=token_hash(token), invited_by=by.id, made_at=now, expires_at=now + INVITATION_LASTS,
        )
    )  # fmt: skip
    session.flush()
    return token


def invite(session: Session, organisation: Organisation, by: Person, email: str, now: datetime, how: Tie) -> str:
    """An invitation as its owner sends it; returns the token in the message."""
    invitations.invite_member(
        session, organisation_id=organisation.id, email=email, tie_offered=how, **acting(session, by, now)
    )
    return link_in_mail(session, email.strip().casefold())


def link_in_mail(session: Session, email: str) -> str:
    """The token of the newest invitation sent to an address."""
    query = select(OutgoingMail.body).where(OutgoingMail.recipient == email).order_by(OutgoingMail.id.desc())
    body = session.scalars(query).first() or ""
    return next(line for line in body.splitlines() if "/invitations/" in line).rpartition("/")[2].strip()


def make_request(session: Session, organisation: Organisation, person: Person, *, now: datetime) -> JoinRequest:
    """Somebody waits to be let in."""
    row = JoinRequest(organisation_id=organisation.id, person_id=person.id, message="Sono Ada.", asked_at=now)
    session.add(row)
    session.flush()
    return row


def make_consortium(
    session: Session, lead: Organisation, owner: Person, *partners: tuple[Organisation, Person], now: datetime,
    name: str = "ATS Cortili",
) -> Organisation:  # fmt: skip
    """A consortium whose partners, each with who represents it, have agreed."""
    made = consortia.form_consortium(session, lead_id=lead.id, name=name, **acting(session, owner, now))
    for partner, represents in partners:
        ask(session, made, partner, owner, now)
        agree(session, made, partner, represents, now)
    return made


def ask(session: Session, consortium: Organisation, partner: Organisation, by: Person, now: datetime) -> None:
    """The lead asks an organisation."""
    consortia.invite_partner(
        session, consortium_id=consortium.id, fiscal_code=partner.fiscal_code or "", **acting(session, by, now)
    )


def agree(session: Session, consortium: Organisation, partner: Organisation, by: Person, now: datetime) -> None:
    """An organisation takes part."""
    consortia.agree_to_consortium(
        session, consortium_id=consortium.id, organisation_id=partner.id, **acting(session, by, now)
    )


def ties_of(actor: Actor, object_id: UUID) -> set[str]:
    """What somebody is to an object."""
    return set(actor.ties_to(object_id))


def name_member_objects(session: Session, organisation: Organisation, by: Person, *, now: datetime) -> dict[str, Any]:
    """What addresses of members and consortia name in the permission matrix."""
    token = make_invitation(session, organisation, by, now=now)
    partner_owner = make_person(session, now=now)
    partner = make_organisation(session, now=now, owner=partner_owner)
    consortium = make_consortium(session, organisation, by, (partner, partner_owner), now=now)
    assert consortium.kind is OrganisationKind.CONSORTIUM
    invitation = select(Invitation.id).where(Invitation.token_hash == token_hash(token))
    return {
        "invitation_id": session.scalars(invitation).one(),
        "invitation_token": token,
        "request_id": make_request(session, organisation, make_person(session, now=now), now=now).id,
        "consortium_id": consortium.id,
        "partner_id": partner.id,
    }


def live_places(session: Session, consortium: Organisation) -> dict[UUID, str]:
    """The organisations of a consortium and what they are in it."""
    query = select(ConsortiumPartner).where(
        ConsortiumPartner.consortium_id == consortium.id, ConsortiumPartner.until.is_(None)
    )
    return {place.organisation_id: place.role.value for place in session.scalars(query)}
