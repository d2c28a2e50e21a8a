"""Ending roles: from the next request on nobody acts in them; whoever stood in loses the role too."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person, RoleGrant, RoleProposal
from portal.access.operations.receiving import written_reason
from portal.access.operations.role_mail import tell_ended
from portal.access.policy import Action, Role, authorise
from portal.access.queries.held import grant_for_update, hold_authority
from portal.access.queries.reach import in_force, not_ended
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import in_both, lazy_
from portal.core.text import clean_line

ABSENT_LOST_IT = lazy_("The role of the person who was stood in for has ended.")


class EndedAlready(Conflict):
    """A role ends once."""

    default = lazy_("This role has ended already. Reload the page.")


class LastAdministrator(Conflict):
    """An authority keeps at least one administrator; a command on the server can take the last one away."""

    default = lazy_(
        "This is the last administrator of the authority. Let another administrator be granted first, or ask the"
        " operators of the portal."
    )


def end_role(session: Session, *, grant_id: UUID, reason: str, actor: Actor, now: datetime) -> RoleGrant:
    """End a role now, with a reason. Raises EndedAlready, or LastAdministrator (a command may end even that one)."""
    grant = grant_for_update(session, grant_id)
    authorise(actor, Action.ROLE_END, grant)
    if grant.until is not None and grant.until <= now:
        raise EndedAlready
    if not actor.is_system:
        must_leave_an_administrator(session, grants=[grant], now=now)
    close_grant(session, grant=grant, reason=written_reason(reason=clean_line(reason)), actor=actor, now=now)
    end_stand_ins(session, grant=grant, actor=actor, now=now)
    return grant


def close_grant(session: Session, *, grant: RoleGrant, reason: str, actor: Actor, now: datetime) -> None:
    """Date the end of one role, record it and tell its person."""
    before = grant.until
    grant.until, grant.ended_by, grant.end_reason = now, actor.person_id, reason
    after = {"role": grant.role, "person": grant.person_id, "until": now}
    record(session, at=now, actor=actor, event="role.ended", subject=grant, before={"until": before}, after=after,
           reason=reason)  # fmt: skip
    if grant.person_id != actor.person_id:
        tell_ended(session, grant=grant, now=now)


def end_stand_ins(session: Session, *, grant: RoleGrant, actor: Actor, now: datetime) -> None:
    """Whoever stands in for a role that has ended loses it too; what still waits for confirmation is dropped."""
    if grant.stands_in_for is not None:
        return
    reason = in_both(ABSENT_LOST_IT)["it"]
    live = select(RoleGrant).where(
        RoleGrant.stands_in_for == grant.person_id, RoleGrant.authority_id == grant.authority_id,
        RoleGrant.role == grant.role, not_ended(RoleGrant, now),
    )  # fmt: skip
    for stand_in in session.scalars(live.order_by(RoleGrant.id)).all():
        close_grant(session, grant=stand_in, reason=reason, actor=actor, now=now)
    waiting = select(RoleProposal).where(
        RoleProposal.stands_in_for == grant.person_id, RoleProposal.authority_id == grant.authority_id,
        RoleProposal.role == grant.role, RoleProposal.decided_at.is_(None),
    )  # fmt: skip
    for proposal in session.scalars(waiting.order_by(RoleProposal.id)).all():
        proposal.accepted, proposal.decided_at, proposal.decided_by = False, now, actor.person_id
        proposal.decision_reason = reason
        record(session, at=now, actor=actor, event="role.refused", subject=proposal, after={"accepted": False},
               reason=reason)  # fmt: skip


def must_leave_an_administrator(session: Session, *, grants: Sequence[RoleGrant], now: datetime) -> None:
    """Return if the authorities of these roles keep a usable administrator without them. Raises LastAdministrator.

    The authority is locked, so that two administrators do not end each other's role at once.
    """
    ending = [grant.id for grant in grants]
    for authority_id in sorted({grant.authority_id for grant in grants if grant.role is Role.ADMINISTRATOR}):
        hold_authority(session, authority_id)
        others = (
            select(RoleGrant.id)
            .join(Person, Person.id == RoleGrant.person_id)
            .where(RoleGrant.authority_id == authority_id, RoleGrant.role == Role.ADMINISTRATOR)
            .where(in_force(RoleGrant, now), Person.disabled_at.is_(None), RoleGrant.id.not_in(ending))
        )
        if session.scalars(others).first() is None:
            raise LastAdministrator
