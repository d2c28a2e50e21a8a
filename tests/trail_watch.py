"""Whatever a request changes and commits has its row in the audit trail: watched in every test through the application.

A changed row is accounted for by an event, in the same transaction, about itself or about something that it names.
Take a `record` call out of an operation that some test reaches by a form, and that test fails.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import has_request_context, request
from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from portal.core.audit import AuditEvent
from portal.core.db import Base

OWN_HISTORY = {
    "answer": "each version of an answer is a row of answer_version",
    "answer_file": "each change of the files of an answer is a version of it, in answer_version",
    "answer_sheet": "an empty sheet is part of the application that begins with it",
    "answer_version": "is itself the history of an answer being written",
    "audit_event": "the trail itself",
    "audit_head": "the trail itself",
    "call_delivery": "tells of what was recorded",
    "call_event": "is itself the history of a call, beside the event that it repeats",
    "counter": "the number is in the row that took it",
    "integration_attempt": "is itself the record of an attempt",
    "job": "work to come; what it does is recorded then",
    "ledger_account": "a sum over entries, each recorded",
    "link_request": "nothing is granted yet: the link that answers it is recorded when it is sent",
    "names_shown": "names that stand elsewhere, as they are read by who declares on them",
    "notice": "tells of what was recorded",
    "outgoing_mail": "tells of what was recorded",
    "request_effect": "the key of a form",
    "section_presence": "who is writing now: it passes, and tells nothing that somebody did",
    "score": "a draft of the evaluator alone; what counts is recorded when it is final",
    "sign_in_failure": "a failure changes nothing; the address is kept as a hash",
    "submission_attempt": "is itself the record of an attempt",
}
"""Tables whose rows need no event of their own, and why."""
REPEATED = {
    ("applications.save", "application"): "repeats what the answers say, each version of which is kept",
    ("maturity.save", "maturity_rating"): "a draft of one side alone; what counts is recorded when it is final",
}
"""Forms of which one table needs no event."""
PASSING = {"web_session": frozenset({"challenge", "idle_end", "seen_at"})}
"""Columns that change with use: they tell nothing that somebody did."""
WITHIN = {
    "phase_deadline": {"call"}, "conflict_declaration": {"assignment"}, "seat_change": {"commission"},
    "tie": {"assignment", "conflict_declaration", "engagement"},
    "follow_up_income": {"follow_up"}, "integration_item": {"application"}, "integration_extension": {"application"},
    "integration_reply": {"application"}, "rejection_observations": {"application"},
    "reserve_outcome": {"application"},
    "indicator_reached": {"milestone"}, "cost_clarification_item": {"cost_report"}, "cost_line_file": {"cost_report"},
    "tax_debt_check": {"grant_award"}, "irregularity": {"irregularity_step"},
    "agreement_article": {"grant_award"}, "agreement_signature": {"grant_award"},
}  # fmt: skip
"""Rows told by an event about an object that they do not name themselves."""
UNTOLD, TOLD = "trail_untold", "trail_told"
found: list[str] = []
"""Changes of this test that no event accounts for."""


@pytest.fixture(autouse=True)
def nothing_goes_unrecorded() -> Iterator[None]:
    """Fail the test in which a committed change left no row in the trail."""
    found.clear()
    yield
    untold = sorted(set(found))
    found.clear()
    if untold:
        pytest.fail(f"changed without an event in the trail, call record() in the operation: {untold}", pytrace=False)


@event.listens_for(Session, "after_flush")
def _note_rows(session: Session, _context: object) -> None:
    if not _is_watched():
        return
    for row in (*session.new, *session.deleted, *(each for each in session.dirty if session.is_modified(each))):
        if isinstance(row, AuditEvent):
            session.info.setdefault(TOLD, set()).update((row.subject_id, row.subject_type))
        elif isinstance(row, Base) and row.__tablename__ not in OWN_HISTORY and not _is_passing(row):
            session.info.setdefault(UNTOLD, []).append((row.__tablename__, _keys_of(row)))


@event.listens_for(Session, "do_orm_execute")
def _note_statements(state: ORMExecuteState) -> None:
    """A statement over many rows: some event must stand beside it."""
    if not _is_watched() or not (state.is_update or state.is_insert or state.is_delete):
        return
    table = getattr(getattr(state.bind_mapper, "local_table", None), "name", "")
    if table and table not in OWN_HISTORY:
        state.session.info.setdefault(UNTOLD, []).append((table, None))


@event.listens_for(Session, "before_commit")
def _compare(session: Session) -> None:
    """A savepoint commits nothing: what happened in it is told by the end of the whole."""
    if not _is_watched() or session.in_nested_transaction():
        return
    session.flush()
    told: set[Any] = session.info.get(TOLD, set())
    for table, keys in session.info.get(UNTOLD, []):
        is_told = bool(told) if keys is None else bool(told & (keys | WITHIN.get(table, set())))
        if not is_told and (request.endpoint, table) not in REPEATED:
            found.append(f"{request.endpoint}: {table}")
    _forget(session)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, *_: object) -> None:
    session.info.pop(UNTOLD, None)
    session.info.pop(TOLD, None)


def _is_watched() -> bool:
    return has_request_context() and bool(request.endpoint)


def _is_passing(row: Base) -> bool:
    """Whether nothing of a row changed but what changes with use."""
    passing = PASSING.get(row.__tablename__, frozenset())
    state = inspect(row)
    return state.persistent and {each.key for each in state.attrs if each.history.has_changes()} <= passing


def _keys_of(row: Base) -> set[Any]:
    """The row's own key and every key that it names, known without asking the database."""
    state = inspect(row)
    return {
        value for value in (state.dict.get(each.key) for each in state.mapper.column_attrs) if isinstance(value, UUID)
    }
