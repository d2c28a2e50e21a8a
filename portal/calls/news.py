"""Telling people of what happened to a call: a job that goes on in batches, and tells nobody twice."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask_babel import force_locale
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.calls.audience import concerned_by
from portal.calls.labels import event_words
from portal.calls.models import CallDelivery, CallEvent, CallSubscription
from portal.calls.operations.following import PURPOSE
from portal.core.i18n import LANGUAGES
from portal.core.mail import send_mail
from portal.core.secrets import seal
from portal.notices.operations import notify

BATCH = 100
"""People told in one transaction."""


def tell_next(session: Session, *, event: CallEvent, now: datetime) -> bool:
    """Tell the next batch of whoever is concerned or follows; whether somebody is left.

    Whoever has an application is led to it and always told; whoever only follows gets a link to stop.
    """
    concerned, following = concerned_by(session, event, now), _following(session, event)
    told = set(session.scalars(select(CallDelivery.person_id).where(CallDelivery.event_id == event.id)))
    left = sorted((concerned.keys() | following.keys()) - told)
    people = session.scalars(select(Person).where(Person.id.in_(left[:BATCH])).order_by(Person.id)).all()
    texts = {language: _in(language, event) for language in LANGUAGES}
    for person in people:
        session.add(CallDelivery(event_id=event.id, person_id=person.id, at=now))
        if person.disabled_at is not None:
            continue
        path = concerned.get(person.id, f"/calls/{event.call.slug}")
        notify(session, people=[person.id], text=texts, path=path, now=now)
        _write(session, event, person, path, following.get(person.id) if person.id not in concerned else None, now)
    session.flush()
    return len(left) > BATCH


def _following(session: Session, event: CallEvent) -> Mapping[UUID, UUID]:
    """Who follows the call or its authority, each with one subscription of theirs (that of the call first)."""
    row = CallSubscription
    query = (
        select(row.person_id, row.id)
        .where(or_(row.call_id == event.call_id, row.authority_id == event.call.authority_id))
        .where(row.until.is_(None), row.since <= event.at)
        .order_by(row.call_id.nulls_first(), row.id)
    )
    return dict(session.execute(query).all())


def _write(
    session: Session, event: CallEvent, person: Person, path: str, subscription: UUID | None, now: datetime
) -> None:
    stop = f"/subscriptions/{seal(str(subscription), purpose=PURPOSE)}" if subscription else None
    send_mail(
        session, to=person.email, template="calls/news", locale=person.locale, now=now, person=person, event=event,
        call=event.call, what=_in(person.locale, event), path=path, unsubscribe=stop,
    )  # fmt: skip


def _in(language: str, event: CallEvent) -> str:
    with force_locale(language):
        return event_words(event)
