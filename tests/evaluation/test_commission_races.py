"""Acts of a commission at the same moment, on real databases with real threads: each takes effect once."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from portal.evaluation import operations, sitting_checks
from portal.evaluation.checks import broken
from portal.evaluation.models import Minutes, MinutesSignature, Ranking
from portal.evaluation.operations.ranking_runs import compute
from tests.engines import both_engines
from tests.factories.base import as_actor
from tests.factories.evaluation import assign, make_evaluation, score_everything
from tests.factories.racing import at_once
from tests.factories.sittings import convene, keeper, make_commission, open_one

HOUR = timedelta(hours=1)
TIMES = 3
"""Threads that meet in each race."""


@pytest.fixture
def keeping(store, now):
    """How the session that is open is closed."""
    with store() as session:
        world, _commission = make_commission(session, now=now)
        sitting = open_one(session, world, convene(session, world, now=now), now=now + HOUR)
        close = partial(operations.close_sitting, sitting_id=sitting.id, actor=keeper(session, world, now=now),
                        now=now + 3 * HOUR)  # fmt: skip
    return world, close


@both_engines
def test_a_session_closed_by_several_at_once_has_minutes_once(app, store, keeping):
    _world, close = keeping
    assert at_once(app, *[close] * TIMES) == [*["IllegalMove"] * (TIMES - 1), "done"]
    with store() as session:
        assert session.scalar(select(func.count(Minutes.id))) == 1
        assert not list(sitting_checks.broken(session))


@both_engines
def test_minutes_signed_twice_by_the_same_hand_are_signed_once(app, store, now, keeping):
    world, close = keeping
    with store() as session:
        made = close(session)
        later = now + 4 * HOUR
        sign = partial(operations.sign_minutes, minutes_id=made.id, sha256=made.sha256, now=later,
                       actor=as_actor(session, world.chair, now=later))  # fmt: skip
    assert at_once(app, *[sign] * TIMES) == [*["NotToSign"] * (TIMES - 1), "done"]
    with store() as session:
        signed = select(MinutesSignature).where(MinutesSignature.signed_at.is_not(None))
        assert [each.person_id for each in session.scalars(signed)] == [world.chair.id]


@both_engines
def test_a_ranking_computed_by_several_at_once_is_as_many_versions_and_one_draft(app, store, now):
    with store() as session:
        world = make_evaluation(session, now=now, applications=2)
        assign(session, world, now=now)
        score_everything(session, world, now=now)
        act = partial(compute, phase_id=world.phase.id, actor=as_actor(session, world.officer, now=now), now=now)
    assert at_once(app, *[act] * TIMES) == ["done"] * TIMES
    with store() as session:
        found = session.scalars(select(Ranking).order_by(Ranking.version)).all()
        assert [each.version for each in found] == [1, 2, 3]
        assert [each.status.value for each in found] == ["superseded", "superseded", "drafted"]
        assert len({each.output_sha256 for each in found}) == 1
        assert not list(broken(session))
