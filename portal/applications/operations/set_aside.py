"""A virus was found in a file: drafts lose it, their team is told which document to attach again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.applications.models import Application
from portal.applications.operations.answer_files import take_out
from portal.applications.queries.files import answer_rows_with, attached_rows_with
from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.i18n import in_both, lazy_
from portal.documents.rules import FileBlocked
from portal.notices.operations import notify

TEAM = (Tie.OWNER, Tie.EDITOR)


def set_aside_blocked_file(session: Session, event: FileBlocked) -> None:
    """Subscribed to the scanner's verdict. What was registered stays frozen: the file is named, never opened."""
    concerned: dict[UUID, tuple[Application, str]] = {}
    for row in attached_rows_with(session, event.file_id):
        if row.application.is_draft:
            row.removed_at = event.at
        concerned.setdefault(row.application_id, (row.application, f"#document-{row.document_key}"))
    for application, answer in answer_rows_with(session, event.file_id):
        if application.is_draft:
            take_out(session, application=application, rows=[answer], actor=SYSTEM, now=event.at)
        concerned.setdefault(application.id, (application, ""))
    for application, anchor in concerned.values():
        _tell(session, application, anchor, event)


def _tell(session: Session, application: Application, anchor: str, event: FileBlocked) -> None:
    after = {"name": event.name, "file": str(event.file_id)}
    record(
        session, at=event.at, actor=SYSTEM, event="application.file_blocked", subject=application, after=after
    )  # fmt: skip
    path = (
        f"/applications/{application.id}/documents{anchor}"
        if application.is_draft
        else f"/applications/{application.id}"
    )
    notify(session, people=_team(session, application, event), text=in_both(_words(application, event)), path=path,
           now=event.at)  # fmt: skip


def _team(session: Session, application: Application, event: FileBlocked) -> Sequence[UUID]:
    return [person.id for person in people_tied(session, application.organisation_id, TEAM, event.at)]


def _words(application: Application, event: FileBlocked) -> object:
    said = {"name": event.name, "reference": application.reference}
    if application.is_draft:
        return lazy_(
            "%(reference)s: a virus was found in “%(name)s”, which was taken off the application. Attach a clean copy.",
            **said,
        )
    return lazy_(
        "%(reference)s: a virus was found in “%(name)s”, which nobody can open. Write to the office: it says how to"
        " send a clean copy.",
        **said,
    )
