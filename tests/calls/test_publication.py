"""Approval by a second person, publication at a chosen instant, cancellation, conclusion: on both engines."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Role
from portal.access.queries import authority_by_code
from portal.calls import jobs
from portal.calls.checks import broken
from portal.calls.models import Call, CallEvent
from portal.calls.operations import (
    NotComplete,
    StillRunning,
    WrittenByYou,
    approve_call,
    cancel_call,
    conclude_call,
    import_call,
    plan_publication,
    publish_call,
    publish_when_due,
    withdraw_approval,
)
from portal.calls.publishing import checklist, is_ready
from portal.calls.queries import published_calls, remaining_budget
from portal.calls.rules import CallStatus, PhaseStatus
from portal.calls.rules.publication import CallEventKind
from portal.core.actor import SYSTEM
from portal.core.errors import IllegalMove, Invalid
from portal.core.jobs import Job
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.payments.checks import broken as broken_payments
from tests.factories.base import as_actor, make_application, make_authority, make_organisation, make_staff
from tests.factories.calls import dated_design, publish_design

ACT: dict[str, Any] = {"act_number": "2026/210/7", "act_date": date(2026, 3, 1)}
WHY = {"it": "Errore", "en": "Mistake"}


@pytest.fixture
def officers(session, now):
    """Two officers of Bari."""
    bari = make_authority(session)
    return [as_actor(session, make_staff(session, bari, Role.OFFICER, now=now), now=now) for _ in range(2)]


@pytest.fixture
def draft(session, now, officers) -> Call:
    """A draft that the first officer wrote."""
    return import_call(session, design=dated_design(now), actor=officers[0], now=now)


def kinds(session) -> list[CallEventKind]:
    """What happened, in order."""
    return list(session.scalars(select(CallEvent.kind).order_by(CallEvent.at, CallEvent.id)))


def test_whoever_wrote_the_last_change_does_not_approve_it(session, now, officers, draft):
    with pytest.raises(WrittenByYou):
        approve_call(session, call_id=draft.id, actor=officers[0], now=now)
    assert approve_call(session, call_id=draft.id, actor=officers[1], now=now).approved_by == officers[1].person_id


def test_the_database_refuses_the_author_too(session, now, officers, draft):
    wrong = {"status": CallStatus.APPROVED, "approved_by": officers[0].person_id}
    with pytest.raises(DBAPIError, match="approved by its author"):
        session.execute(update(Call).where(Call.id == draft.id).values(**wrong))


def test_a_change_after_approval_asks_for_it_again(session, now, officers, draft):
    approve_call(session, call_id=draft.id, actor=officers[1], now=now)
    changed = import_call(session, design=replace(draft.design, notes="Altro"), actor=officers[1], now=now)
    assert (changed.status, changed.approved_by) == (CallStatus.DRAFT, None)
    with pytest.raises(WrittenByYou):
        approve_call(session, call_id=draft.id, actor=officers[1], now=now)


def test_an_approval_is_taken_back_with_its_reason_and_the_plan_falls_with_it(session, now, officers, draft):
    approve_call(session, call_id=draft.id, actor=officers[1], now=now)
    plan_publication(session, call_id=draft.id, at=datetime(2026, 3, 5, 9), actor=officers[1], now=now, **ACT)
    with pytest.raises(Invalid):
        withdraw_approval(session, call_id=draft.id, reason={"it": "Sì", "en": ""}, actor=officers[1], now=now)
    withdraw_approval(session, call_id=draft.id, reason=WHY, actor=officers[1], now=now)
    assert (draft.status, draft.publish_at) == (CallStatus.DRAFT, None)
    assert publish_when_due(session, call_id=draft.id, now=now + timedelta(days=9)) is None
    assert kinds(session) == [CallEventKind.APPROVED, CallEventKind.PLANNED, CallEventKind.RETURNED]


def test_a_planned_call_goes_out_at_its_instant_and_nobody_sees_it_before(session, now, officers, draft):
    approve_call(session, call_id=draft.id, actor=officers[1], now=now)
    for wrong in (datetime(2026, 3, 1, 9), datetime(2026, 3, 29, 2, 30)):
        with pytest.raises(Invalid) as refused:
            plan_publication(session, call_id=draft.id, at=wrong, actor=officers[1], now=now, **ACT)
        assert refused.value.field == "publish_at"
    plan_publication(session, call_id=draft.id, at=datetime(2026, 3, 5, 9), actor=officers[1], now=now, **ACT)
    job = session.scalars(select(Job).where(Job.kind == "calls.publish")).one()
    assert job.run_at == draft.publish_at
    jobs.publish(session, now=job.run_at - timedelta(seconds=1), **job.args)
    assert (draft.published_at, list(published_calls(session, now=now))) == (None, [])
    jobs.publish(session, now=job.run_at, **job.args)
    assert (draft.status, draft.published_at, draft.publish_at) == (CallStatus.PUBLISHED, job.run_at, None)
    jobs.publish(session, now=job.run_at, **job.args)
    assert draft.design.acts[-1].number == "2026/210/7"
    assert kinds(session).count(CallEventKind.PUBLISHED) == 1
    assert list(broken(session)) == []


def test_an_act_is_never_younger_than_what_it_does(session, now, officers, draft):
    approve_call(session, call_id=draft.id, actor=officers[1], now=now)
    given: dict[str, Any] = {"call_id": draft.id, "act_number": "1", "actor": officers[0]}
    late = now.replace(hour=23, minute=30)
    with pytest.raises(Invalid) as refused:
        publish_call(session, act_date=date(2026, 3, 3), now=now, **given)
    assert refused.value.field == "act_date"
    with pytest.raises(Invalid):
        plan_publication(session, at=datetime(2026, 3, 5, 9), act_date=date(2026, 3, 6), now=now, **given)
    plan_publication(session, at=datetime(2026, 3, 5, 9), act_date=date(2026, 3, 5), now=now, **given)
    published = publish_call(session, act_date=date(2026, 3, 3), now=late, **given)
    assert published.is_published, "half past midnight in Rome"
    with pytest.raises(Invalid):
        cancel_call(session, act_date=date(2026, 3, 4), reason=WHY, now=late, **given)


def test_publication_is_refused_while_something_needed_is_missing(session, now, draft, officers):
    items = checklist(draft, [], now)
    assert not is_ready(items)
    faulty = draft.definition | {"criteria": []}
    approve_call(session, call_id=draft.id, actor=officers[1], now=now)
    assert is_ready(checklist(draft, [], now))
    draft.definition = faulty
    draft.__dict__.pop("design")
    with pytest.raises(NotComplete):
        publish_call(session, call_id=draft.id, actor=SYSTEM, now=now, **ACT)


def test_a_cancelled_call_gives_its_budget_back_and_takes_nothing_more(session, now):
    call = publish_design(session, dated_design(now), now=now)
    application = make_application(session, call, make_organisation(session, now=now), now=now)
    given = {"call_id": call.id, "actor": SYSTEM, "now": now, "reason": WHY, **ACT}
    with pytest.raises(Invalid):
        cancel_call(session, **(given | {"reason": {}}))
    cancel_call(session, **given)
    [line] = remaining_budget(session, call)
    assert (line.remaining_cents, line.awarded_cents, line.released_cents) == (0, 0, line.line.amount_cents)
    assert balance_of(session, AccountKind.FUND, call.id) == 0
    assert [*broken(session), *broken_payments(session)] == []
    assert (call.open_phase(now), call.phases[0].is_open(now)) == (None, False)
    with pytest.raises(IllegalMove):
        cancel_call(session, **given)
    assert application.is_draft
    with pytest.raises(DBAPIError, match="cancelled call"):
        make_application(session, call, make_organisation(session, now=now), now=now)


def test_a_call_is_concluded_after_its_phases(session, now):
    call = publish_design(session, dated_design(now), now=now)
    with pytest.raises(StillRunning):
        conclude_call(session, call_id=call.id, actor=SYSTEM, now=now)
    call.phases[0].status = PhaseStatus.CONCLUDED
    conclude_call(session, call_id=call.id, actor=SYSTEM, now=now)
    assert (call.status, balance_of(session, AccountKind.FUND, call.id)) == (CallStatus.CONCLUDED, 0)
    assert authority_by_code(session, "bari") is not None


@pytest.mark.parametrize("statement", ["UPDATE call_event SET revision = 9", "DELETE FROM call_event"])
def test_what_happened_is_never_changed(session, now, statement):
    publish_design(session, dated_design(now), now=now)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
