"""A grant stands still for a while, and goes on: each by an act of the office, with its reason."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import IllegalMove, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.instants import Day
from portal.core.written import written
from portal.grants.apart import stand_apart
from portal.grants.changes.queries import suspension_of
from portal.grants.changes.rules import LONGEST_TEXT, GrantResumed, GrantSuspended
from portal.grants.models import Grant, Suspension
from portal.grants.operations.news import tell_grant_team
from portal.grants.queries import grant_to_change
from portal.grants.rules import RESUME, SUSPEND, local_day

WHY = lazy_("Write the reason: the recipient reads it.")


def suspend_grant(
    session: Session, *, grant_id: UUID, reason: str, until: date, actor: Actor, now: datetime
) -> Suspension:
    """Suspend it until a day: meanwhile nothing is reported and no payment is asked for or released."""
    grant = grant_to_change(session, actor, Action.GRANT_SUSPEND, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    SUSPEND.apply(grant.status)
    if until <= local_day(now):
        raise Invalid(lazy_("Write a day to come."), "until")
    said = written(reason, most=LONGEST_TEXT, field="reason", empty=WHY)
    before = grant.status
    row = Suspension(grant_id=grant.id, since=now, until=until, reason=said, suspended_by=actor.person_id)
    session.add(row)
    grant.make(SUSPEND, at=now)
    session.flush()
    record(session, at=now, actor=actor, event="grant.suspend", subject=grant, before={"status": before},
           after={"status": grant.status, "until": until}, reason=said)  # fmt: skip
    announce(session, GrantSuspended(grant_id=grant.id, actor=actor, at=now))
    message = lazy_("The grant %(reference)s is suspended until %(day)s.", reference=grant.reference, day=Day(until))
    tell_grant_team(session, grant=grant, message=message, now=now)
    return row


def resume_grant(session: Session, *, grant_id: UUID, reason: str, actor: Actor, now: datetime) -> Grant:
    """Let it go on; days of milestones and the end stay as they were, and move by a request."""
    grant = grant_to_change(session, actor, Action.GRANT_SUSPEND, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    row = suspension_of(session, grant.id)
    if row is None:
        raise IllegalMove(RESUME.name, str(grant.status))
    said = written(reason, most=LONGEST_TEXT, field="reason", empty=WHY)
    before = grant.status
    grant.make(RESUME, at=now)
    close_suspension(row=row, reason=said, actor=actor, now=now)
    record(session, at=now, actor=actor, event="grant.resume", subject=grant, before={"status": before},
           after={"status": grant.status}, reason=said)  # fmt: skip
    announce(session, GrantResumed(grant_id=grant.id, actor=actor, at=now))
    message = lazy_("The grant %(reference)s goes on.", reference=grant.reference)
    tell_grant_team(session, grant=grant, message=message, now=now)
    return grant


def close_suspension(*, row: Suspension, reason: str, actor: Actor, now: datetime) -> None:
    """It lasts no longer, from now on."""
    row.ended_at, row.ended_by, row.end_reason = now, actor.person_id, reason
