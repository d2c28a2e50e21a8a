"""Attaching and removing files of a draft: a new file ends the row of the one before."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.models import Application, ApplicationFile
from portal.applications.operations.refusals import must_be_open
from portal.applications.operations.write import hold_draft
from portal.applications.queries import OpenDraft, application_for, open_draft, verified_documents
from portal.calls.rules import DocumentRequest
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import lazy_
from portal.documents.models import StoredFile
from portal.documents.operations import Arrived, known_among, store_upload
from portal.documents.rules import FileRules

MEGABYTE = 1024 * 1024


def document_rules(session: Session, *, application_id: UUID, document_key: str, actor: Actor) -> FileRules:
    """What is asked of the file of one document, to whoever may attach it. Raises NotFound."""
    opened = open_draft(session, application_for(session, application_id, actor, Action.DRAFT_WRITE))
    present = opened.files.get(document_key)
    return replace(_rules(_asked(opened, document_key)), known=known_among(files=[present.file] if present else []))


def attach_file(
    session: Session,
    *,
    application: Application,
    document_key: str,
    upload: Arrived | None,
    actor: Actor,
    now: datetime,
) -> ApplicationFile:
    """Attach a file to one requested document; the one before stays as an earlier version. Raises Invalid.

    The same bytes again, after an answer that was lost, change nothing: the row that is there is the answer.
    """
    request = _writable(session, application, document_key, actor, now)
    present = open_draft(session, application).files.get(document_key)
    there = [present.file] if present else []
    stored = store_upload(session, upload=upload, rules=_rules(request), actor=actor, now=now, present=there)
    if present is not None and stored is present.file:
        return present
    return _put(session, application, document_key, stored, actor, now)


def attach_verified(
    session: Session, *, application: Application, document_key: str, actor: Actor, now: datetime
) -> ApplicationFile:
    """Attach the document that the office has verified already; NotFound when there is none that holds today."""
    _writable(session, application, document_key, actor, now)
    fact = verified_documents(session, open_draft(session, application), now).get(document_key)
    if fact is None or fact.file is None:
        raise NotFound
    return _put(session, application, document_key, fact.file, actor, now, source=fact.source)


def _put(
    session: Session, application: Application, document_key: str, file: StoredFile, actor: Actor, now: datetime,
    **more: str,
) -> ApplicationFile:  # fmt: skip
    _end(session, application, document_key, now)
    row = ApplicationFile(
        application_id=application.id,
        document_key=document_key,
        file_id=file.id,
        added_at=now,
        added_by=actor.person_id,
    )
    session.add(row)
    after = {"document": document_key, "name": file.name, "sha256": file.sha256, **more}
    record(session, at=now, actor=actor, event="application.file_attached", subject=application, after=after)
    return row


class ReplacedMeanwhile(Conflict):
    """Whoever takes a file away takes away the one that they saw."""

    default = lazy_(
        "Somebody of your team put another file in its place meanwhile: nothing was removed. Look at it again."
    )


def remove_file(
    session: Session, *, application: Application, document_key: str, actor: Actor, now: datetime, seen: str = ""
) -> None:
    """Take a file off a draft; removing what is not there changes nothing.

    `seen` is the file that the actor's page showed. Raises ReplacedMeanwhile where another one took its place.
    """
    _writable(session, application, document_key, actor, now)
    present = open_draft(session, application).files.get(document_key)
    if seen and present is not None and str(present.file_id) != seen:
        raise ReplacedMeanwhile
    if _end(session, application, document_key, now):
        after = {"document": document_key}
        record(session, at=now, actor=actor, event="application.file_removed", subject=application, after=after)


def _writable(
    session: Session, application: Application, document_key: str, actor: Actor, now: datetime
) -> DocumentRequest:
    authorise(actor, Action.DRAFT_WRITE, application)
    hold_draft(session, application=application)
    must_be_open(phase=application.phase, at=now)
    return _asked(open_draft(session, application), document_key)


def _asked(opened: OpenDraft, document_key: str) -> DocumentRequest:
    found = next((request for request in opened.draft.requests if request.key == document_key), None)
    if found is None:
        raise NotFound
    return found


def _rules(request: DocumentRequest) -> FileRules:
    return FileRules(request.accept, request.max_mb * MEGABYTE, strip=request.strip_metadata)


def _end(session: Session, application: Application, document_key: str, now: datetime) -> bool:
    row = open_draft(session, application).files.get(document_key)
    if row is not None:
        row.removed_at = now
        session.flush()
    return row is not None
