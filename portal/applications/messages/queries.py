"""The messages in the file of an application: read by its team and its office, by nobody else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from portal.access.models import Person
from portal.access.policy import Action, Role, Tie, allowed
from portal.access.queries import people_tied, people_with_role
from portal.applications.inbox.scope import apart_of, not_apart, reached
from portal.applications.messages.rules import MOST_SHOWN, Side
from portal.applications.models import Application, ApplicationMessage, InboxEntry, MessageFile
from portal.applications.queries import application_for, names_of
from portal.calls.models import Call
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import _, in_language
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

TEAM = (Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER)
WRITING = (Tie.OWNER, Tie.EDITOR)
OTHERS_AFTER = timedelta(days=3)
"""What one officer has in charge and leaves unread so long is everybody's in the office."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages of an application as one of its sides sees them, the oldest first."""

    application: Application
    entry: InboxEntry
    messages: Sequence[ApplicationMessage]
    names: dict[UUID, str]
    side: Side | None
    """Whose messages the reader writes; None for whoever only reads."""
    is_cut: bool

    @property
    def unread(self) -> int:
        """How many the reader's side has not marked as read."""
        return unread_by(self.entry, self.side) if self.side else 0


def thread_of(session: Session, application_id: UUID, actor: Actor) -> Thread:
    """The messages of one application that was sent; NotFound where the reader is on neither side."""
    application = application_for(session, application_id, actor, Action.MESSAGE_READ)
    entry = session.scalars(select(InboxEntry).where(InboxEntry.application_id == application_id)).one_or_none()
    if entry is None:
        raise NotFound
    query = select(ApplicationMessage).where(ApplicationMessage.application_id == application_id)
    query = query.options(selectinload(ApplicationMessage.files).joinedload(MessageFile.file))
    newest = session.scalars(query.order_by(ApplicationMessage.id.desc()).limit(MOST_SHOWN + 1)).all()
    messages = newest[:MOST_SHOWN][::-1]
    return Thread(
        application=application, entry=entry, messages=messages, side=side_of(application, actor),
        names=names_of(session, {each.written_by for each in messages}), is_cut=len(newest) > MOST_SHOWN,
    )  # fmt: skip


def side_of(application: Application, actor: Actor) -> Side | None:
    """On which side somebody writes: with the team if they write for it, else with the office."""
    if not allowed(actor, Action.MESSAGE_WRITE, application):
        return None
    return Side.TEAM if actor.ties_to(application.organisation_id) & set(WRITING) else Side.OFFICE


def unread_by(entry: InboxEntry, side: Side) -> int:
    """How many messages of the other side this one has not marked as read."""
    return entry.unread_by_team if side is Side.TEAM else entry.unread_by_office


def readers_of(session: Session, entry: InboxEntry, side: Side, now: datetime) -> Sequence[Person]:
    """Whom a message to this side is told: the team, or the office without whoever has a conflict.

    Of the office the officer who has the application in charge alone, while they hold the role.
    """
    if side is Side.TEAM:
        return people_tied(session, entry.organisation_id, TEAM, now)
    officers = people_with_role(session, Role.OFFICER, entry.authority_id, now)
    apart = {
        person.id
        for object_id in entry.guard.objects
        for person in people_tied(session, object_id, [Tie.CONFLICTED], now)
    }
    free = [person for person in officers if person.id not in apart]
    return [person for person in free if person.id == entry.taken_by] or free


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Messages that wait for somebody's side; applications marked for a decision (officers)."""
    mine = actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR)
    if mine:
        yield _for_the_team(mine)
    if actor.authorities_as(Role.OFFICER):
        yield _for_the_office(actor, now)


def _waiting() -> Any:
    columns = line(
        id=InboxEntry.application_id, name=InboxEntry.title, more=InboxEntry.reference, title=Call.title,
        at=InboxEntry.last_message_at,
    )  # fmt: skip
    return select(*columns).select_from(InboxEntry).join(Call, Call.id == InboxEntry.call_id)


def _for_the_team(mine: frozenset[UUID]) -> Ask:
    query = _waiting().where(InboxEntry.organisation_id.in_(mine), InboxEntry.unread_by_team > 0)
    return Ask(query, (InboxEntry.last_message_at, InboxEntry.id), _read_the_office)


def _read_the_office(found: Any) -> DueStep:
    return DueStep(
        what=_("The office wrote to you about %(title)s", title=found.name or found.more),
        button=_("Read"),
        path=f"/applications/{found.id}/messages",
        why=_("Answer it there, or mark it as read."),
        place=in_language(found.title),
    )


def _for_the_office(actor: Actor, now: datetime) -> Ask:
    whose = or_(
        InboxEntry.taken_by.is_(None),
        InboxEntry.taken_by == actor.person_id,
        InboxEntry.last_message_at <= now - OTHERS_AFTER,
    )
    query = _waiting().where(
        InboxEntry.authority_id.in_(actor.authorities_as(Role.OFFICER)), InboxEntry.unread_by_office > 0, reached(),
        whose, *not_apart(apart_of(actor)),
    )  # fmt: skip
    return Ask(query, (InboxEntry.last_message_at, InboxEntry.id), _answer_the_team)


def _answer_the_team(found: Any) -> DueStep:
    return DueStep(
        what=_("Answer a message about %(title)s", title=found.name or found.more),
        button=_("Answer"),
        path=f"/applications/{found.id}/messages",
        why=_("Its team wrote to the office. Answer, or mark it as read where nothing is to be answered."),
        place=in_language(found.title),
    )
