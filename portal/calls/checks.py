"""Invariants of calls: deadlines, revisions and budgets agree with what lists and the ledger say."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.calls.callfile import document_hash
from portal.calls.models import Call, CallEvent, CallRevision, Phase
from portal.calls.queries import budget_lines, revisions_newest_first
from portal.calls.rules import CallStatus
from portal.calls.rules.publication import CallEventKind
from portal.ledger.queries import balances_by_owner, moved
from portal.ledger.rules import AccountKind, PostingKind


def broken(session: Session) -> Iterator[str]:
    """One line for each call that contradicts itself."""
    query = select(Call).options(selectinload(Call.phases).selectinload(Phase.deadlines)).order_by(Call.slug)
    for call in session.scalars(query):
        yield from _revisions(session, call)
        yield from _approval(session, call)
        if call.published_at is not None:
            yield from _deadlines(call)
            yield from _budget(session, call)
        if call.status in (CallStatus.CANCELLED, CallStatus.CONCLUDED):
            yield from _given_back(session, call)


def _revisions(session: Session, call: Call) -> Iterator[str]:
    revisions = revisions_newest_first(session, call)
    if [revision.number for revision in revisions] != list(range(call.revision, 0, -1)):
        yield f"calls: {call.slug}: its revisions are not 1 to {call.revision}"
    elif document_hash(call.definition) != revisions[0].sha256:
        yield f"calls: {call.slug}: the design in force is not that of revision {call.revision}"
    for revision in revisions:
        if document_hash(revision.definition) != revision.sha256:
            yield f"calls: {call.slug}: revision {revision.number} does not match its hash"


def _approval(session: Session, call: Call) -> Iterator[str]:
    """Whoever approved a revision did not write it (four eyes)."""
    query = (
        select(CallEvent.revision)
        .join(CallRevision, (CallRevision.call_id == CallEvent.call_id) & (CallRevision.number == CallEvent.revision))
        .where(CallEvent.call_id == call.id, CallEvent.kind == CallEventKind.APPROVED)
        .where(CallEvent.by == CallRevision.by)
        .order_by(CallEvent.revision)
    )
    for number in session.scalars(query):
        yield f"calls: {call.slug}: revision {number} was approved by its author"


def _given_back(session: Session, call: Call) -> Iterator[str]:
    """A call that is over holds no open budget."""
    for line, left in balances_by_owner(
        session, AccountKind.BUDGET, [line.id for line in budget_lines(session, call.id)]
    ).items():
        if left:
            yield f"calls: {call.slug}: it is over, and budget line {line} still holds {left}"


def _deadlines(call: Call) -> Iterator[str]:
    for phase in call.phases:
        if not phase.deadlines:
            yield f"calls: {call.slug}: phase {phase.key} has no deadline"
        elif phase.closes_at != phase.deadline.closes_at:
            yield f"calls: {call.slug}: phase {phase.key} shows {phase.closes_at}, not the deadline in force"


def _budget(session: Session, call: Call) -> Iterator[str]:
    lines = budget_lines(session, call.id)
    opened = moved(session, PostingKind.BUDGET_OPENED, [line.id for line in lines])
    declared = sum(line.amount_cents for line in lines)
    if not call.budget_cents == declared == opened:
        yield f"calls: {call.slug}: budget {call.budget_cents}, lines {declared}, opened in the ledger {opened}"
