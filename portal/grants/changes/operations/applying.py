"""A change that was granted comes into force: a new version of the plan, and whoever keeps its parts follows."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.events import announce
from portal.grants.changes.operations.planning import next_version
from portal.grants.changes.rules import Change, Extension, GrantAmended
from portal.grants.models import Amendment, Grant, PlanVersion


def put_in_force(session: Session, *, grant: Grant, row: Amendment, actor: Actor, now: datetime) -> PlanVersion:
    """What a request asks. Raises Invalid where the plan has changed so that it no longer fits."""
    return apply_change(session, grant=grant, change=row.change, actor=actor, now=now, row=row)


def apply_change(
    session: Session, *, grant: Grant, change: Change, actor: Actor, now: datetime, row: Amendment | None = None
) -> PlanVersion:
    """A change of the plan by whoever may make it."""
    version = next_version(
        session, grant=grant, change=change, actor=actor, now=now, amendment_id=row.id if row else None
    )
    if isinstance(change, Extension):
        grant.ends_on = change.ends_on
    announce(session, GrantAmended(grant_id=grant.id, change=change, actor=actor, at=now))
    return version
