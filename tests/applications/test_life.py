"""The life of an application under a moving clock: whatever people, the office and the worker do, and in any order."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.applications import operations
from portal.applications.checks import broken
from portal.applications.jobs import restore
from portal.applications.models import Application, Submission
from portal.applications.operations import PhaseClosed
from portal.applications.rules import ApplicationStatus as S
from portal.calls.models import PhaseDeadline
from portal.core.errors import Conflict, IllegalMove
from tests.factories.applications import World, send

WAITING = timedelta(seconds=120)


class Life(RuleBasedStateMachine):
    """A model of one application beside the real one; both must always agree."""

    session: Any
    world: World
    application: Application

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.session.begin_nested()
        self.now, self.closes = self.world.now, self.world.phase.closes_at
        self.sent: list[datetime] = []
        self.status, self.extensions = S.DRAFT, 1

    def teardown(self) -> None:
        """Back to the draft that every life begins with."""
        self.savepoint.rollback()
        self.session.expire_all()

    @property
    def is_open(self) -> bool:
        return self.now <= self.closes

    def attempt(self, allowed: bool, refusal: Any, act: Any) -> bool:
        if not allowed:
            with pytest.raises(refusal):
                act()
            return False
        act()
        self.session.flush()
        return True

    @rule(minutes=st.integers(1, 200))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def time_goes_to_the_deadline(self) -> None:
        self.now = max(self.now, self.closes)

    @precondition(lambda self: self.extensions < 4)
    @rule(hours=st.integers(1, 6))
    def the_office_extends(self, hours: int) -> None:
        self.extensions += 1
        self.closes = max(self.closes, self.now) + timedelta(hours=hours)
        self.session.add(
            PhaseDeadline(
                phase_id=self.world.phase.id, sequence=self.extensions, closes_at=self.closes, last_instant=self.closes,
                accepted_until=self.closes + WAITING, zone="Europe/Rome", decided_at=self.now,
            )
        )  # fmt: skip
        self.session.flush()
        self.session.expire(self.world.phase)

    @rule()
    def somebody_sends(self) -> None:
        if self.status is S.SUBMITTED:
            send(self.session, self.application, by=self.world.actor, at=self.now)
            return
        allowed = self.status is S.DRAFT and self.is_open
        refusal = PhaseClosed if not self.is_open else IllegalMove
        if self.attempt(
            allowed, refusal, lambda: send(self.session, self.application, by=self.world.actor, at=self.now)
        ):
            self.status = S.SUBMITTED
            self.sent.append(self.now)

    @rule()
    def somebody_reopens(self) -> None:
        allowed = self.status is S.SUBMITTED and self.is_open
        if self.attempt(allowed, (PhaseClosed, IllegalMove), lambda: self.do(operations.reopen_application)):
            self.status = S.DRAFT

    @rule()
    def somebody_keeps_what_was_registered(self) -> None:
        allowed = self.status is S.DRAFT and bool(self.sent)
        if self.attempt(allowed, Conflict, lambda: self.do(operations.keep_registered_version)):
            self.status = S.SUBMITTED

    @rule()
    def somebody_withdraws(self) -> None:
        allowed = self.status is not S.WITHDRAWN
        if self.attempt(allowed, IllegalMove, lambda: self.do(operations.withdraw_application)):
            self.status = S.WITHDRAWN

    @rule()
    def the_worker_restores(self) -> None:
        restore(self.session, now=self.now, application_id=str(self.application.id))
        self.session.flush()
        if self.status is S.DRAFT and self.sent and self.now > self.closes + WAITING:
            self.status = S.SUBMITTED

    def do(self, operation: Any) -> None:
        operation(self.session, application_id=self.application.id, actor=self.world.actor, now=self.now)

    @invariant()
    def both_agree(self) -> None:
        assert self.application.status is self.status
        rows = self.session.scalars(select(Submission).order_by(Submission.received_at, Submission.id)).all()
        assert [row.received_at for row in rows] == self.sent
        assert [row.protocol_entry.number for row in rows] == list(range(1, len(rows) + 1))
        assert list(broken(self.session)) == []


@pytest.mark.hypothesis
def test_whatever_happens_the_model_and_the_portal_agree(session, now):
    Life.session, Life.world = session, World(session, now, closes=timedelta(hours=5))
    Life.application = Life.world.draft()
    run_state_machine_as_test(Life)
