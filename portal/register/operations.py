"""Giving numbers: one at a time, in the transaction of the act they number, so that none is ever missing."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.db import new_id
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line, clean_text
from portal.core.unit_of_work import violation
from portal.register.models import Counter, ProtocolAnnulment, ProtocolEntry
from portal.register.rules import Direction, reference_label

ROME = ZoneInfo("Europe/Rome")


class AlreadyAnnulled(Conflict):
    """An entry is annulled once."""

    default = lazy_("This entry of the register was annulled already.")


violation("uq_protocol_annulment_entry_id", AlreadyAnnulled)
violation("protocol_annulment.entry_id", AlreadyAnnulled)


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


def annul_entry(
    session: Session,
    *,
    entry: ProtocolEntry,
    act_number: str,
    act_date: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> ProtocolAnnulment:
    """Say by an act that an entry no longer stands; the row stays, its number is never given again (art. 54).

    Who may do it is for the room to check whose document it is. Raises Invalid, AlreadyAnnulled.
    """
    number, why = clean_line(act_number)[:80], clean_text(reason)
    if not number:
        raise Invalid(lazy_("Write the number of the act."), "act_number")
    if not why:
        raise Invalid(lazy_("Write the reason: it stays in the register."), "reason")
    if act_date > now.astimezone(ROME).date():
        raise Invalid(lazy_("This day is still to come: an act is adopted before it is carried out."), "act_date")
    if entry.annulment is not None:
        raise AlreadyAnnulled
    annulment = ProtocolAnnulment(
        entry=entry, at=now, annulled_by=actor.person_id, act_number=number, act_date=act_date, reason=why
    )
    session.add(annulment)
    session.flush()
    record(session, at=now, actor=actor, event="register.annulled", subject=entry,
           after={"number": entry.label, "act_number": number, "act_date": act_date}, reason=why)  # fmt: skip
    return annulment


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
