"""Roles with everybody who had a hand in them: administrators, proposals, stand-ins, invitations."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority, Person, RoleGrant, RoleProposal, StaffInvitation
from portal.access.operations import delegations, roles
from portal.access.operations.organisations import know_organisation
from portal.access.policy import Role
from tests.factories.base import as_actor, make_authority, make_organisation, make_person, make_staff


def make_administrators(session: Session, authority: Authority, *, now: datetime) -> tuple[Person, Person]:
    """The two who bring in everybody else."""
    names = ("Anna Adige", "Bruno Brenta")
    first, second = (make_staff(session, authority, Role.ADMINISTRATOR, now=now, name=name) for name in names)
    return first, second


def make_stand_in(session: Session, grant: RoleGrant, colleague: Person, *, now: datetime, days: int = 5) -> RoleGrant:
    """Somebody stands in for a role from now on."""
    row = RoleGrant(
        person_id=colleague.id, role=grant.role, authority_id=grant.authority_id, granted_by=grant.person_id,
        stands_in_for=grant.person_id, since=now, until=now + timedelta(days=days), reason="Ferie",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def make_proposal(
    session: Session, authority: Authority, person: Person, *, by: Person, now: datetime,
    role: Role = Role.FINANCE_MAKER, stands_in_for: UUID | None = None,
) -> RoleProposal:  # fmt: skip
    """A role that waits for a second person."""
    row = RoleProposal(
        person_id=person.id, authority_id=authority.id, role=role, reason="Nuovo incarico", proposed_by=by.id,
        proposed_at=now, stands_in_for=stands_in_for, until=now + timedelta(days=14) if stands_in_for else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def make_staff_invitation(session: Session, authority: Authority, *, by: Person, now: datetime, email: str) -> UUID:
    """An address that was asked to register."""
    row = StaffInvitation(authority_id=authority.id, email=email, invited_by=by.id, invited_at=now)
    session.add(row)
    session.flush()
    return row.id


def name_roles(session: Session, authority: Authority, people: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """For the permission matrix: the officer's stand-in, what the officer wants to hand over, an invitation."""
    officer = people["officer"]
    colleague = make_person(session, now=now)
    grant = RoleGrant(person_id=officer.id, role=Role.OFFICER, authority_id=authority.id, since=now)
    proposal = make_proposal(session, authority, colleague, by=officer, now=now, stands_in_for=officer.id)
    address = f"invito-{authority.code}@prova.example"
    return {
        "role_grant_id": make_stand_in(session, grant, colleague, now=now).id,
        "role_proposal_id": proposal.id,
        "staff_invitation_id": make_staff_invitation(
            session, authority, by=people["administrator"], now=now, email=address
        ),
    }


class City:
    """An authority with two administrators, an officer and somebody without a role."""

    def __init__(self, session, now, code="bari"):
        self.session, self.now = session, now
        self.authority = make_authority(session, code=code)
        self.first, self.second = make_administrators(session, self.authority, now=now)
        self.officer = make_staff(session, self.authority, Role.OFFICER, now=now, name="Olga Oglio")
        self.person = make_person(session, now=now, name="Piero Po")

    def by(self, person: Person, now=None) -> dict:
        at = now or self.now
        return {"actor": as_actor(self.session, person, now=at), "now": at}

    def give(self, role: Role, *, by: Person | None = None, **more) -> RoleGrant | RoleProposal:
        asked: dict[str, Any] = {
            "email": self.person.email, "role": role, "authority_id": self.authority.id, "last_day": None,
            "reason": "Nuovo incarico", "knows": False,
        } | more  # fmt: skip
        return roles.give_role(self.session, **asked, **self.by(by or self.first))

    def holds(self, person: Person, role: Role, at=None) -> bool:
        actor = as_actor(self.session, person, now=at or self.now)
        return (role.value, self.authority.id) in actor.roles

    def grant_of(self, person: Person, role: Role) -> RoleGrant:
        query = select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.role == role)
        return self.session.scalars(query.where(RoleGrant.stands_in_for.is_(None))).one()

    def hand_over(self, person: Person, to: Person, role: Role, *, days: int = 10, first: date | None = None):
        day = first or self.now.date()
        return delegations.delegate_role(
            self.session, grant_id=self.grant_of(person, role).id, colleague_id=to.id, first_day=day,
            last_day=day + timedelta(days=days), reason="Ferie", **self.by(person),
        )  # fmt: skip


class Office:
    """Bari with two administrators, an officer and a member of an applicant; Torino with people of its own."""

    def __init__(self, session, now):
        self.bari, self.torino = make_authority(session), make_authority(session, code="torino", name="Città di Torino")
        self.first, self.second = make_administrators(session, self.bari, now=now)
        self.officer = make_staff(session, self.bari, Role.OFFICER, now=now, name="Olga Oglio")
        self.member = make_person(session, now=now, name="Mara Mincio")
        self.applicant = make_organisation(session, now=now, owner=self.member, name="Orti di quartiere")
        know_organisation(session, organisation_id=self.applicant.id, authority_id=self.bari.id, now=now)
        self.stranger = make_staff(session, self.torino, Role.OFFICER, now=now, name="Stefano Stura")
        self.nobody = make_person(session, now=now, name="Nino Nera")
