"""Many events at once, each the next of the chain of its own object: what `record` does, in a handful of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit.chain import event_of
from portal.core.audit.hashes import GENESIS
from portal.core.audit.models import AuditHead
from portal.core.db import new_id
from portal.core.db.bulk import insert_rows


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one object of the authority that acts."""

    subject_id: UUID
    after: object
    before: object = None


def record_together(
    session: Session, *, at: datetime, actor: Actor, event: str, subject_type: str, authority_id: UUID,
    changes: Sequence[Change],
) -> None:  # fmt: skip
    """Append one event to the chain of each of these objects, which are all different."""
    heads = _heads(session, subject_type, [each.subject_id for each in changes])
    rows = [
        event_of(
            subject_type=subject_type, subject_id=each.subject_id, authority_id=authority_id, at=at, actor=actor,
            event=event, before=each.before, after=each.after, reason=None,
            follows=(heads[each.subject_id].sequence, heads[each.subject_id].hash),
        )
        for each in changes
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    steps = [{"id": heads[row.subject_id].id, "sequence": row.sequence, "hash": row.hash} for row in rows]
    if steps:
        session.execute(update(AuditHead), steps)


def _heads(session: Session, subject_type: str, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """The locked heads of these chains; what has none yet begins one."""
    query = select(AuditHead.id, AuditHead.subject_id, AuditHead.sequence, AuditHead.hash)
    query = query.where(AuditHead.subject_type == subject_type, AuditHead.subject_id.in_(ids))
    query = query.order_by(AuditHead.id).with_for_update()
    found = {row.subject_id: row for row in session.execute(query)}
    missing = [each for each in ids if each not in found]
    if not missing:
        return found
    first = {"subject_type": subject_type, "sequence": 0, "hash": GENESIS}
    insert_rows(
        session, cast("Table", AuditHead.__table__), [{"id": new_id(), "subject_id": each, **first} for each in missing]
    )
    return {row.subject_id: row for row in session.execute(query)}
