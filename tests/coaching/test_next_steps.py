"""Next steps: on the desk of their owner, ticked off there, put off, overdue."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.coaching.models import NextStep
from portal.coaching.next_steps import operations
from portal.coaching.next_steps.operations import StepAsked
from portal.coaching.queries import asks
from portal.core.errors import IllegalMove, Invalid, NotFound
from portal.notices.models import Notice
from tests.factories.due import due_of


def agreed(accompanied, owner=None, days=7, **given):
    due_on = (accompanied.now + timedelta(days=days)).date()
    row = accompanied.log(
        steps=[StepAsked("Chiedere tre preventivi", (owner or accompanied.world.owner).id, due_on)], **given
    )
    return accompanied.session.scalars(select(NextStep).where(NextStep.session_id == row.id)).one()


def desk(accompanied, person, at=None):
    found = due_of(asks)(accompanied.session, accompanied.actor(person), at or accompanied.now)
    return [step for step in found if step.acts]


def test_a_step_waits_on_its_owner_s_desk_and_is_ticked_off_there(accompanied):
    step, world = agreed(accompanied), accompanied.world
    (due,) = desk(accompanied, world.owner)
    assert (due.what, due.path) == ("Chiedere tre preventivi", f"/next-steps/{step.id}/done")
    assert due.by.date() == step.due_on
    assert desk(accompanied, world.coach) == []
    assert accompanied.session.scalars(select(Notice).where(Notice.person_id == world.owner.id)).all()
    operations.tick_off(accompanied.session, next_step_id=step.id, **accompanied.by(world.owner))
    assert desk(accompanied, world.owner) == []
    with pytest.raises(IllegalMove):
        operations.tick_off(accompanied.session, next_step_id=step.id, **accompanied.by(world.owner))


def test_a_step_put_off_counts_how_often_and_is_overdue_after_its_day(accompanied):
    step, by = agreed(accompanied, accompanied.world.coach), accompanied.by(accompanied.world.coach)
    with pytest.raises(Invalid) as refused:
        operations.carry_over(accompanied.session, next_step_id=step.id, due_on=step.due_on, **by)
    assert refused.value.field == "due_on"
    later = step.due_on + timedelta(days=7)
    operations.carry_over(accompanied.session, next_step_id=step.id, due_on=later, **by)
    assert (step.due_on, step.carried) == (later, 1)
    (due,) = desk(accompanied, accompanied.world.coach, accompanied.now + timedelta(days=30))
    assert due.by < accompanied.now + timedelta(days=30)
    operations.drop_step(accompanied.session, next_step_id=step.id, **by)
    assert desk(accompanied, accompanied.world.coach) == []


def test_only_team_and_coach_settle_and_only_they_own(accompanied):
    step, world = agreed(accompanied), accompanied.world
    for stranger in (world.leader, accompanied.second_coach, world.officer):
        with pytest.raises(NotFound):
            operations.tick_off(accompanied.session, next_step_id=step.id, **accompanied.by(stranger))
    with pytest.raises(Invalid) as refused:
        agreed(accompanied, world.leader, hours_ago=9)
    assert refused.value.field == "owner_1"
