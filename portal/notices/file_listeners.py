"""A virus was found in a file: whoever sent it and whoever uses it are told; `portal.app` subscribes this."""

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.i18n import in_both
from portal.core.mail import send_mail
from portal.documents.places import Place, places_of
from portal.documents.rules import FileBlocked
from portal.notices.operations import notify


def tell_of_blocked_file(session: Session, event: FileBlocked) -> None:
    """By mail, whichever page the file was sent from: which file, and what to do. The room it is in adds its line."""
    person = session.get(Person, event.uploaded_by) if event.uploaded_by else None
    if person is not None and person.disabled_at is None:
        send_mail(
            session, to=person.email, template="notices/file_blocked", locale=person.locale, now=event.at,
            person=person, name=event.name, instant=event.at,
        )  # fmt: skip


def tell_where_it_is_used(session: Session, event: FileBlocked) -> None:
    """Wherever the file is used: its team learns what to do, the officers in charge what they no longer have."""
    for place in places_of(session, event.file_id, event.at):
        _tell(session, place, event)


def _tell(session: Session, place: Place, event: FileBlocked) -> None:
    after = {"name": event.name, "file": str(event.file_id)}
    kind = place.subject.__tablename__
    record(session, at=event.at, actor=SYSTEM, event=f"{kind}.file_blocked", subject=place.subject, after=after)
    sides = (
        (place.team, place.team_words, place.team_path),
        (place.office, place.office_words, place.office_path),
    )
    for people, words, path in sides:
        if told := list(people):
            notify(session, people=told, text=in_both(words), path=path, now=event.at)
