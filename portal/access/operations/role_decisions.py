"""The second person: confirming or refusing a proposed role."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person, RoleGrant, RoleProposal
from portal.access.operations.receiving import is_same_person, must_be_free_for, written_reason
from portal.access.operations.role_mail import tell_granted, tell_refused
from portal.access.policy import Action, Role
from portal.access.queries.held import hold_person, proposal_for_update
from portal.access.queries.reach import in_force
from portal.access.queries.roles import authority_for
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_line


class DecidedAlready(Conflict):
    """A proposal is decided once."""

    default = lazy_("This proposal was decided already. Reload the page.")


class SamePerson(Conflict):
    """Who proposed a role, or would receive it, does not confirm it."""

    default = lazy_(
        "Whoever proposed this role, or would receive it, cannot confirm it: another administrator of the same"
        " authority does."
    )


class ProposerIsGone(Conflict):
    """Whoever proposed it could not propose it any more."""

    default = lazy_(
        "Whoever proposed this could not do so any more: their own role has ended, or their account is disabled."
        " Refuse it, and propose it again if it is needed."
    )


class TooLate(Conflict):
    """The days of the proposal have passed."""

    default = lazy_("The days for which this role was proposed have passed. Refuse it, and propose it again if needed.")


def confirm_role(session: Session, *, proposal_id: UUID, actor: Actor, now: datetime) -> RoleGrant:
    """Grant what another person proposed; everything is asked again, as it stands now.

    Raises SamePerson, ProposerIsGone, TooLate, and what `must_be_free_for` raises.
    """
    proposal = proposal_for_update(session, proposal_id, actor, Action.ROLE_CONFIRM)
    _must_be_open(proposal)
    person = hold_person(session, proposal.person_id)
    proposer = session.get_one(Person, proposal.proposed_by)
    if any(is_same_person(session, person_id=actor.person_id, other=other) for other in (proposer, person)):
        raise SamePerson
    since = max(now, proposal.since or now)
    if proposal.until is not None and proposal.until <= since:
        raise TooLate
    _proposer_still_may(session, proposal, now)
    given = {"role": proposal.role, "authority_id": proposal.authority_id, "since": since, "until": proposal.until}
    must_be_free_for(session, person=person, **given)  # type: ignore[arg-type]
    grant = RoleGrant(
        **given, person_id=person.id, granted_by=proposal.proposed_by, confirmed_by=actor.person_id,
        stands_in_for=proposal.stands_in_for, reason=proposal.reason,
    )  # fmt: skip
    session.add(grant)
    _decide(proposal, accepted=True, reason=None, actor=actor, now=now)
    record(session, at=now, actor=actor, event="role.confirmed", subject=proposal, after={"accepted": True})
    after = {"role": grant.role, "person": person.id, "until": grant.until, "proposed_by": grant.granted_by,
             "stands_in_for": grant.stands_in_for}  # fmt: skip
    record(session, at=now, actor=actor, event="role.granted", subject=grant, after=after, reason=grant.reason)
    tell_granted(session, grant=grant, person=person, authority=authority_for(session, grant.authority_id), now=now)
    return grant


def refuse_role(session: Session, *, proposal_id: UUID, reason: str, actor: Actor, now: datetime) -> RoleProposal:
    """Say no, with a reason that reaches whoever proposed it; also how an administrator takes a proposal back."""
    proposal = proposal_for_update(session, proposal_id, actor, Action.ROLE_CONFIRM)
    _must_be_open(proposal)
    _decide(proposal, accepted=False, reason=written_reason(reason=clean_line(reason)), actor=actor, now=now)
    record(session, at=now, actor=actor, event="role.refused", subject=proposal, after={"accepted": False},
           reason=proposal.decision_reason)  # fmt: skip
    if proposal.proposed_by != actor.person_id:
        tell_refused(session, proposal=proposal, now=now)
    return proposal


def withdraw_proposal(session: Session, *, proposal_id: UUID, actor: Actor, now: datetime) -> RoleProposal:
    """Take back what one wanted to hand over oneself, before it was confirmed."""
    proposal = proposal_for_update(session, proposal_id, actor, Action.ROLE_DELEGATE)
    _must_be_open(proposal)
    if proposal.proposed_by != actor.person_id:
        raise NotFound
    _decide(proposal, accepted=False, reason=None, actor=actor, now=now)
    record(session, at=now, actor=actor, event="role.withdrawn", subject=proposal, after={"accepted": False})
    return proposal


def _must_be_open(proposal: RoleProposal) -> None:
    if proposal.decided_at is not None:
        raise DecidedAlready


def _decide(proposal: RoleProposal, *, accepted: bool, reason: str | None, actor: Actor, now: datetime) -> None:
    proposal.accepted, proposal.decision_reason = accepted, reason
    proposal.decided_by, proposal.decided_at = actor.person_id, now


def _proposer_still_may(session: Session, proposal: RoleProposal, now: datetime) -> None:
    """An administrator must still be one; who hands over a role must still hold it, until the end of the absence."""
    needed = proposal.role if proposal.stands_in_for else Role.ADMINISTRATOR
    query = (
        select(RoleGrant.until)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.person_id == proposal.proposed_by, RoleGrant.authority_id == proposal.authority_id)
        .where(RoleGrant.role == needed, RoleGrant.stands_in_for.is_(None), in_force(RoleGrant, now))
        .where(Person.disabled_at.is_(None))
    )
    ends = session.scalars(query).all()
    if proposal.stands_in_for and proposal.until is not None:
        ends = [until for until in ends if until is None or until >= proposal.until]
    if not ends:
        raise ProposerIsGone
