"""Reading staff roles: who holds what, who gave it, who asks for it, who stands in for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from portal.access.models import (
    Authority,
    Organisation,
    OrganisationRegistration,
    Person,
    RoleGrant,
    RoleProposal,
    StaffInvitation,
    TieRow,
)
from portal.access.policy import Action, Role, authorise
from portal.access.queries.people import MEMBER_TIES
from portal.access.queries.reach import authorities_where, in_force, not_ended
from portal.access.rules.roles import DELEGABLE
from portal.core.actor import Actor
from portal.core.errors import NotFound

MOST_ROWS = 50
Granter, Confirmer, Absent, Ender = (aliased(Person) for _ in range(4))
Lines = Select[RoleGrant, Person, str, str, str, str, str]
Proposals = Select[RoleProposal, Person, str, str, str, str]


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role with the names of everybody who had a hand in it; `granted_by` is None for a command on the server."""

    grant: RoleGrant
    person: Person
    authority: str
    granted_by: str | None
    confirmed_by: str | None
    stands_in_for: str | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal with its names; `ones_own`: the reader proposed it, or it is about them."""

    proposal: RoleProposal
    person: Person
    authority: str
    proposed_by: str
    stands_in_for: str | None
    decided_by: str | None
    ones_own: bool


def authority_for(session: Session, authority_id: UUID) -> Authority:
    """One authority, or NotFound."""
    found = session.get(Authority, authority_id)
    if found is None:
        raise NotFound
    return found


def organisations_here(
    session: Session, person_id: UUID, authorities: Iterable[UUID], now: datetime
) -> Sequence[Organisation]:
    """Organisations that registered something with these authorities and to which the person belongs, by name."""
    known = select(OrganisationRegistration.organisation_id).where(
        OrganisationRegistration.authority_id.in_(authorities)
    )
    query = (
        select(Organisation)
        .join(TieRow, TieRow.object_id == Organisation.id)
        .where(TieRow.person_id == person_id, TieRow.tie.in_(MEMBER_TIES), in_force(TieRow, now))
        .where(Organisation.id.in_(known))
        .order_by(Organisation.name, Organisation.id)
    )
    return session.scalars(query).unique().all()


def _lines(*conditions: ColumnElement[bool]) -> Lines:
    return (
        select(RoleGrant, Person, Authority.name, Granter.name, Confirmer.name, Absent.name, Ender.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Authority, Authority.id == RoleGrant.authority_id)
        .outerjoin(Granter, Granter.id == RoleGrant.granted_by)
        .outerjoin(Confirmer, Confirmer.id == RoleGrant.confirmed_by)
        .outerjoin(Absent, Absent.id == RoleGrant.stands_in_for)
        .outerjoin(Ender, Ender.id == RoleGrant.ended_by)
        .where(*conditions)
    )


def _as_lines(session: Session, query: Lines) -> list[RoleLine]:
    return [RoleLine(*row) for row in session.execute(query)]


def _here(actor: Actor) -> ColumnElement[bool]:
    return RoleGrant.authority_id.in_(authorities_where(actor, Action.PEOPLE_READ))


def roles_held(
    session: Session, actor: Actor, now: datetime, *, role: Role | None = None, after: UUID | None = None
) -> list[RoleLine]:
    """Roles in force or yet to begin at the actor's authorities, by name, one page from a row on."""
    query = _lines(_here(actor), not_ended(RoleGrant, now)).order_by(Person.name, RoleGrant.id).limit(MOST_ROWS + 1)
    if role is not None:
        query = query.where(RoleGrant.role == role)
    if after is not None:
        name = select(Person.name).join(RoleGrant, RoleGrant.person_id == Person.id)
        name = name.where(RoleGrant.id == after, _here(actor))
        query = query.where(tuple_(Person.name, RoleGrant.id) > tuple_(name.scalar_subquery(), after))
    return _as_lines(session, query)


