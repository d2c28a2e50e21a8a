"""A virus was found in a file: drafts lose it. Who is told, and of what, is said where files are used (file_places)."""

from sqlalchemy.orm import Session

from portal.applications.operations.answer_files import take_out
from portal.applications.queries.files import answer_rows_with, attached_rows_with
from portal.core.actor import SYSTEM
from portal.documents.rules import FileBlocked


def set_aside_blocked_file(session: Session, event: FileBlocked) -> None:
    """Subscribed to the scanner's verdict. What was registered stays frozen: the file is named, never opened."""
    for row in attached_rows_with(session, event.file_id):
        if row.application.is_draft:
            row.removed_at = event.at
    for application, answer in answer_rows_with(session, event.file_id):
        if application.is_draft:
            take_out(session, application=application, rows=[answer], actor=SYSTEM, now=event.at)
