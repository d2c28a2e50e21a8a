"""Where the files of applications are used, for whoever must know of a virus in one (documents.places)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.access.queries.officers import officers_told
from portal.applications.messages.rules import Side
from portal.applications.models import (
    Application,
    ApplicationMessage,
    InboxEntry,
    IntegrationItem,
    IntegrationRequest,
    MessageFile,
)
from portal.applications.queries.files import uses_of
from portal.core.i18n import lazy_
from portal.documents.models import StoredFile
from portal.documents.places import Place
from portal.documents.queries import stored_file

TEAM = (Tie.OWNER, Tie.EDITOR)


def of_applications(session: Session, file_id: UUID, at: datetime) -> Iterator[Place]:
    """Documents and answers, completions, messages: the team, and the officers once it was sent to them."""
    file = stored_file(session, file_id)
    for application, document in uses_of(session, file_id):
        mended_at = f"/documents#document-{document}" if document else "/send"
        yield _written(session, application, mended_at, file, at)
    yield from _completing(session, file, at)
    yield from _in_messages(session, file, at)


def _written(session: Session, application: Application, mended_at: str, file: StoredFile, at: datetime) -> Place:
    said, path = {"name": file.name, "reference": application.reference}, f"/applications/{application.id}"
    if application.is_draft:
        words = lazy_(
            "%(reference)s: a virus was found in “%(name)s”, which was taken off the application. Attach a clean copy.",
            **said,
        )
        return Place(application, _team(session, application, at), words, path + mended_at)
    return Place(
        application,
        _team(session, application, at),
        lazy_(
            "%(reference)s: a virus was found in “%(name)s”, which nobody can open. Send the office a clean copy with a"
            " message; what you registered stays as it is, and the office says what it takes.",
            **said,
        ),
        f"{path}/messages",
        _office(session, application, at),
        lazy_(
            "%(reference)s: a virus was found in “%(name)s” after it was registered. Nobody can open it: ask its team"
            " for a clean copy, as for a document that cannot be read.",
            **said,
        ),
        path,
    )


def _completing(session: Session, file: StoredFile, at: datetime) -> Iterator[Place]:
    query = (
        select(Application, IntegrationItem)
        .join(IntegrationRequest, IntegrationRequest.application_id == Application.id)
        .join(IntegrationItem, IntegrationItem.request_id == IntegrationRequest.id)
        .where(IntegrationItem.file_id == file.id)
        .order_by(IntegrationItem.id)
    )
    for application, item in session.execute(query):
        said = {"name": file.name, "reference": application.reference}
        path, team = f"/applications/{application.id}/integration", _team(session, application, at)
        if item.request.reply is None:
            words = lazy_(
                "%(reference)s: a virus was found in “%(name)s”, with which you answer the office. Attach a clean copy"
                " before you send the answer.",
                **said,
            )
            yield Place(application, team, words, f"{path}#item-{item.key}")
            continue
        yield Place(
            application,
            team,
            lazy_(
                "%(reference)s: a virus was found in “%(name)s”, which was part of your answer. Nobody can open it:"
                " send the office a clean copy with a message.",
                **said,
            ),
            f"/applications/{application.id}/messages",
            _office(session, application, at),
            lazy_(
                "%(reference)s: a virus was found in “%(name)s”, which was part of the answer to your request. Nobody"
                " can open it: its team was told to send a clean copy.",
                **said,
            ),
            path,
        )


def _in_messages(session: Session, file: StoredFile, at: datetime) -> Iterator[Place]:
    """The side that sent it learns which one it is; the other only that something was held back."""
    query = (
        select(Application, ApplicationMessage.side)
        .join(ApplicationMessage, ApplicationMessage.application_id == Application.id)
        .join(MessageFile, MessageFile.message_id == ApplicationMessage.id)
        .where(MessageFile.file_id == file.id)
    )
    for application, side in session.execute(query):
        reference, path = application.reference, f"/applications/{application.id}/messages"
        mine = lazy_(
            "%(reference)s: a virus was found in “%(name)s”, which you sent with a message. The other side does not see"
            " it: send a clean copy with a new message.",
            name=file.name,
            reference=reference,
        )
        theirs = lazy_(
            "%(reference)s: a file of a message was held back, since a virus was found in it. Whoever sent it was"
            " told.",
            reference=reference,
        )
        words = (mine, theirs) if side is Side.TEAM else (theirs, mine)
        team, office = _team(session, application, at), _office(session, application, at)
        yield Place(application, team, words[0], path, office, words[1], path)


def _team(session: Session, application: Application, at: datetime) -> Sequence[UUID]:
    return [person.id for person in people_tied(session, application.organisation_id, TEAM, at)]


def _office(session: Session, application: Application, at: datetime) -> Sequence[UUID]:
    """The officer who has it in charge, else all who may know of it."""
    officers = [person.id for person in officers_told(session, application.guard, at)]
    taken_by = session.scalar(select(InboxEntry.taken_by).where(InboxEntry.application_id == application.id))
    return [taken_by] if taken_by is not None and taken_by in officers else officers
