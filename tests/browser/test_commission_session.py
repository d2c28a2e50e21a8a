"""A session of the commission as its people hold it, from the notice to signed minutes, in Chromium."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from portal.calls.rules import ConflictEffect, EvaluationRules
from portal.core import clock
from portal.core.db import database
from portal.core.jobs.worker import new_owner, run_one
from portal.evaluation import checks, sitting_checks
from tests.browser.steps import sitting
from tests.browser.steps.sitting import Room
from tests.factories.base import bari_design
from tests.factories.sittings import make_commission

STEPS: list[tuple[str, Callable[[Room], None]]] = [
    ("the secretary convenes", sitting.convene),
    ("it opens with a quorum", sitting.open_it),
    ("everybody declares", sitting.declare),
    ("the office assigns", sitting.assign),
    ("the commission scores", sitting.score),
    ("it agrees where marks lie apart", sitting.agree),
    ("the chair computes the ranking", sitting.rank),
    ("the secretary closes", sitting.close),
    ("they sign, and one does not", sitting.sign),
]
"""What happens, in the order in which it happens."""


@pytest.fixture
def room(live, open_page, come_in) -> Room:
    """Two admitted applications, an appointed commission with its secretary, a call that asks for agreement."""
    rules = EvaluationRules(conflict_effect=ConflictEffect.APPLICATION, consensus_spread=Decimal(20))
    with live.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        design = replace(bari_design(), evaluation=rules)
        world, _commission = make_commission(session, now=datetime.now(UTC), design=design)
        session.commit()

    def work() -> None:
        with live.app.app_context():
            while run_one(database.engine, clock=clock.now, owner=new_owner()):
                pass

    return Room(world, lambda email: come_in(open_page(), email), work)


def test_a_session_of_the_commission_from_its_notice_to_its_signatures(live, room, accessible):
    for name, step in STEPS:
        try:
            step(room)
        except BaseException as error:
            error.add_note(f"while: {name}")
            raise
    accessible(room.person(sitting.SECOND).page)
    with live.app.app_context(), Session(database.engine) as session:
        assert [*checks.broken(session), *sitting_checks.broken(session)] == []
