"""Invariants of calls: deadlines, revisions and budgets agree with what lists and the ledger say."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.calls.callfile import document_hash
from portal.calls.models import Call, Phase
from portal.calls.queries import budget_lines, revisions_newest_first
from portal.ledger.queries import moved
from portal.ledger.rules import PostingKind


def broken(session: Session) -> Iterator[str]:
    """One line for each call that contradicts itself."""
    query = select(Call).options(selectinload(Call.phases).selectinload(Phase.deadlines)).order_by(Call.slug)
    for call in session.scalars(query):
        yield from _revisions(session, call)
        if call.published_at is not None:
            yield from _deadlines(call)
            yield from _budget(session, call)


def _revisions(session: Session, call: Call) -> Iterator[str]:
    revisions = revisions_newest_first(session, call)
    if [revision.number for revision in revisions] != list(range(call.revision, 0, -1)):
        yield f"calls: {call.slug}: its revisions are not 1 to {call.revision}"
    elif document_hash(call.definition) != revisions[0].sha256:
        yield f"calls: {call.slug}: the design in force is not that of revision {call.revision}"
    for revision in revisions:
        if document_hash(revision.definition) != revision.sha256:
            yield f"calls: {call.slug}: revision {revision.number} does not match its hash"


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
