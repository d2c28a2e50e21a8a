"""Invariants of calls: what they say agrees with their history, their files, the trail and the ledger."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.seals import sealed_until
from portal.calls.callfile import document_hash
from portal.calls.designer.places import NoSuchPlace, read_place, value_at
from portal.calls.models import Call, CallDocument, CallEdit, CallEvent, CallRevision, Phase
from portal.calls.operations.publication import PUBLISH_JOB
from portal.calls.queries import budget_lines, revisions_newest_first
from portal.calls.rules import CallStatus
from portal.calls.rules.publication import CallEventKind
from portal.core.audit import AuditEvent
from portal.core.jobs import Job
from portal.ledger.queries import balances_by_owner, moved
from portal.ledger.rules import AccountKind, PostingKind

ENDINGS = {CallStatus.CANCELLED: CallEventKind.CANCELLED, CallStatus.CONCLUDED: CallEventKind.CONCLUDED}


def broken(session: Session) -> Iterator[str]:
    """One line for each call that contradicts itself."""
    query = select(Call).options(selectinload(Call.phases).selectinload(Phase.deadlines)).order_by(Call.slug)
    sealed = sealed_until(session, select(Phase.id))
    told, planned = _latest_events(session), _waiting_publications(session)
    for call in session.scalars(query):
        yield from _revisions(session, call)
        yield from _edits(session, call)
        yield from _approval(session, call)
        yield from _publication(call, told, planned)
        yield from _documents(session, call)
        if call.published_at is not None:
            yield from _deadlines(call)
            yield from _seals(call, sealed)
            yield from _budget(session, call)
        if call.status in (CallStatus.CANCELLED, CallStatus.CONCLUDED):
            yield from _given_back(session, call)


def _latest_events(session: Session) -> dict[tuple[object, CallEventKind], CallEvent]:
    """The last event of each kind of each call."""
    rows = session.scalars(select(CallEvent).order_by(CallEvent.at, CallEvent.id))
    return {(row.call_id, row.kind): row for row in rows}


def _revisions(session: Session, call: Call) -> Iterator[str]:
    revisions = revisions_newest_first(session, call)
    if [revision.number for revision in revisions] != list(range(call.revision, 0, -1)):
        yield f"calls: {call.slug}: its revisions are not 1 to {call.revision}"
    elif not _is_designed(call) and document_hash(call.definition) != revisions[0].sha256:
        yield f"calls: {call.slug}: the design in force is not that of revision {call.revision}"
    for revision in revisions:
        if document_hash(revision.definition) != revision.sha256:
            yield f"calls: {call.slug}: revision {revision.number} does not match its hash"


def _is_designed(call: Call) -> bool:
    """Whether its design may go beyond the last revision: a draft, or one that was cancelled as such."""
    return call.published_at is None and not call.awaits_publication


def _edits(session: Session, call: Call) -> Iterator[str]:
    """Every change of a draft is there, in its order, and the last one left what the draft says."""
    query = select(CallEdit).where(CallEdit.call_id == call.id).order_by(CallEdit.sequence)
    edits = session.scalars(query).all()
    if [edit.sequence for edit in edits] != list(range(1, len(edits) + 1)):
        yield f"calls: {call.slug}: changes of its draft are missing between 1 and {edits[-1].sequence}"
    for earlier, later in pairwise(edits):
        if later.at < earlier.at:
            yield f"calls: {call.slug}: change {later.sequence} of its draft is older than the one before it"
    if edits and _is_designed(call) and _left_by(call, edits[-1]) != edits[-1].after.get("value"):
        yield f"calls: {call.slug}: the draft does not say what change {edits[-1].sequence} left"


def _left_by(call: Call, edit: CallEdit) -> object:
    try:
        return value_at(call.definition, read_place(edit.place))
    except NoSuchPlace:
        return None


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


def _publication(call: Call, told: dict[tuple[object, CallEventKind], CallEvent], planned: set[str]) -> Iterator[str]:
    """What the call says of itself happened: an event of its history says so too, at the same instant."""
    published = told.get((call.id, CallEventKind.PUBLISHED))
    if (published.at if published else None) != call.published_at:
        yield f"calls: {call.slug}: published at {call.published_at}, by its history at {published and published.at}"
    for status, kind in ENDINGS.items():
        if call.status is status and call.published_at is not None and (call.id, kind) not in told:
            yield f"calls: {call.slug}: it is {status}, and its history does not say so"
    approved = told.get((call.id, CallEventKind.APPROVED))
    if call.awaits_publication and (approved is None or approved.revision != call.revision):
        yield f"calls: {call.slug}: revision {call.revision} was approved by no event"
    if call.publish_at is None:
        return
    plan = told.get((call.id, CallEventKind.PLANNED))
    if plan is None or (plan.effective_at, plan.act_number) != (call.publish_at, call.publish_act_number):
        yield f"calls: {call.slug}: planned for {call.publish_at}, and its history tells another plan"
    if str(call.id) not in planned:
        yield f"calls: {call.slug}: planned for {call.publish_at}, and no work waits to publish it"


def _waiting_publications(session: Session) -> set[str]:
    """The keys of calls that a job will publish."""
    query = select(Job.args).where(Job.kind == PUBLISH_JOB, Job.finished_at.is_(None))
    return {str(args.get("call_id")) for args in session.scalars(query)}


def _documents(session: Session, call: Call) -> Iterator[str]:
    """Each file that the page offers is the one whose hash the trail kept when it was attached."""
    kept = _attached(session, call)
    query = select(CallDocument).where(CallDocument.call_id == call.id).options(joinedload(CallDocument.file))
    for document in session.scalars(query.order_by(CallDocument.id)):
        if document.file.sha256 not in kept.get(str(document.id), set()):
            yield f"calls: {call.slug}: document {document.id} is not the file that was attached"


def _attached(session: Session, call: Call) -> dict[str, set[str]]:
    query = select(AuditEvent.after).where(
        AuditEvent.subject_type == Call.__tablename__, AuditEvent.subject_id == call.id,
        AuditEvent.event == "call.document_added",
    )  # fmt: skip
    found: dict[str, set[str]] = {}
    for after in session.scalars(query):
        found.setdefault(str((after or {}).get("document")), set()).add(str((after or {}).get("sha256")))
    return found


def _given_back(session: Session, call: Call) -> Iterator[str]:
    """A call that is over holds no open budget."""
    for line, left in balances_by_owner(
        session, AccountKind.BUDGET, [line.id for line in budget_lines(session, call.id)]
    ).items():
        if left:
            yield f"calls: {call.slug}: it is over, and budget line {line} still holds {left}"


def _deadlines(call: Call) -> Iterator[str]:
    for phase in call.phases:
        name = f"calls: {call.slug}: phase {phase.key}"
        if not phase.deadlines:
            yield f"{name} has no deadline"
            continue
        if phase.closes_at != phase.deadline.closes_at:
            yield f"{name} shows {phase.closes_at}, not the deadline in force"
        if [row.sequence for row in phase.deadlines] != list(range(1, len(phase.deadlines) + 1)):
            yield f"{name} misses one of its deadlines"
        for earlier, later in pairwise(phase.deadlines):
            if later.closes_at <= earlier.closes_at or later.decided_at < earlier.decided_at:
                yield f"{name}: deadline {later.sequence} comes before deadline {earlier.sequence}"


def _seals(call: Call, sealed: Mapping[UUID, datetime]) -> Iterator[str]:
    """Of a sealed call each phase is sealed as long as something may be accepted; no other call is."""
    for phase in call.phases:
        wanted = phase.deadline.accepted_until if phase.deadlines and phase.design.admission.sealed else None
        if sealed.get(phase.id) != wanted:
            yield f"calls: {call.slug}: phase {phase.key} is sealed until {sealed.get(phase.id)}, not {wanted}"


def _budget(session: Session, call: Call) -> Iterator[str]:
    lines = budget_lines(session, call.id)
    opened = moved(session, PostingKind.BUDGET_OPENED, [line.id for line in lines])
    declared = sum(line.amount_cents for line in lines)
    if not call.budget_cents == declared == opened:
        yield f"calls: {call.slug}: budget {call.budget_cents}, lines {declared}, opened in the ledger {opened}"
