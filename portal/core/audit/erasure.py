"""Erasing a person's values from the trail: emptied in place, and declared by an event of the same chain."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import null, select, update
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit.chain import record
from portal.core.audit.models import AuditEvent
from portal.core.errors import Invalid
from portal.core.i18n import lazy_

ERASED = "values erased"
"""The event that declares an erasure: `after` names the sequences. Its own values are never emptied."""
NOBODY = "–"
"""The name under which somebody declares the erasure of their own name."""
AT_ONCE = 500
PLACE = select(
    AuditEvent.id, AuditEvent.subject_type, AuditEvent.subject_id, AuditEvent.sequence, AuditEvent.authority_id
).order_by(AuditEvent.subject_type, AuditEvent.subject_id, AuditEvent.sequence)


@dataclass(frozen=True, slots=True)
class _Chain:
    """The subject of a declaration: the object whose rows were emptied."""

    __tablename__: str
    id: UUID
    authority_id: UUID | None


@dataclass(slots=True)
class Erased:
    """Sequences of one object whose name, or whose values, were emptied."""

    names: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    authority_id: UUID | None = None


def erase_values(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    person_id: UUID | None = None,
    event_ids: Collection[UUID] = (),
) -> int:
    """Empty the name on every event that `person_id` wrote, and the values of `event_ids`; declare it.

    Each object concerned gets one event "values erased" that names the emptied sequences: `verify` reports emptied
    rows that no such event covers. `reason` stays for good: it must name nobody. Returns how many rows were emptied.
    """
    if not reason.strip():
        raise Invalid(lazy_("Write why these values are erased: the trail says it."), "reason")
    touched: dict[tuple[str, UUID], Erased] = defaultdict(Erased)
    for row in _empty_names(session, person_id) if person_id else ():
        _note(touched, row).names.append(row.sequence)
    for row in _empty_values(session, list(event_ids)):
        _note(touched, row).values.append(row.sequence)
    declared_by = replace(actor, name=NOBODY) if person_id and actor.person_id == person_id else actor
    for (subject_type, subject_id), erased in sorted(touched.items(), key=lambda item: (item[0][0], item[0][1])):
        record(
            session, at=now, actor=declared_by, event=ERASED, reason=reason,
            subject=_Chain(subject_type, subject_id, erased.authority_id),
            after={"names": sorted(erased.names), "values": sorted(erased.values)},
        )  # fmt: skip
    return sum(len(set(erased.names) | set(erased.values)) for erased in touched.values())


def _note(touched: dict[tuple[str, UUID], Erased], row: Any) -> Erased:
    erased = touched[row.subject_type, row.subject_id]
    erased.authority_id = row.authority_id or erased.authority_id
    return erased


def _empty_names(session: Session, person_id: UUID) -> Iterator[Any]:
    named = (AuditEvent.actor_id == person_id) & AuditEvent.actor_name.is_not(None)
    found = session.execute(PLACE.where(named)).all()
    for some in _in_parts([row.id for row in found]):
        _update(session, some, actor_name=None, actor_salt="")
    yield from found


def _empty_values(session: Session, event_ids: list[UUID]) -> Iterator[Any]:
    """Declarations stay: without them nothing would tell an erasure from a theft."""
    for some in _in_parts(event_ids):
        whole = AuditEvent.id.in_(some) & (AuditEvent.event != ERASED) & (AuditEvent.salt != "")
        found = session.execute(PLACE.where(whole)).all()
        _update(session, [row.id for row in found], before=null(), after=null(), reason=None, salt="")
        yield from found


def _update(session: Session, ids: list[UUID], **values: object) -> None:
    change = update(AuditEvent).where(AuditEvent.id.in_(ids)).values(**values)
    session.execute(change.execution_options(synchronize_session="fetch"))


def _in_parts(ids: list[UUID]) -> Iterator[list[UUID]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
