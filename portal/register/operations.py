"""Giving numbers: one at a time, in the transaction of the act they number, so that none is ever missing."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.db import new_id
from portal.core.text import clean_line
from portal.register.models import Counter, ProtocolEntry
from portal.register.rules import Direction, reference_label

ROME = ZoneInfo("Europe/Rome")


def register_document(
    session: Session,
    *,
    authority_id: UUID,
    direction: Direction,
    subject: str,
    counterpart: str,
    sha256: str,
    actor: Actor,
    now: datetime,
) -> ProtocolEntry:
    """Give the next number of the authority's year to a document (year by Rome's calendar)."""
    year = now.astimezone(ROME).year
    entry = ProtocolEntry(
        authority_id=authority_id,
        year=year,
        number=_next(session, f"protocol:{authority_id}", year),
        direction=direction,
        registered_at=now,
        counterpart=clean_line(counterpart)[:300],
        subject=clean_line(subject)[:500],
        sha256=sha256,
    )
    session.add(entry)
    record(session, at=now, actor=actor, event="register.entry", subject=entry, after={"number": entry.label})
    return entry


def next_reference(session: Session, *, now: datetime) -> str:
    """The next human reference of the instance: VIV-2026-000123."""
    year = now.astimezone(ROME).year
    return reference_label(_next(session, "reference", year), year)


def _next(session: Session, series: str, year: int) -> int:
    """One statement on both engines: the row is locked until the transaction ends, also when it is the first."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(Counter).values(id=new_id(), series=series, year=year, last=1)
    one_more = first.on_conflict_do_update(
        index_elements=[Counter.series, Counter.year], set_={"last": Counter.last + 1}
    )
    return int(session.execute(one_more.returning(Counter.last)).scalar_one())
