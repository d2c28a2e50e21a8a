"""Whether the office's list says what its applications say, as `portal check` looks at it; each fault is one line."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.applications.inbox.reserved import with_open_reserve
from portal.applications.models import Application, InboxEntry, Submission

MEND = "run `portal search rebuild`"


def broken(session: Session) -> Iterator[str]:
    """One line for each application whose line is missing or says otherwise."""
    sent = select(Submission.id).where(Submission.application_id == Application.id).exists()
    query = (
        select(Application.reference)
        .outerjoin(InboxEntry, InboxEntry.application_id == Application.id)
        .where(
            sent,
            or_(
                InboxEntry.id.is_(None),
                InboxEntry.status != Application.status,
                InboxEntry.words == "",
                InboxEntry.reserved_at.is_not(None) != with_open_reserve(),
            ),
        )
        .order_by(Application.reference)
    )
    for reference in session.scalars(query):
        yield f"applications: {reference} is not as it should be in the office's list: {MEND}"
