"""Files to download from the page of a call: acts and notices, forms, guides. What was public is never lost."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import CallDocument
from portal.calls.queries import call_for_update, managed_call
from portal.calls.queries.publication import document_for_update
from portal.calls.rules import CallStatus, Text
from portal.calls.rules.publication import DocumentKind
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import LANGUAGES, lazy_
from portal.core.text import clean_line
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules

ACCEPTED = ("pdf", "p7m", "docx", "odt", "xlsx", "ods", "zip")
MOST_BYTES = 20_000_000
FILES = FileRules(ACCEPTED, MOST_BYTES)


class CallEnded(Conflict):
    """The page of a cancelled call stays as it is."""

    default = lazy_("This call was cancelled: its documents stay as they are.")


class AlreadyRemoved(Conflict):
    """A document is taken away once."""

    default = lazy_("This document was taken away already.")


def document_rules(session: Session, *, slug: str, actor: Actor) -> FileRules:
    """What is asked of a document, to whoever may add one."""
    authorise(actor, Action.CALL_DOCUMENTS, managed_call(session, slug, actor))
    return FILES


def attach_document(
    session: Session,
    *,
    call_id: UUID,
    upload: Arrived | None,
    kind: DocumentKind,
    title: Text,
    actor: Actor,
    now: datetime,
) -> CallDocument:
    """Add a file to the page of a call; everybody may download it once the call is published."""
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_DOCUMENTS, call)
    if call.status is CallStatus.CANCELLED:
        raise CallEnded
    words = {language: clean_line(title.get(language, "")) for language in LANGUAGES}
    for language in LANGUAGES:
        if not words[language]:
            raise Invalid(lazy_("Say what the document is, in both languages."), f"title_{language}")
    file = store_upload(session, upload=upload, rules=FILES, actor=actor, now=now)
    document = CallDocument(
        call_id=call.id, file_id=file.id, kind=kind, title=words, added_at=now, added_by=actor.person_id
    )
    session.add(document)
    session.flush()
    after = {"document": document.id, "title": words["it"], "sha256": file.sha256}
    record(session, at=now, actor=actor, event="call.document_added", subject=call, after=after)
    return document


def remove_document(session: Session, *, document_id: UUID, actor: Actor, now: datetime) -> CallDocument:
    """Take a file off the page; the page as it was on an earlier day keeps it. Raises AlreadyRemoved."""
    document = document_for_update(session, document_id)
    call = call_for_update(session, document.call_id)
    authorise(actor, Action.CALL_DOCUMENTS, call)
    if call.status is CallStatus.CANCELLED:
        raise CallEnded
    if document.removed_at is not None:
        raise AlreadyRemoved
    document.removed_at, document.removed_by = now, actor.person_id
    before = {"document": document.id, "title": document.title["it"]}
    record(session, at=now, actor=actor, event="call.document_removed", subject=call, before=before)
    return document