def roles_ended(session: Session, actor: Actor, now: datetime, *, after: UUID | None = None) -> list[RoleLine]:
    """Roles that have ended at the actor's authorities, the newest end first, one page from a row on."""
    query = _lines(_here(actor), RoleGrant.until <= now)
    query = query.order_by(RoleGrant.until.desc(), RoleGrant.id.desc()).limit(MOST_ROWS + 1)
    if after is not None:
        until = select(RoleGrant.until).where(RoleGrant.id == after, _here(actor)).scalar_subquery()
        query = query.where(tuple_(RoleGrant.until, RoleGrant.id) < tuple_(until, after))
    return _as_lines(session, query)


def every_role(session: Session, actor: Actor) -> list[RoleLine]:
    """Every role ever held at the actor's authorities, by name, whole."""
    return _as_lines(session, _lines(_here(actor)).order_by(Authority.name, Person.name, RoleGrant.id))


def roles_at(session: Session, authority_id: UUID, now: datetime) -> list[RoleLine]:
    """Roles in force or yet to begin at one authority, by name (for commands)."""
    query = _lines(RoleGrant.authority_id == authority_id, not_ended(RoleGrant, now))
    return _as_lines(session, query.order_by(Person.name, RoleGrant.id))


def grant_in_force(
    session: Session, person_id: UUID, role: Role, authority_id: UUID, now: datetime
) -> RoleGrant | None:
    """The role that somebody holds in their own right at an authority now."""
    query = select(RoleGrant).where(
        RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.authority_id == authority_id,
        RoleGrant.stands_in_for.is_(None), in_force(RoleGrant, now),
    )  # fmt: skip
    return session.scalars(query.order_by(RoleGrant.id)).first()


def roles_of_person(session: Session, person_id: UUID, authorities: Iterable[UUID]) -> list[RoleLine]:
    """Every role that somebody holds or held at these authorities, the newest first."""
    query = _lines(RoleGrant.person_id == person_id, RoleGrant.authority_id.in_(authorities))
    return _as_lines(session, query.order_by(RoleGrant.since.desc(), RoleGrant.id.desc()))


def delegations_of(session: Session, actor: Actor, now: datetime) -> list[RoleLine]:
    """What the actor handed over or stands in for, now or soon, the nearest end first."""
    mine = or_(RoleGrant.stands_in_for == actor.person_id, RoleGrant.person_id == actor.person_id)
    query = _lines(mine, RoleGrant.stands_in_for.is_not(None), not_ended(RoleGrant, now))
    return _as_lines(session, query.order_by(RoleGrant.until, RoleGrant.id))


def own_roles_to_hand_over(session: Session, actor: Actor, now: datetime) -> list[RoleLine]:
    """The roles that the actor holds in their own right now and a colleague may stand in for, by authority."""
    query = _lines(RoleGrant.person_id == actor.person_id, RoleGrant.stands_in_for.is_(None), in_force(RoleGrant, now))
    query = query.where(RoleGrant.role.in_(DELEGABLE))
    return _as_lines(session, query.order_by(Authority.name, RoleGrant.role, RoleGrant.id))


