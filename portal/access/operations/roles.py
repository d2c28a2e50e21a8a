"""Staff roles: granted at once or proposed and confirmed by two people, dated, ended. Nobody grants to oneself."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Authority, Person, RoleGrant, RoleProposal
from portal.access.operations.administration import close_invitations
from portal.access.operations.receiving import is_same_person, must_be_free_for, must_be_known, written_reason
from portal.access.operations.role_mail import tell_granted, tell_proposed
from portal.access.policy import STAFF, Action, Role, authorise
from portal.access.queries import person_by_email
from portal.access.queries.held import hold_person
from portal.access.queries.roles import authority_for, is_proposed
from portal.access.rules.roles import TWO_PERSON_ROLES, checked_end
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.unit_of_work import violation


class GrantsToOneself(Conflict):
    """Nobody grants a role to themselves."""

    default = lazy_("Nobody grants a role to themselves, nor to a second account of theirs: ask another administrator.")


class TakesTwoPeople(Conflict):
    """A finance or administrator role asked for as if one person could grant it."""

    default = lazy_("This role takes two people: one administrator proposes it, another confirms it.")


class WaitsAlready(Conflict):
    """One proposal at a time for one role of one person."""

    default = lazy_("This role was proposed for this person already: it waits for another administrator.")


class NoAccount(Invalid):
    """A role is granted to an account, never to an address alone."""

    default = lazy_("No account has this address. Check it, or send an invitation to register.")


violation("ck_role_grant_nobody_grants_to_oneself", GrantsToOneself)
violation("ck_role_grant_two_people", TakesTwoPeople)
violation("ck_role_grant_grave_roles_by_two_people", TakesTwoPeople)
violation("ck_role_proposal_nobody_proposes_oneself", GrantsToOneself)
violation("ck_role_proposal_nobody_accepts_oneself", GrantsToOneself)
violation("ck_role_proposal_two_people", TakesTwoPeople)


def give_role(
    session: Session,
    *,
    email: str,
    role: Role,
    authority_id: UUID,
    last_day: date | None,
    reason: str,
    knows: bool,
    actor: Actor,
    now: datetime,
) -> RoleGrant | RoleProposal:
    """What an administrator asks for somebody by address: the role itself, or a proposal where it takes two people.

    Raises NoAccount for an address without account, BelongsToApplicants unless the administrator `knows`.
    """
    authorise(actor, Action.ROLE_GRANT, authority_for(session, authority_id))
    why, until = written_reason(reason=clean_line(reason)), checked_end(last_day, now)
    person = person_by_email(session, email)
    if person is None or person.erased_at is not None:
        raise NoAccount(field="email")
    if is_same_person(session, person_id=actor.person_id, other=person):
        raise GrantsToOneself
    must_be_known(session, person=person, role=role, authority_id=authority_id, knows=knows, now=now)
    given = {"person_id": person.id, "role": role, "authority_id": authority_id, "until": until, "reason": why}
    close_invitations(session, email=person.email, authority_id=authority_id, actor=actor, now=now)
    if role in TWO_PERSON_ROLES:
        return propose_role(session, **given, actor=actor, now=now)  # type: ignore[arg-type]
    return grant_role(session, **given, actor=actor, now=now)  # type: ignore[arg-type]


def grant_role(
    session: Session,
    *,
    person_id: UUID,
    role: Role,
    authority_id: UUID,
    actor: Actor,
    now: datetime,
    until: datetime | None = None,
    reason: str | None = None,
) -> RoleGrant:
    """Give a staff role in one authority; nobody grants to oneself, nor alone what takes two people (also CHECKs).

    A command on the server grants whatever it is asked: so the first administrators come in.
    """
    authority, person = _both(session, authority_id, person_id, role, actor)
    if role in TWO_PERSON_ROLES and not actor.is_system:
        raise TakesTwoPeople
    must_be_free_for(session, person=person, role=role, authority_id=authority_id, since=now, until=until)
    grant = RoleGrant(
        person_id=person.id, role=role, authority_id=authority.id, granted_by=actor.person_id, since=now, until=until,
        reason=reason,
    )  # fmt: skip
    session.add(grant)
    after = {"role": role, "person": person.id, "until": until}
    record(session, at=now, actor=actor, event="role.granted", subject=grant, after=after, reason=reason)
    if not actor.is_system:
        tell_granted(session, grant=grant, person=person, authority=authority, now=now)
    return grant


def propose_role(
    session: Session,
    *,
    person_id: UUID,
    role: Role,
    authority_id: UUID,
    until: datetime | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> RoleProposal:
    """Propose a role that takes two people; the other administrators are told by mail."""
    authority, person = _both(session, authority_id, person_id, role, actor)
    if actor.person_id is None:
        raise Forbidden
    must_be_free_for(session, person=person, role=role, authority_id=authority_id, since=now, until=until)
    if is_proposed(session, person_id=person.id, role=role, authority_id=authority_id):
        raise WaitsAlready
    proposal = RoleProposal(
        person_id=person.id, authority_id=authority.id, role=role, until=until, reason=reason,
        proposed_by=actor.person_id, proposed_at=now,
    )  # fmt: skip
    session.add(proposal)
    after = {"role": role, "person": person.id, "until": until}
    record(session, at=now, actor=actor, event="role.proposed", subject=proposal, after=after, reason=reason)
    tell_proposed(session, proposal=proposal, authority=authority, now=now)
    return proposal


def _both(session: Session, authority_id: UUID, person_id: UUID, role: Role, actor: Actor) -> tuple[Authority, Person]:
    """The authority where the actor may grant, and the person, locked."""
    authority = authority_for(session, authority_id)
    authorise(actor, Action.ROLE_GRANT, authority)
    if role not in STAFF:
        raise Invalid(lazy_("Choose a role."), "role")
    person = hold_person(session, person_id)
    if is_same_person(session, person_id=actor.person_id, other=person):
        raise GrantsToOneself
    return authority, person
