"""Where the files of calls are used, for whoever must know of a virus in one (documents.places)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.queries.officers import officers_told
from portal.calls.models import Call, CallDocument
from portal.core.i18n import lazy_
from portal.documents.places import Place


def on_pages_of_calls(session: Session, file_id: UUID, at: datetime) -> Iterator[Place]:
    """Documents on the page of a call: its officers."""
    query = select(Call, CallDocument).join(CallDocument, CallDocument.call_id == Call.id)
    query = query.where(CallDocument.file_id == file_id, CallDocument.removed_at.is_(None)).order_by(CallDocument.id)
    for call, document in session.execute(query):
        yield Place(
            subject=call,
            office=[person.id for person in officers_told(session, call.guard, at)],
            office_words=lazy_(
                "A virus was found in the document “%(title)s” of the call %(call)s: nobody can open it. Take it off"
                " the page and add a clean copy.",
                title=document.title["it"],
                call=call.slug,
            ),
            office_path=f"/manage/calls/{call.slug}/documents",
        )