def colleagues(session: Session, actor: Actor, now: datetime) -> Sequence[Person]:
    """People who hold a role now at an authority where the actor does too, by name; disabled ones left out."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.authority_id.in_({authority for _, authority in actor.roles}), in_force(RoleGrant, now))
        .where(Person.id != actor.person_id, Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return session.scalars(query).unique().all()


def _proposals(*conditions: ColumnElement[bool]) -> Proposals:
    return (
        select(RoleProposal, Person, Authority.name, Granter.name, Absent.name, Ender.name)
        .join(Person, Person.id == RoleProposal.person_id)
        .join(Authority, Authority.id == RoleProposal.authority_id)
        .join(Granter, Granter.id == RoleProposal.proposed_by)
        .outerjoin(Absent, Absent.id == RoleProposal.stands_in_for)
        .outerjoin(Ender, Ender.id == RoleProposal.decided_by)
        .where(*conditions)
    )


def _as_proposals(session: Session, query: Proposals, actor: Actor) -> list[ProposalLine]:
    return [
        ProposalLine(
            found, person, authority, proposer, absent, decider,
            ones_own=actor.person_id in (found.proposed_by, found.person_id),
        )
        for found, person, authority, proposer, absent, decider in session.execute(query)
    ]  # fmt: skip


def proposals_waiting(session: Session, actor: Actor, action: Action = Action.PEOPLE_READ) -> list[ProposalLine]:
    """Roles that wait for a second person, where the actor may do this, the oldest first."""
    here = RoleProposal.authority_id.in_(authorities_where(actor, action))
    query = _proposals(here, RoleProposal.decided_at.is_(None))
    return _as_proposals(session, query.order_by(RoleProposal.proposed_at, RoleProposal.id), actor)


def is_proposed(session: Session, *, person_id: UUID, role: Role, authority_id: UUID) -> bool:
    """Whether this role waits for a second person already, for good and not as a stand-in."""
    query = select(RoleProposal.id).where(
        RoleProposal.person_id == person_id, RoleProposal.role == role, RoleProposal.authority_id == authority_id,
        RoleProposal.stands_in_for.is_(None), RoleProposal.decided_at.is_(None),
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def proposals_refused(session: Session, actor: Actor, *, after: UUID | None = None) -> list[ProposalLine]:
    """Proposals at the actor's authorities that were not confirmed, the newest first, one page from a row on."""
    here = RoleProposal.authority_id.in_(authorities_where(actor, Action.PEOPLE_READ))
    query = _proposals(here, RoleProposal.accepted.is_(False))
    query = query.order_by(RoleProposal.decided_at.desc(), RoleProposal.id.desc()).limit(MOST_ROWS + 1)
    if after is not None:
        decided = select(RoleProposal.decided_at).where(RoleProposal.id == after, here).scalar_subquery()
        query = query.where(tuple_(RoleProposal.decided_at, RoleProposal.id) < tuple_(decided, after))
    return _as_proposals(session, query, actor)


def proposals_made(session: Session, actor: Actor) -> list[ProposalLine]:
    """What the actor wants to hand over and waits for a second person, the oldest first."""
    query = _proposals(RoleProposal.stands_in_for == actor.person_id, RoleProposal.decided_at.is_(None))
    return _as_proposals(session, query.order_by(RoleProposal.proposed_at, RoleProposal.id), actor)


def proposal_line(session: Session, proposal_id: UUID, actor: Actor, action: Action) -> ProposalLine:
    """One proposal with its names, for this action, or NotFound."""
    found = _as_proposals(session, _proposals(RoleProposal.id == proposal_id), actor)
    if not found:
        raise NotFound
    authorise(actor, action, found[0].proposal)
    return found[0]


def role_line(session: Session, grant_id: UUID, actor: Actor, action: Action) -> RoleLine:
    """One role with its names, for this action, or NotFound."""
    found = _as_lines(session, _lines(RoleGrant.id == grant_id))
    if not found:
        raise NotFound
    authorise(actor, action, found[0].grant)
    return found[0]


def open_invitations(session: Session, actor: Actor) -> Sequence[tuple[StaffInvitation, Person | None]]:
    """Addresses that the actor's authorities asked to register, with the account they have by now, the oldest first."""
    query = (
        select(StaffInvitation, Person)
        .outerjoin(Person, Person.email == StaffInvitation.email)
        .where(StaffInvitation.authority_id.in_(authorities_where(actor, Action.ROLE_GRANT)))
        .where(StaffInvitation.closed_at.is_(None))
        .order_by(StaffInvitation.invited_at, StaffInvitation.id)
    )
    return [(invitation, person) for invitation, person in session.execute(query)]
