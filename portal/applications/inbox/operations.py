"""Changing the office's list: taking applications in charge, marking them, keeping filters under a name."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.inbox.acts import EVENTS, Effects, effects_of
from portal.applications.inbox.rules import LONGEST_NAME, MOST_CHOSEN, MOST_SAVED, Act, Wanted
from portal.applications.inbox.scope import scope_of
from portal.applications.models import InboxEntry, SavedView
from portal.applications.queries.inbox import chosen_entries
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, Invalid, NotFound, TooMany
from portal.core.i18n import lazy_
from portal.core.text import clean_line


def act_on_several(session: Session, *, keys: Sequence[UUID], act: Act, actor: Actor, now: datetime) -> Effects:
    """Do one act to each of these applications that it touches; all of them are the actor's to act on, or none is.

    Raises NotFound, Invalid where none or too many were chosen.
    """
    must_be_some(keys=keys)
    session.execute(
        select(InboxEntry.id).where(InboxEntry.application_id.in_(keys)).order_by(InboxEntry.id).with_for_update()
    )
    entries = chosen_entries(session, actor, keys, Action.APPLICATION_TAKE)
    effects = effects_of(act, entries, actor)
    for entry in effects.touched:
        authorise(actor, Action.APPLICATION_TAKE, entry)
        before = entry.taken_by
        _change(entry, act, actor, now)
        record(
            session, at=now, actor=actor, event=EVENTS[act], subject=entry.application,
            before={"in_charge": before} if act in (Act.TAKE, Act.LEAVE) else None,
            after={"in_charge": entry.taken_by} if act in (Act.TAKE, Act.LEAVE) else None,
        )  # fmt: skip
    return effects


def must_be_some(*, keys: Sequence[UUID]) -> None:
    """Refuse an act on nothing, or on more than a page can list."""
    if not keys:
        raise Invalid(lazy_("Choose at least one application in the list."))
    if len(set(keys)) > MOST_CHOSEN:
        raise Invalid(lazy_("Choose at most %(most)s applications at once.", most=MOST_CHOSEN))


def _change(entry: InboxEntry, act: Act, actor: Actor, now: datetime) -> None:
    match act:
        case Act.TAKE:
            entry.taken_by, entry.taken_at = actor.person_id, now
        case Act.LEAVE:
            entry.taken_by, entry.taken_at = None, None
        case Act.MARK:
            entry.marked_by, entry.marked_at = actor.person_id, now
        case Act.UNMARK:
            entry.marked_by, entry.marked_at = None, None


def keep_view(
    session: Session, *, name: str, wanted: Wanted, is_shared: bool, actor: Actor, now: datetime
) -> SavedView:
    """Keep a filter under a name, in place of one's own of the same name; lent to the office if told so."""
    scope = scope_of(session, actor, wanted)
    said = clean_line(name)[:LONGEST_NAME]
    if not said:
        raise Invalid(lazy_("Write a name for this filter."), "name")
    mine = (SavedView.person_id == actor.person_id) & (SavedView.authority_id == scope.authority.id)
    view = session.scalars(select(SavedView).where(mine, SavedView.name == said).with_for_update()).one_or_none()
    if view is None:
        if (session.scalar(select(func.count(SavedView.id)).where(mine)) or 0) >= MOST_SAVED:
            raise TooMany(lazy_("You keep %(most)s filters already. Remove one first.", most=MOST_SAVED))
        if actor.person_id is None:
            raise Forbidden
        view = SavedView(person_id=actor.person_id, authority_id=scope.authority.id, name=said)
        session.add(view)
    view.wanted, view.is_shared, view.saved_at = dict(wanted.told()), is_shared, now
    record(session, at=now, actor=actor, event="saved_view.kept", subject=view, after={"shared": is_shared})
    return view


def forget_view(session: Session, *, view_id: UUID, actor: Actor, now: datetime) -> None:
    """Take away a filter of one's own; NotFound for others', lent or not."""
    mine = (SavedView.id == view_id) & (SavedView.person_id == actor.person_id)
    view = session.scalars(select(SavedView).where(mine)).one_or_none()
    if view is None:
        raise NotFound
    record(session, at=now, actor=actor, event="saved_view.forgotten", subject=view)
    session.delete(view)
