"""The private address of a coach's calendar: made, replaced, read. Whoever has it reads the agenda; nothing else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.coaching.agenda.queries import live_feed
from portal.coaching.models import CalendarFeed
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import NotFound
from portal.core.secrets import SealBroken, seal, unseal

PURPOSE = "coaching feed"


def open_feed(session: Session, *, actor: Actor, now: datetime) -> CalendarFeed:
    """Make a new address; the former one stops in the same instant."""
    if actor.person_id is None:
        raise NotFound
    close_feed(session, actor=actor, now=now)
    row = CalendarFeed(person_id=actor.person_id, made_at=now)
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event="coaching.feed_made", subject=row, after={"made_at": now})
    return row


def close_feed(session: Session, *, actor: Actor, now: datetime) -> None:
    """Revoke the address, if there is one: calendars that use it get nothing more."""
    row = live_feed(session, actor.person_id)
    if row is None:
        return
    row.revoked_at = now
    session.flush()
    record(session, at=now, actor=actor, event="coaching.feed_revoked", subject=row, after={"revoked_at": now})


def address_of(feed: CalendarFeed) -> str:
    """The secret part of the address: it names the row, and nobody can make one up."""
    return seal(str(feed.id), purpose=PURPOSE)


def feed_named(token: str) -> UUID:
    """The row that an address names; NotFound for one that we did not write."""
    try:
        return UUID(unseal(token, purpose=PURPOSE))
    except (SealBroken, ValueError) as error:
        raise NotFound from error
