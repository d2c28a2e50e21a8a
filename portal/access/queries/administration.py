"""The people an administrator or auditor may know of: the list with its search, one person's page, counts.

Never what people wrote or were given: an administrator looks after accounts and roles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, Person, RoleGrant, RoleProposal, StaffInvitation
from portal.access.policy import Action, Role
from portal.access.queries.reach import (
    authorities_where,
    in_force,
    is_member_of_applicant,
    is_staff_of,
    not_ended,
    was_staff_of,
)
from portal.access.queries.roles import RoleLine, organisations_here, roles_of_person
from portal.access.queries.second_factor import has_factor
from portal.access.queries.sessions import sessions_of
from portal.core.actor import Actor
from portal.core.audit.models import AuditEvent
from portal.core.errors import NotFound

MOST_PEOPLE = 50
ACCOUNT_EVENTS = ("person.disabled", "person.enabled", "person.signed_out")


class Among(StrEnum):
    """Whom a list of people shows."""

    ALL = "all"
    STAFF = "staff"
    APPLICANTS = "applicants"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list: the person and the roles held at the actor's authorities."""

    person: Person
    roles: list[Role]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What the page of a person shows; what staff of other authorities did is left out."""

    person: Person
    roles: list[RoleLine]
    organisations: Sequence[Organisation]
    sessions: int
    has_second_factor: bool
    events: Sequence[AuditEvent]
    is_oneself: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people of one authority hold each role now."""

    authority: Authority
    by_role: dict[Role, int]
    waiting: int


def people_by_name(
    session: Session, actor: Actor, now: datetime, *, text: str = "", among: Among = Among.ALL,
    role: Role | None = None, after: UUID | None = None,
) -> list[PersonRow]:  # fmt: skip
    """Staff of the actor's authorities and members of their applicants, by name, one page from a person on.

    `text` is looked for in names and addresses.
    """
    here = authorities_where(actor, Action.PEOPLE_READ)
    known = {
        Among.ALL: or_(is_staff_of(here, now), is_member_of_applicant(here, now)),
        Among.STAFF: is_staff_of(here, now),
        Among.APPLICANTS: is_member_of_applicant(here, now),
    }
    query = select(Person).where(known[among], Person.erased_at.is_(None))
    if role is not None:
        query = query.where(is_staff_of(here, now, role))
    if text:
        query = query.where(or_(Person.name.icontains(text, autoescape=True),
                                Person.email.icontains(text, autoescape=True)))  # fmt: skip
    if after is not None:
        name = select(Person.name).where(Person.id == after, known[among]).scalar_subquery()
        query = query.where(tuple_(Person.name, Person.id) > tuple_(name, after))
    people = session.scalars(query.order_by(Person.name, Person.id).limit(MOST_PEOPLE + 1)).all()
    roles = _roles_of(session, [person.id for person in people], here, now)
    return [PersonRow(person, roles.get(person.id, [])) for person in people]


def _roles_of(session: Session, people: Sequence[UUID], here: frozenset[UUID], now: datetime) -> dict[UUID, list[Role]]:
    query = select(RoleGrant.person_id, RoleGrant.role).where(
        RoleGrant.person_id.in_(people), RoleGrant.authority_id.in_(here), not_ended(RoleGrant, now)
    )
    found: dict[UUID, list[Role]] = {}
    for person_id, role in session.execute(query.order_by(RoleGrant.role).distinct()):
        found.setdefault(person_id, []).append(role)
    return found


def person_seen(session: Session, person_id: UUID, actor: Actor, action: Action, now: datetime) -> Person:
    """Somebody whom the actor may know of for this action, also former staff; else NotFound, as for nobody."""
    here = authorities_where(actor, action)
    query = select(Person).where(Person.id == person_id)
    query = query.where(or_(was_staff_of(here), is_member_of_applicant(here, now)))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def person_page(session: Session, person_id: UUID, actor: Actor, now: datetime) -> PersonPage:
    """Who somebody is, their roles with everybody who had a hand in them, what happened to the account."""
    person = person_seen(session, person_id, actor, Action.PEOPLE_READ, now)
    here = authorities_where(actor, Action.PEOPLE_READ)
    staff = select(RoleGrant.person_id).where(RoleGrant.authority_id.in_(here))
    events = select(AuditEvent).where(
        AuditEvent.subject_type == Person.__tablename__, AuditEvent.subject_id == person_id,
        AuditEvent.event.in_(ACCOUNT_EVENTS), or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id.in_(staff)),
    )  # fmt: skip
    return PersonPage(
        person=person,
        roles=roles_of_person(session, person_id, here),
        organisations=organisations_here(session, person_id, here, now),
        sessions=len(sessions_of(session, person_id, now)),
        has_second_factor=bool(session.scalar(select(has_factor()).where(Person.id == person_id))),
        events=session.scalars(events.order_by(AuditEvent.sequence.desc())).all(),
        is_oneself=person_id == actor.person_id,
    )


def counts_of_authorities(session: Session, actor: Actor, now: datetime) -> list[Counts]:
    """Each of the actor's authorities by name, with how many people hold each role and how many proposals wait."""
    here = authorities_where(actor, Action.PEOPLE_READ)
    held = (
        select(RoleGrant.authority_id, RoleGrant.role, func.count(RoleGrant.person_id.distinct()))
        .where(RoleGrant.authority_id.in_(here), in_force(RoleGrant, now))
        .group_by(RoleGrant.authority_id, RoleGrant.role)
    )
    by_authority: dict[UUID, dict[Role, int]] = {}
    for authority_id, role, count in session.execute(held):
        by_authority.setdefault(authority_id, {})[role] = int(count)
    open_ones = select(RoleProposal.authority_id, func.count(RoleProposal.id)).where(
        RoleProposal.authority_id.in_(here), RoleProposal.decided_at.is_(None)
    )
    waiting = {key: int(count) for key, count in session.execute(open_ones.group_by(RoleProposal.authority_id))}
    authorities = session.scalars(select(Authority).where(Authority.id.in_(here)).order_by(Authority.name)).all()
    return [Counts(each, by_authority.get(each.id, {}), waiting.get(each.id, 0)) for each in authorities]


def own_authorities(session: Session, actor: Actor, action: Action) -> Sequence[Authority]:
    """The authorities where the actor may do this, by name."""
    query = select(Authority).where(Authority.id.in_(authorities_where(actor, action)))
    return session.scalars(query.order_by(Authority.name, Authority.id)).all()


def address_to_grant(
    session: Session, actor: Actor, now: datetime, *, person_id: UUID | None = None, invitation_id: UUID | None = None
) -> str:
    """The address of somebody whom the actor may know of, or asked to register; empty for nobody. Raises NotFound."""
    if person_id is not None:
        return person_seen(session, person_id, actor, Action.ROLE_GRANT, now).email
    invitation = session.get(StaffInvitation, invitation_id) if invitation_id else None
    if invitation is None or invitation.authority_id not in authorities_where(actor, Action.ROLE_GRANT):
        return ""
    return invitation.email
