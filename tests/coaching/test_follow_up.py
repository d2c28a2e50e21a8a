"""Questions after the end on both databases: asked on their day, answered once through the latest link."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.access.queries import token_hash
from portal.calls.rules.design import MaturityMoment
from portal.coaching.followup.operations import (
    AlreadyAnswered,
    Given,
    LinkIsOver,
    answer_follow_up,
    ask_again,
    ask_those_due,
    plan_follow_ups,
)
from portal.coaching.followup.operations.asking import NotTheTime
from portal.coaching.followup.queries import link_page
from portal.coaching.followup.rules import Count, IncomeSource, LinkState, published_counts
from portal.coaching.maturity.queries import grown
from portal.coaching.maturity.stages import Lack, Stage
from portal.coaching.models import FollowUpLink
from portal.core.actor import ANONYMOUS, SYSTEM
from portal.core.errors import Invalid, NotFound
from portal.grants.rules import GrantStatus, months_after
from tests.factories.growing import ask, end_at, follow_up, make_growing, rate

ALIVE = Given(is_alive=True, income={IncomeSource.SALES: 120_000}, jobs=3, disadvantaged=1, helped="Il coach.")


def test_questions_are_planned_with_the_project_and_asked_on_their_day_once(session, now):
    _world, grant = make_growing(session, now=now)
    row = follow_up(session, grant)
    assert grant.ends_on is not None
    assert row.opens_on == months_after(grant.ends_on, 6)
    assert ask_those_due(session, now=now) == 0
    later = grant.ends_on + timedelta(days=30)
    grant.ends_on = later
    plan_follow_ups(session, grant_id=grant.id, actor=SYSTEM, now=now)
    assert row.opens_on == months_after(later, 6)
    end_at(session, grant, now, days=181)
    assert ask_those_due(session, now=now) == 1
    assert ask_those_due(session, now=now) == 0
    grant.status = GrantStatus.REVOKED
    follow_up(session, grant, 12).opens_on = row.opens_on
    assert ask_those_due(session, now=now) == 0


def test_one_link_takes_one_answer_and_looking_uses_nothing_up(session, now):
    world, grant = make_growing(session, now=now)
    end_at(session, grant, now, days=200)
    row = follow_up(session, grant)
    token = ask(world, row, now=now)
    links = session.scalars(select(FollowUpLink)).all()
    assert [each.token_hash for each in links] == [token_hash(token)]
    for _ in range(3):
        assert link_page(session, token, now).state is LinkState.OPEN
    answer = answer_follow_up(session, token=token, given=ALIVE, actor=ANONYMOUS, now=now)
    assert (answer.jobs, answer.disadvantaged, answer.income_cents) == (3, 1, 120_000)
    session.refresh(row)
    assert link_page(session, token, now).state is LinkState.ANSWERED
    with pytest.raises(LinkIsOver):
        answer_follow_up(session, token=token, given=ALIVE, actor=ANONYMOUS, now=now)
    with pytest.raises(AlreadyAnswered):
        ask(world, row, now=now)
    session.flush()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE follow_up_answer SET jobs = 9"))


def test_a_new_link_voids_the_former_and_days_void_the_last(session, now):
    world, grant = make_growing(session, now=now)
    end_at(session, grant, now, days=200)
    row = follow_up(session, grant)
    first = ask(world, row, now=now)
    second = ask(world, row, now=now + timedelta(hours=1))
    with pytest.raises(LinkIsOver):
        answer_follow_up(session, token=first, given=ALIVE, actor=ANONYMOUS, now=now + timedelta(hours=2))
    late = now + timedelta(days=61)
    assert link_page(session, second, late).state is LinkState.EXPIRED
    with pytest.raises(LinkIsOver):
        answer_follow_up(session, token=second, given=ALIVE, actor=ANONYMOUS, now=late)
    with pytest.raises(NotFound):
        answer_follow_up(session, token="nobody-sent-this", given=ALIVE, actor=ANONYMOUS, now=now)
    by_a_void_one = text(
        "INSERT INTO follow_up_answer (id, follow_up_id, link_id, answered_at, is_alive, jobs, disadvantaged)"
        " SELECT id, follow_up_id, id, sent_at, true, 1, 0 FROM follow_up_link WHERE void_at IS NOT NULL"
    )
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(by_a_void_one)


def test_impossible_answers_and_untimely_links_are_refused(session, now):
    world, grant = make_growing(session, now=now)
    row = follow_up(session, grant)
    with pytest.raises(NotTheTime):
        ask_again(session, follow_up_id=row.id, actor=world.actor(world.officer), now=now)
    with pytest.raises(NotFound):
        ask_again(session, follow_up_id=row.id, actor=world.actor(world.owner), now=now)
    end_at(session, grant, now, days=200)
    token = ask(world, row, now=now)
    for field, wrong in (("jobs", Given(True, jobs=-1)), ("disadvantaged", Given(True, jobs=2, disadvantaged=3)),
                         ("helped", Given(True, helped="a" * 2001))):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            answer_follow_up(session, token=token, given=wrong, actor=ANONYMOUS, now=now)
        assert refused.value.field == field
    over = Given(False, income={IncomeSource.SALES: 5}, jobs=4)
    answer = answer_follow_up(session, token=token, given=over, actor=ANONYMOUS, now=now)
    assert (answer.jobs, answer.income_cents) == (0, 0)


def test_income_told_after_the_end_makes_a_team_sustaining(session, now):
    world, grant = make_growing(session, now=now)
    end_at(session, grant, now, days=200)
    rate(world, grant, by=world.coach, level=3, now=now, moment=MaturityMoment.END)
    before = grown(session, [grant])[grant.id].standing
    assert (before.stage, before.lacks) == (Stage.OPERATING, (Lack.FOLLOW_UP,))
    token = ask(world, follow_up(session, grant), now=now)
    answer_follow_up(session, token=token, given=ALIVE, actor=ANONYMOUS, now=now)
    assert grown(session, [grant])[grant.id].standing.stage is Stage.SUSTAINING


COUNTS = st.integers(0, 9).flatmap(lambda jobs: st.builds(Count, st.just(jobs), st.integers(0, jobs)))


@given(st.lists(COUNTS, max_size=6))
def test_no_small_count_is_published_nor_left_to_be_worked_out(counts):
    whole, part = published_counts(counts)
    assert whole is None or not 0 < whole < 5
    assert part is None or (whole is not None and not 0 < part < 5 and not 0 < whole - part < 5)
