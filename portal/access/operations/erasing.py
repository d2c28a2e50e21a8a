"""Erasing a person: everywhere, by the tags of columns, so that totals, ledger and trail stay whole (P17)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations.links import void_links
from portal.access.operations.passwords import end_sessions
from portal.access.queries.accounts import WhatHolds, what_holds
from portal.access.queries.own_data import events_about, identity_of
from portal.access.ties import untie_person
from portal.core.actor import Actor
from portal.core.audit import erase_values, record
from portal.core.db import Base
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue
from portal.core.privacy.erasing import Erased, erase

ERASE_JOB = "access.erase_person"


class StillHeld(Conflict):
    """Something of others depends on the person: it is handed over first."""

    default = lazy_("This person cannot be erased yet: somebody must take over first what only they can do.")


def erase_person(session: Session, *, person_id: UUID, actor: Actor, now: datetime, reason: str) -> Erased:
    """Erase one person in every table; what the law keeps stays, by reference to nobody's name.

    `reason` goes into the trail for good and names nobody. Raises StillHeld, with the mend, while they alone represent
    an organisation or hold a staff role; erasing somebody twice does nothing more.
    """
    person = session.get_one(Person, person_id, with_for_update=True)
    if person.erased_at is not None:
        return Erased()
    refuse_while_held(session, person_id=person_id, now=now)
    who = identity_of(session, person, former=True)
    shut(session, person=person, actor=actor, now=now)
    person.erased_at = now
    events = events_about(session, who)
    done = erase(session, Base.metadata, who)
    erase_values(session, actor=actor, now=now, reason=reason, person_id=person_id, event_ids=events)
    subject = session.get_one(Person, person_id)
    record(session, at=now, actor=actor, event="person.erased", subject=subject, after=done.as_figures(), reason=reason)
    return done


def refuse_while_held(session: Session, *, person_id: UUID, now: datetime) -> None:
    """Raise StillHeld, naming what has to be handed over."""
    holding = what_holds(session, person_id, now)
    if holding.anything:
        raise StillHeld(_mend(holding))


def _mend(holding: WhatHolds) -> object:
    if not holding.organisations:
        return lazy_("This person still has a role in an authority: an administrator must end it first.")
    names = ", ".join(each.name for each in holding.organisations)
    return lazy_("Nobody else represents %(names)s: somebody else must be let represent it first.", names=names)


def shut(session: Session, *, person: Person, actor: Actor, now: datetime) -> None:
    """Close the account if it is open: sessions, ties and links end."""
    if person.closed_at is not None:
        return
    end_sessions(session, person=person, actor=actor, now=now)
    untie_person(session, person_id=person.id, now=now)
    void_links(session, person_id=person.id, now=now)
    person.closed_at = now
    person.disabled_at = person.disabled_at or now
    record(session, at=now, actor=actor, event="person.closed", subject=person)


def erase_later(session: Session, *, person_id: UUID, run_at: datetime, now: datetime) -> None:
    """Have the worker erase somebody: the last messages leave first."""
    enqueue(session, ERASE_JOB, now=now, run_at=run_at, person_id=person_id)
