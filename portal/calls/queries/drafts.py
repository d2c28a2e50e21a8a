"""Drafts that are being designed, with their history and their revisions."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, allowed
from portal.access.queries.twins import is_live
from portal.calls.models import Call, CallEdit
from portal.calls.queries.reading import call_by_slug
from portal.core.actor import Actor
from portal.core.errors import NotFound

LATEST = 100
MOST_COPIED = 200


def designed_call(session: Session, slug: str, actor: Actor) -> Call:
    """A call that the actor may design, whatever its status, else NotFound."""
    call = call_by_slug(session, slug, actor)
    if not allowed(actor, Action.CALL_DESIGN, call):
        raise NotFound
    return call


def latest_edits(session: Session, call: Call) -> Sequence[CallEdit]:
    """The latest changes of a draft, the last one first."""
    query = select(CallEdit).where(CallEdit.call_id == call.id).order_by(CallEdit.sequence.desc())
    return session.scalars(query.limit(LATEST)).all()


def calls_to_copy(session: Session, actor: Actor) -> Sequence[Call]:
    """Every call of the actor's authorities, and the published ones of others: the newest first."""
    mine = Call.authority_id.in_(actor.authorities_as("officer"))
    query = select(Call).where(mine | Call.published_at.is_not(None) & is_live(Call.authority_id))
    return session.scalars(query.order_by(Call.status_at.desc(), Call.slug).limit(MOST_COPIED)).all()


def home_authorities(session: Session, actor: Actor) -> Sequence[Authority]:
    """The authorities where the actor designs calls, by name."""
    query = select(Authority).where(Authority.id.in_(actor.authorities_as("officer")))
    return session.scalars(query.order_by(Authority.name)).all()
