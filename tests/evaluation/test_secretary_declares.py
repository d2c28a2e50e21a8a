"""Whoever keeps the minutes declares too: before it nothing of an application is shown to them, after it as said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.access.policy import Tie
from portal.calls.rules import ConflictEffect, EvaluationRules
from portal.evaluation import operations
from portal.evaluation.queries.naming import kept_from, names_to_declare
from portal.evaluation.queries.seats import commission_of
from tests.factories.base import as_actor, bari_design, sign_in
from tests.factories.evaluation import declare_all, swear
from tests.factories.sittings import convene, keeper, make_commission, open_one

HOUR = timedelta(hours=1)


def commission_with(session, now, effect=ConflictEffect.APPLICATION):
    design = replace(bari_design(), evaluation=EvaluationRules(conflict_effect=effect))
    world, _commission = make_commission(session, now=now, design=design)
    officer = as_actor(session, world.officer, now=now)
    operations.assign_all(session, phase_id=world.phase.id, actor=officer, now=now)
    return world


def answer(session, world, now, conflict=None):
    """The secretary swears and answers on every name."""
    actor = keeper(session, world, now=now)
    swear(session, world.phase.id, actor, now=now)
    names = names_to_declare(session, world.phase.id, world.known["secretary"].id)
    whys = {each.names_id: "Cugina" for each in names if conflict and each.application_id == conflict.id}
    operations.answer_names(session, phase_id=world.phase.id, seen=[each.names_id for each in names], conflicts=whys,
                            actor=actor, now=now)  # fmt: skip


def test_nothing_is_shown_to_a_secretary_who_has_not_declared(page, store, now):
    with store() as session:
        world = commission_with(session, now)
        sitting = open_one(session, world, convene(session, world, now=now), now=now + HOUR)
        declare_all(session, world, now=now + HOUR, secretary=False)
    references = [each.reference for each in world.applications]
    names = [each.organisation.name for each in world.applications]
    sign_in(page, world.known["secretary"].email)
    shown = (f"/sittings/{sitting.id}", f"/sittings/{sitting.id}/closing",
             f"/manage/calls/{world.call.slug}/progress", f"/manage/calls/{world.call.slug}/commission",
             f"/manage/calls/{world.call.slug}/conflicts", f"/commissions/{world.known['commission'].id}")  # fmt: skip
    for path in shown:
        page.get(path)
        assert not any(page.shows(each) for each in (*references, *names)), path
    page.get(f"/discussions/{world.applications[0].id}", 404)
    page.get("/desk")
    assert page.shows("Rendere la dichiarazione come componente della commissione")
    page.get(f"/scoring/declarations/{world.phase.id}")
    page.submit("#general", holds="yes")
    assert page.shows(names[0])
    page.submit("#names", answer="none", seen=page.tree.xpath("//input[@name='seen']/@value"))
    page.get(f"/manage/calls/{world.call.slug}/progress")
    assert page.shows(references[0])


def test_a_conflict_closes_that_application_to_who_keeps_the_minutes(session, now):
    world = commission_with(session, now)
    answer(session, world, now, conflict=world.applications[0])
    actor = keeper(session, world, now=now)
    assert kept_from(session, actor, world.phase.id) == {world.applications[0].id}
    assert actor.objects_tied_as(Tie.SECRETARY)


@pytest.mark.parametrize("effect", [ConflictEffect.CALL])
def test_where_the_call_says_so_it_ends_the_seat_and_the_office_appoints_another(session, now, effect):
    world = commission_with(session, now, effect)
    answer(session, world, now, conflict=world.applications[0])
    commission = commission_of(session, world.phase.id)
    assert commission is not None
    assert commission.secretary is None
    assert len(commission.members) == 3
    assert not keeper(session, world, now=now).objects_tied_as(Tie.SECRETARY)
