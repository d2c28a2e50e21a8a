"""Verifying the chains: the first bad row of each object is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.audit.chain import GENESIS, actor_hash, event_hash, values_hash
from portal.core.audit.models import AuditEvent, AuditHead

Key = tuple[str, UUID]


@dataclass(slots=True)
class _Walk:
    """How far the rows of one object were followed, and where its head says that they end."""

    end: int
    end_hash: str
    sequence: int = 0
    hash: str = GENESIS
    is_broken: bool = False


def verify(session: Session) -> Iterator[str]:
    """Yield one line for the first bad row of each object's chain; nothing when all of them hold."""
    walks: dict[Key, _Walk] = {
        (head.subject_type, head.subject_id): _Walk(head.sequence, head.hash)
        for head in session.scalars(select(AuditHead).order_by(AuditHead.subject_type, AuditHead.subject_id))
    }
    query = select(AuditEvent).order_by(AuditEvent.subject_type, AuditEvent.subject_id, AuditEvent.sequence)
    for row in session.scalars(query.execution_options(yield_per=500)):
        walk = walks.setdefault((row.subject_type, row.subject_id), _Walk(0, GENESIS))
        if not walk.is_broken and (fault := _fault(row, walk)):
            walk.is_broken = True
            yield f"{row.subject_type} {row.subject_id}: row {row.sequence} ({row.event}, {row.id}) {fault}"
        walk.sequence, walk.hash = row.sequence, row.hash
    yield from _truncated(walks)


def _fault(row: AuditEvent, walk: _Walk) -> str | None:
    if row.sequence != walk.sequence + 1:
        return f"does not follow row {walk.sequence}: row {walk.sequence + 1} is missing"
    if row.sequence > walk.end:
        return f"was added: the trail ends at row {walk.end}"
    if row.previous_hash != walk.hash:
        return "does not point to the row before it"
    if row.actor_name is not None and row.actor_hash != actor_hash(row):
        return "names somebody else"
    if not _is_erased(row) and row.values_hash != values_hash(row):
        return "has altered values"
    if row.hash != event_hash(row):
        return "is altered"
    if row.sequence == walk.end and row.hash != walk.end_hash:
        return "is not the row at which the trail ends"
    return None


def _is_erased(row: AuditEvent) -> bool:
    return row.before is None and row.after is None and row.reason is None


def _truncated(walks: dict[Key, _Walk]) -> Iterator[str]:
    for (subject_type, subject_id), walk in walks.items():
        if not walk.is_broken and walk.sequence < walk.end:
            yield f"{subject_type} {subject_id}: row {walk.sequence + 1} is missing: the trail ends at row {walk.end}"
