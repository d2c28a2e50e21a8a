"""Lines of the officers' list that nobody applied for."""

from sqlalchemy.orm import Session

from portal.applications.inbox.scope import scope_word
from portal.applications.models import Application, InboxEntry
from portal.applications.search import words_of
from tests.factories.base import make_organisation


def line_like(session: Session, application: Application, line: InboxEntry, number: int) -> InboxEntry:
    """A line more, of an application that nobody wrote."""
    kept = {c.name: getattr(line, c.name) for c in InboxEntry.__table__.columns if c.name not in ("id", "words")}
    columns = {c.name: getattr(application, c.name) for c in Application.__table__.columns if c.name != "id"}
    sheet = type(application.sheet)(form_revision_id=application.sheet.form_revision_id)
    session.add(sheet)
    session.flush()
    organisation = make_organisation(session, now=application.created_at)
    other = Application(**columns | {"reference": f"X{number}", "sheet_id": sheet.id,
                                     "organisation_id": organisation.id})  # fmt: skip
    session.add(other)
    session.flush()
    words = " ".join([*words_of(["bici"]), scope_word(line.call_id), scope_word(line.authority_id)])
    return InboxEntry(**kept | {"application_id": other.id, "number": line.number + number * 2000, "words": words})
