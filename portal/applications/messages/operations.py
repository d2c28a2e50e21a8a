"""Writing in the file of an application: kept, told to the other side, and read there."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, repeat
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.inbox.operations import must_be_some
from portal.applications.messages.files import attach_to, rules_in
from portal.applications.messages.queries import readers_of, side_of, unread_by
from portal.applications.messages.rules import LONGEST, MOST_UNREAD, Side
from portal.applications.models import Application, ApplicationMessage, InboxEntry
from portal.applications.queries import application_for
from portal.applications.queries.inbox import chosen_entries
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, Invalid, NotFound, TooMany
from portal.core.i18n import in_both, lazy_
from portal.core.mail import send_mail
from portal.core.text import clean_text, is_blank
from portal.documents.operations import Arrived
from portal.notices.operations import notify


def write_message(
    session: Session, *, application_id: UUID, text: str, actor: Actor, now: datetime, uploads: Sequence[Arrived] = ()
) -> ApplicationMessage:
    """Write to the other side, with files if need be; one's own side has read what came before.

    Raises Invalid, TooMany, NotFound.
    """
    entry = _locked(session, application_id)
    application = application_for(session, application_id, actor, Action.MESSAGE_WRITE)
    return _write(session, application, entry, _words(text), actor, now, uploads)


def write_to_several(
    session: Session, *, keys: Sequence[UUID], text: str, actor: Actor, now: datetime,
    uploads: Sequence[Sequence[Arrived]] = (),
) -> int:  # fmt: skip
    """The office writes the same to the teams of several applications, to each in its own file: all, or none.

    `uploads` are the files, once for each of them: no team has a file in common with another.
    """
    must_be_some(keys=keys)
    words = _words(text)
    for key in sorted(set(keys)):
        _locked(session, key)
    copies = chain(uploads, repeat(()))
    for entry, files in zip(chosen_entries(session, actor, keys, Action.APPLICATION_TAKE), copies, strict=False):
        authorise(actor, Action.MESSAGE_WRITE, entry.application)
        if side_of(entry.application, actor) is not Side.OFFICE:
            raise Forbidden
        _write(session, entry.application, entry, words, actor, now, files)
    return len(set(keys))


def mark_read(session: Session, *, application_id: UUID, actor: Actor, now: datetime) -> None:
    """One's own side has read what the other wrote, and answers nothing; nothing happens where nothing is unread."""
    entry = _locked(session, application_id)
    application = application_for(session, application_id, actor, Action.MESSAGE_WRITE)
    side = side_of(application, actor)
    if side is None:
        raise Forbidden
    if (unread := unread_by(entry, side)) == 0:
        return
    _read(entry, side)
    record(session, at=now, actor=actor, event="message.read", subject=application,
           after={"side": side.value, "messages": unread})  # fmt: skip


def _write(
    session: Session, application: Application, entry: InboxEntry, words: str, actor: Actor, now: datetime,
    uploads: Sequence[Arrived] = (),
) -> ApplicationMessage:  # fmt: skip
    side = side_of(application, actor)
    if side is None:
        raise Forbidden
    other = Side.OFFICE if side is Side.TEAM else Side.TEAM
    if unread_by(entry, other) >= MOST_UNREAD:
        raise TooMany(
            lazy_("%(reference)s: %(most)s messages wait to be read there. Wait for the answer.",
                  reference=application.reference, most=MOST_UNREAD)
        )  # fmt: skip
    message = ApplicationMessage(
        application_id=application.id, at=now, side=side, written_by=actor.person_id,
        team_text=words if side is Side.TEAM else None, office_text=words if side is Side.OFFICE else None,
    )  # fmt: skip
    session.add(message)
    files = attach_to(session, message, rules_in([application]), uploads, actor=actor, now=now) if uploads else []
    _read(entry, side)
    if other is Side.TEAM:
        entry.unread_by_team += 1
    else:
        entry.unread_by_office += 1
    entry.last_message_at = now
    record(session, at=now, actor=actor, event=Action.MESSAGE_WRITE, subject=application,
           after={"side": side.value, "characters": len(words), "files": [file.sha256 for file in files]})  # fmt: skip
    _tell(session, application, entry, other, now, len(files), is_sealed=application.phase_id in actor.sealed)
    return message


def _read(entry: InboxEntry, side: Side) -> None:
    if side is Side.TEAM:
        entry.unread_by_team = 0
    else:
        entry.unread_by_office = 0


def _tell(
    session: Session,
    application: Application,
    entry: InboxEntry,
    side: Side,
    now: datetime,
    files: int,
    *,
    is_sealed: bool,
) -> None:
    """A line in the inbox and a mail to each of the other side: that there is a message, never what it says.

    The office hears nothing of what is sealed: its desk tells of the message when the seal has ended.
    """
    if side is Side.OFFICE and is_sealed:
        return
    people = readers_of(session, entry, side, now)
    path = f"/applications/{application.id}/messages"
    text = in_both(lazy_("There is a message about the application %(reference)s.", reference=entry.reference))
    notify(session, people=[person.id for person in people], text=text, path=path, now=now)
    addresses = {application.organisation.email: "it"} if side is Side.TEAM else {}
    for address, language in (addresses | {person.email: person.locale for person in people}).items():
        send_mail(session, to=address, template="applications/message", locale=language, now=now,
                  application=application, path=path, files=files)  # fmt: skip


def _locked(session: Session, application_id: UUID) -> InboxEntry:
    query = select(InboxEntry).where(InboxEntry.application_id == application_id).with_for_update()
    entry = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if entry is None:
        raise NotFound
    return entry


def _words(text: str) -> str:
    words = clean_text(text)
    if is_blank(words):
        raise Invalid(lazy_("Write the message."), "text")
    if len(words) > LONGEST:
        raise Invalid(lazy_("This is longer than %(most)s characters. Shorten it.", most=LONGEST), "text")
    return words
