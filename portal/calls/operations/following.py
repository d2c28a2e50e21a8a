"""Following a call or every call of an authority, and no longer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, Guard, authorise
from portal.calls.models import Call, CallSubscription
from portal.calls.queries.publication import live_subscription, subscription_for_update
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, NotFound
from portal.core.secrets import SealBroken, unseal

PURPOSE = "calls.unsubscribe"


class _Anything:
    """What may be followed is public."""

    guard = Guard(is_public=True)


def follow(
    session: Session, *, actor: Actor, now: datetime, call_id: UUID | None = None, authority_id: UUID | None = None
) -> CallSubscription:
    """Hear of one call, or of every call of an authority; the second time changes nothing."""
    authorise(actor, Action.CALL_FOLLOW, _Anything())
    if actor.person_id is None:
        raise Forbidden
    if not _is_public(session, call_id, authority_id):
        raise NotFound
    found = live_subscription(session, actor.person_id, call_id=call_id, authority_id=authority_id)
    if found is not None:
        return found
    row = CallSubscription(person_id=actor.person_id, call_id=call_id, authority_id=authority_id, since=now)
    session.add(row)
    session.flush()
    after = {"call": call_id, "authority": authority_id}
    record(session, at=now, actor=actor, event=Action.CALL_FOLLOW, subject=row, after=after)
    return row


def _is_public(session: Session, call_id: UUID | None, authority_id: UUID | None) -> bool:
    """Whether everybody may see it: what is rehearsed reaches nobody's inbox, not even the office's own."""
    call = session.get(Call, call_id) if call_id else None
    authority = session.get(Authority, authority_id) if authority_id else None
    return bool((call and call.is_public) or (authority and not authority.is_twin))


def stop_following(session: Session, *, subscription_id: UUID, actor: Actor, now: datetime) -> CallSubscription:
    """End one's own subscription; NotFound for anybody else's."""
    row = subscription_for_update(session, subscription_id)
    authorise(actor, Action.CALL_FOLLOW, _Anything())
    if row is None or row.person_id != actor.person_id:
        raise NotFound
    return _end(session, row, actor, now)


def stop_by_link(session: Session, *, token: str, actor: Actor, now: datetime) -> CallSubscription:
    """End the subscription that a mail names (RFC 8058): the link is proof enough. Raises NotFound."""
    row = subscription_for_update(session, subscription_named(token=token))
    if row is None:
        raise NotFound
    return _end(session, row, actor, now)


def subscription_named(*, token: str) -> UUID:
    """The subscription of a link, or NotFound."""
    try:
        return UUID(unseal(token, purpose=PURPOSE))
    except (SealBroken, ValueError) as error:
        raise NotFound from error


def _end(session: Session, row: CallSubscription, actor: Actor, now: datetime) -> CallSubscription:
    if row.until is None:
        row.until = now
        after = {"until": now}
        record(session, at=now, actor=actor, event="call.unfollowed", subject=row, after=after)
    return row
