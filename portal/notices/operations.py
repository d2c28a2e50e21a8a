"""Writing to people's inboxes, in the transaction of what happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from portal.core.db import new_id
from portal.core.db.bulk import insert_rows
from portal.notices.models import Notice


def notify(session: Session, *, people: Iterable[UUID], text: dict[str, str], path: str, now: datetime) -> None:
    """Leave one line in the inbox of each person, once."""
    for person_id in dict.fromkeys(people):
        session.add(Notice(person_id=person_id, at=now, text=text, path=path))


def notify_each(session: Session, *, told: Sequence[tuple[UUID, dict[str, str], str]], now: datetime) -> None:
    """Leave many lines at once: for whom, the text, the page that shows it."""
    rows = [
        {"id": new_id(), "person_id": person_id, "at": now, "text": text, "path": path, "read_at": None}
        for person_id, text, path in told
    ]
    insert_rows(session, cast("Table", Notice.__table__), rows)
