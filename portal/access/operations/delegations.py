"""Absences: staff hand one of their own roles to a colleague between two days; finance roles take an administrator too.

The person who is away keeps the role. What a stand-in does is recorded with the role and whom they stand in for.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.models import Person, RoleGrant, RoleProposal
from portal.access.operations.receiving import must_be_free_for
from portal.access.operations.role_ends import EndedAlready, close_grant
from portal.access.operations.role_mail import tell_granted, tell_proposed
from portal.access.policy import Action, authorise
from portal.access.queries.held import grant_for_update, hold_person
from portal.access.queries.reach import in_force
from portal.access.queries.roles import authority_for
from portal.access.rules.roles import DELEGABLE, TWO_PERSON_ROLES, absence
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import in_both, lazy_
from portal.core.text import clean_line
from portal.core.unit_of_work import violation

ENDED_EARLY = lazy_("The absence ended earlier.")


class HeldInPerson(Conflict):
    """Some roles nobody else can take over."""

    default = lazy_(
        "This role is held in person and cannot be handed over: a seat on a commission, the company of a coach, the"
        " role of an administrator, and what you yourself hold as a stand-in."
    )


class NotAColleague(Invalid):
    """A stand-in has a role at the same authority already."""

    default = lazy_("Choose a colleague: somebody who has a role at the same authority already.")


class OutlivesTheRole(Invalid):
    """Nobody stands in for a role longer than it is held."""

    default = lazy_("Your own role ends before this day. Choose an earlier one.")


violation("ck_role_grant_nobody_stands_in_for_oneself", lambda: NotAColleague(field="colleague"))


def delegate_role(
    session: Session,
    *,
    grant_id: UUID,
    colleague_id: UUID,
    first_day: date,
    last_day: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> RoleGrant | RoleProposal:
    """Let a colleague stand in for one of the actor's roles from one day to another, both included.

    A role that takes two people becomes a proposal, which an administrator confirms. Raises HeldInPerson,
    NotAColleague, OutlivesTheRole, Invalid on the days, and what `must_be_free_for` raises.
    """
    grant = _own_grant(session, grant_id, actor, now)
    since, until = absence(first_day, last_day, now)
    if grant.until is not None and until > grant.until:
        raise OutlivesTheRole(field="last_day")
    colleague = _colleague(session, colleague_id, grant, now)
    must_be_free_for(
        session, person=colleague, role=grant.role, authority_id=grant.authority_id, since=since, until=until
    )
    _not_twice(session, grant, since, until)
    why = clean_line(reason) or in_both(lazy_("absence"))["it"]
    given = {"person_id": colleague.id, "role": grant.role, "authority_id": grant.authority_id, "since": since,
             "until": until, "stands_in_for": grant.person_id, "reason": why}  # fmt: skip
    if grant.role in TWO_PERSON_ROLES:
        return _propose(session, RoleProposal(**given, proposed_by=grant.person_id, proposed_at=now), actor, now)
    return _hand_over(session, RoleGrant(**given, granted_by=grant.person_id), colleague, actor, now)


def end_delegation(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> RoleGrant:
    """End a stand-in before its time: whoever is stood in for, or whoever stands in. Raises NotFound, EndedAlready."""
    grant = grant_for_update(session, grant_id)
    if grant.stands_in_for is None or actor.person_id not in (grant.stands_in_for, grant.person_id):
        raise NotFound
    if grant.until is not None and grant.until <= now:
        raise EndedAlready
    close_grant(session, grant=grant, reason=in_both(ENDED_EARLY)["it"], actor=actor, now=now)
    return grant


def _own_grant(session: Session, grant_id: UUID, actor: Actor, now: datetime) -> RoleGrant:
    query = select(RoleGrant).where(
        RoleGrant.id == grant_id, RoleGrant.person_id == actor.person_id, in_force(RoleGrant, now)
    )
    grant = session.scalars(query).one_or_none()
    if grant is None:
        raise NotFound
    authorise(actor, Action.ROLE_DELEGATE, grant)
    if grant.role not in DELEGABLE or grant.stands_in_for is not None:
        raise HeldInPerson
    return grant


def _colleague(session: Session, colleague_id: UUID, grant: RoleGrant, now: datetime) -> Person:
    """Somebody else who works at the same authority, locked."""
    here = select(RoleGrant.id).where(
        RoleGrant.person_id == colleague_id, RoleGrant.authority_id == grant.authority_id, in_force(RoleGrant, now),
        RoleGrant.stands_in_for.is_(None),
    )  # fmt: skip
    if colleague_id == grant.person_id or session.scalars(here).first() is None:
        raise NotAColleague(field="colleague")
    return hold_person(session, colleague_id)


def _not_twice(session: Session, grant: RoleGrant, since: datetime, until: datetime) -> None:
    """One stand-in at a time for one role of one person; a proposal that waits counts too."""
    live = select(RoleGrant.id).where(
        RoleGrant.stands_in_for == grant.person_id, RoleGrant.authority_id == grant.authority_id,
        RoleGrant.role == grant.role, RoleGrant.since < until,
        or_(RoleGrant.until.is_(None), RoleGrant.until > since),
    )  # fmt: skip
    waiting = select(RoleProposal.id).where(
        RoleProposal.stands_in_for == grant.person_id, RoleProposal.authority_id == grant.authority_id,
        RoleProposal.role == grant.role, RoleProposal.decided_at.is_(None), RoleProposal.since < until,
        or_(RoleProposal.until.is_(None), RoleProposal.until > since),
    )  # fmt: skip
    if session.scalars(live).first() is not None or session.scalars(waiting).first() is not None:
        raise Invalid(
            lazy_("Somebody stands in for this role in these days already, or waits for confirmation. End that first."),
            "first_day",
        )


def _propose(session: Session, proposal: RoleProposal, actor: Actor, now: datetime) -> RoleProposal:
    session.add(proposal)
    after = {"role": proposal.role, "person": proposal.person_id, "since": proposal.since, "until": proposal.until,
             "stands_in_for": proposal.stands_in_for}  # fmt: skip
    record(session, at=now, actor=actor, event="role.proposed", subject=proposal, after=after, reason=proposal.reason)
    tell_proposed(session, proposal=proposal, authority=authority_for(session, proposal.authority_id), now=now)
    return proposal


def _hand_over(session: Session, grant: RoleGrant, colleague: Person, actor: Actor, now: datetime) -> RoleGrant:
    session.add(grant)
    after = {"role": grant.role, "person": grant.person_id, "since": grant.since, "until": grant.until,
             "stands_in_for": grant.stands_in_for}  # fmt: skip
    record(session, at=now, actor=actor, event="role.delegated", subject=grant, after=after, reason=grant.reason)
    tell_granted(session, grant=grant, person=colleague, authority=authority_for(session, grant.authority_id), now=now)
    return grant
