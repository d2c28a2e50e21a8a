"""Telling whoever sent a file that a virus was found in it; `portal.app` subscribes this."""

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.core.mail import send_mail
from portal.documents.rules import FileBlocked


def tell_of_blocked_file(session: Session, event: FileBlocked) -> None:
    """By mail, whichever page the file was sent from: which file, and what to do. The room it is in adds its line."""
    person = session.get(Person, event.uploaded_by) if event.uploaded_by else None
    if person is not None and person.disabled_at is None:
        send_mail(
            session, to=person.email, template="notices/file_blocked", locale=person.locale, now=event.at,
            person=person, name=event.name, instant=event.at,
        )  # fmt: skip
