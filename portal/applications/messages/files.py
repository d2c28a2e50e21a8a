"""The files of messages: what is taken, and who opens them. Neither side ever sees a file of the other with a virus."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.inbox.operations import must_be_some
from portal.applications.messages.queries import TEAM
from portal.applications.messages.rules import FILE_KINDS, LARGEST_FILE, MOST_FILES, Side, is_shown
from portal.applications.models import Application, ApplicationMessage, MessageFile
from portal.applications.queries import application_for
from portal.applications.queries.inbox import chosen_entries
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules


def message_rules(session: Session, *, application_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the files of a message, to whoever may write one here."""
    return rules_in([application_for(session, application_id, actor, Action.MESSAGE_WRITE)])


def several_rules(session: Session, *, keys: Sequence[UUID], actor: Actor) -> FileRules:
    """What is asked of the files of one message to several teams, to whoever may write to each of them."""
    must_be_some(keys=keys)
    applications = [each.application for each in chosen_entries(session, actor, keys, Action.APPLICATION_TAKE)]
    for application in applications:
        authorise(actor, Action.MESSAGE_WRITE, application)
    return rules_in(applications)


def rules_in(applications: Sequence[Application]) -> FileRules:
    """What the author left inside is taken out where a call asks it of any document: it wants no names there."""
    strip = any(each.strip_metadata for to in applications for each in to.design.documents_requested)
    return FileRules(FILE_KINDS, LARGEST_FILE, field="files", strip=strip, most=MOST_FILES)


def attach_to(
    session: Session, message: ApplicationMessage, rules: FileRules, uploads: Sequence[Arrived], *, actor: Actor,
    now: datetime,
) -> list[StoredFile]:  # fmt: skip
    """Store the files of a message, each once. Raises Invalid."""
    files: list[StoredFile] = []
    for upload in uploads:
        file = store_upload(session, upload=upload, rules=rules, actor=actor, now=now, present=files)
        files += [file] if file not in files else []
    session.flush()
    message.files.extend(
        MessageFile(position=position, file_id=file.id, file=file) for position, file in enumerate(files, start=1)
    )
    return files


def reading_side(application: Application, actor: Actor) -> Side:
    """On which side somebody reads: with the team of which they are, else with the office and its auditors."""
    return Side.TEAM if actor.ties_to(application.organisation_id) & set(TEAM) else Side.OFFICE


def message_file_for(session: Session, application_id: UUID, file_id: UUID, actor: Actor) -> StoredFile:
    """A file of a message, to whoever reads the messages of its application; NotFound for all others, and for what the
    other side sent and no scan has freed.
    """
    application = application_for(session, application_id, actor, Action.MESSAGE_READ)
    query = (
        select(StoredFile, ApplicationMessage.side)
        .join(MessageFile, MessageFile.file_id == StoredFile.id)
        .join(ApplicationMessage, ApplicationMessage.id == MessageFile.message_id)
        .where(ApplicationMessage.application_id == application.id, StoredFile.id == file_id)
    )
    found = session.execute(query).one_or_none()
    if found is None or not is_shown(found[0].scan_state, is_own=found[1] is reading_side(application, actor)):
        raise NotFound
    file: StoredFile = found[0]
    return file
