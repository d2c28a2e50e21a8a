"""Writing to people's inboxes, in the transaction of what happened."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.notices.models import Notice


def notify(session: Session, *, people: Iterable[UUID], text: dict[str, str], path: str, now: datetime) -> None:
    """Leave one line in the inbox of each person, once."""
    for person_id in dict.fromkeys(people):
        session.add(Notice(person_id=person_id, at=now, text=text, path=path))
