"""`portal check` over calls: each thing that could be wrong is made wrong once, and told in one line."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.calls.checks import broken
from portal.calls.designer.editing import EditKind
from portal.calls.models import Call, CallDocument, CallEdit, CallRevision, Phase, PhaseDeadline
from portal.calls.operations import approve_call, import_call, plan_publication
from portal.calls.rules import CallStatus
from portal.calls.rules.publication import DocumentKind
from portal.core.jobs import Job
from portal.documents.operations import store_bytes
from tests.factories.base import as_actor, make_authority, make_staff
from tests.factories.calls import dated_design, publish_design, shipped_design

pytestmark = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
ACT: dict[str, Any] = {"act_number": "2026/210/7", "act_date": date(2026, 3, 1)}
LATER = datetime(2026, 3, 9, 9, 0)


@pytest.fixture
def out(session: Session, now: datetime) -> Call:
    """A published call."""
    return publish_design(session, dated_design(now), now=now)


@pytest.fixture
def planned(session: Session, now: datetime) -> Call:
    """One that will go out in a week."""
    authority = make_authority(session, code="venezia")
    one, other = (as_actor(session, make_staff(session, authority, Role.OFFICER, now=now), now=now) for _ in range(2))
    call = import_call(session, design=shipped_design("venezia-welfare-comunita"), actor=one, now=now)
    approve_call(session, call_id=call.id, actor=other, now=now)
    return plan_publication(session, call_id=call.id, at=LATER, actor=one, now=now, **ACT)


def edit(session: Session, call: Call, *, sequence: int, at: datetime) -> None:
    session.add(CallEdit(call_id=call.id, sequence=sequence, at=at, kind=EditKind.SAVED, place="", before={},
                         after={"value": call.definition}))  # fmt: skip


def deadline(session: Session, call: Call, now: datetime, **values: Any) -> None:
    last = call.phases[0].deadlines[-1]
    given: dict[str, Any] = {"sequence": last.sequence + 1, "closes_at": last.closes_at + timedelta(days=7)} | values
    latest = given["closes_at"]
    session.add(
        PhaseDeadline(phase_id=call.phases[0].id, last_instant=latest, accepted_until=latest, zone=last.zone,
                      decided_at=now, **given))  # fmt: skip
    session.flush()
    session.execute(update(Phase).where(Phase.id == call.phases[0].id).values(closes_at=latest))


def revision(session: Session, call: Call, now: datetime) -> None:
    session.add(CallRevision(call_id=call.id, number=call.revision + 1, at=now, definition={}, sha256="0" * 64))
    call.revision += 1


def document(session: Session, call: Call, now: datetime) -> None:
    actor = as_actor(session, make_staff(session, call.authority, Role.OFFICER, now=now), now=now)
    file = store_bytes(session, name="a.pdf", media_type="application/pdf", content=b"%PDF-", actor=actor, now=now)
    session.add(CallDocument(call_id=call.id, file_id=file.id, kind=DocumentKind.ACT, title={"it": "a"}, added_at=now))


def set_on(session: Session, call: Call, **values: Any) -> None:
    session.execute(update(Call).where(Call.id == call.id).values(**values))


Break = Callable[[Session, Call, datetime], object]
OF_A_PUBLISHED: dict[str, Break] = {
    "changes of its draft are missing": lambda s, c, now: edit(s, c, sequence=9, at=now),
    "is older than the one before it": lambda s, c, now: edit(s, c, sequence=2, at=now - timedelta(days=999)),
    "its revisions are not": lambda s, c, now: set_on(s, c, revision=9),
    "does not match its hash": revision,
    "the design in force is not that of": lambda s, c, now: set_on(s, c, definition={"slug": "altro"}),
    "by its history at": lambda s, c, now: set_on(s, c, published_at=now + timedelta(days=1)),
    "it is cancelled, and its history": lambda s, c, now: set_on(s, c, status=CallStatus.CANCELLED),
    "it is concluded, and its history": lambda s, c, now: set_on(s, c, status=CallStatus.CONCLUDED),
    "is not the file that was attached": document,
    "misses one of its deadlines": lambda s, c, now: deadline(s, c, now, sequence=9),
    "comes before deadline": lambda s, c, now: deadline(s, c, now, closes_at=c.phases[0].opens_at + timedelta(hours=1)),
    "not the deadline in force": lambda s, c, now: s.execute(
        update(Phase).where(Phase.call_id == c.id).values(closes_at=now + timedelta(days=800))
    ),
    "opened in the ledger": lambda s, c, now: set_on(s, c, budget_cents=1),
}
OF_A_PLANNED: dict[str, Break] = {
    "was approved by no event": lambda s, c, now: set_on(s, c, revision=9),
    "its history tells another plan": lambda s, c, now: set_on(s, c, publish_at=now),
    "no work waits to publish it": lambda s, c, now: s.execute(delete(Job)),
    "the draft does not say what change": lambda s, c, now: set_on(
        s, c, status=CallStatus.DRAFT, publish_at=None, definition={"slug": "altro"}
    ),
}


def test_calls_as_the_operations_leave_them_are_whole(session: Session, out: Call, planned: Call) -> None:
    assert list(broken(session)) == []


@pytest.mark.parametrize("line", OF_A_PUBLISHED)
def test_what_is_wrong_with_a_published_call_is_told(session: Session, out: Call, now: datetime, line: str) -> None:
    OF_A_PUBLISHED[line](session, out, now)
    session.flush()
    session.expire_all()
    assert [found for found in broken(session) if line in found]


@pytest.mark.parametrize("line", OF_A_PLANNED)
def test_what_is_wrong_with_a_planned_call_is_told(session: Session, planned: Call, now: datetime, line: str) -> None:
    OF_A_PLANNED[line](session, planned, now)
    session.flush()
    session.expire_all()
    assert [found for found in broken(session) if line in found]
