"""What a conflict does, as the call declares: a substitute for the whole call, unless the call says otherwise."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access.policy import Role, Tie
from portal.access.ties import untie
from portal.applications.rules import ApplicationStatus
from portal.calls.rules import EvaluationRules
from portal.evaluation import operations
from portal.evaluation.models import Assignment, ConflictDeclaration
from portal.evaluation.queries.naming import names_to_declare
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.rules import AssignmentStatus
from portal.notices.models import Notice
from tests.factories.base import as_actor, bari_design, join, make_staff
from tests.factories.evaluation import (
    actor_for,
    appoint,
    compute,
    declare_all,
    declare_conflict,
    declare_free,
    make_evaluation,
    score,
)


def make_world(session, now, *, substitutes=1, applications=2):
    """The default: a conflict ends the seat."""
    design = replace(bari_design(), evaluation=EvaluationRules())
    world = make_evaluation(session, now=now, applications=applications, design=design)
    world.known["waiting"] = [
        make_staff(session, world.authority, Role.EVALUATOR, now=now, name=f"Sara Supplente {n}")
        for n in range(substitutes)
    ]
    world.known["commission"] = appoint(
        session, world, now=now, substitute_ids=[each.id for each in world.known["waiting"]]
    )
    return world


def give_out(session, world, now):
    officer = as_actor(session, world.officer, now=now)
    return operations.assign_all(session, phase_id=world.phase.id, actor=officer, now=now).assignments


def states_of(session, person):
    query = select(Assignment.status).where(Assignment.person_id == person.id)
    return set(session.scalars(query))


def seated(session, world):
    commission = commission_of(session, world.phase.id)
    assert commission is not None
    return {each.person_id for each in commission.members}


def test_one_conflict_ends_the_seat_and_a_substitute_has_everything(session, now):
    world = make_world(session, now)
    mine = [each for each in give_out(session, world, now) if each.person_id == world.members[0].id]
    declare_free(session, mine[0], now=now)
    declare_conflict(session, mine[1], now=now)
    assert states_of(session, world.members[0]) == {AssignmentStatus.RECUSED}
    assert seated(session, world) == {world.chair.id, world.members[1].id, world.known["waiting"][0].id}
    assert states_of(session, world.known["waiting"][0]) == {AssignmentStatus.ASSIGNED}
    actor = as_actor(session, world.members[0], now=now)
    assert not actor.objects_tied_as(Tie.ASSIGNED) | actor.objects_tied_as(Tie.COMMISSION)
    assert actor.objects_tied_as(Tie.CONFLICTED) == {mine[1].application_id}


def test_final_scores_of_who_leaves_count_no_more(session, now):
    world = make_world(session, now, applications=1)
    target = world.applications[0]
    first, *others = give_out(session, world, now)
    for each, share in ((first, 100), *((other, 60) for other in others)):
        declare_free(session, each, now=now)
        score(session, each, now=now, share=share)
    assert str(target.status) == "scored"
    operations.step_back(
        session, assignment_id=first.id, reason="Socio in affari", actor=actor_for(session, first, now=now), now=now
    )
    assert first.status is AssignmentStatus.RECUSED
    assert target.status is ApplicationStatus.ADMISSIBLE
    last = session.scalars(select(Assignment).where(Assignment.status == AssignmentStatus.ASSIGNED)).one()
    declare_free(session, last, now=now)
    score(session, last, now=now, share=60)
    assert compute(session, world, now=now).rows[0].total_hundredths == 6000


def test_a_substitute_in_conflict_too_is_passed_over(session, now):
    world = make_world(session, now, substitutes=2)
    second, third = world.known["waiting"]
    first = give_out(session, world, now)[0]
    join(session, second, world.applications[1].organisation, Tie.EDITOR, now=now - timedelta(days=400))
    untie(session, person_id=second.id, tie=Tie.EDITOR, object_id=world.applications[1].organisation_id, now=now)
    declare_conflict(session, first, now=now)
    assert second.id not in seated(session, world)
    assert third.id in seated(session, world)
    assert AssignmentStatus.ASSIGNED not in states_of(session, second)


def test_with_nobody_left_the_office_is_told_and_nothing_is_settled_with_fewer(session, now):
    world = make_world(session, now, substitutes=0, applications=1)
    first, *others = give_out(session, world, now)
    for each in others:
        declare_free(session, each, now=now)
        score(session, each, now=now)
    declare_conflict(session, first, now=now)
    assert world.applications[0].status is ApplicationStatus.ADMISSIBLE
    texts = [each.text["it"] for each in session.scalars(select(Notice).where(Notice.person_id == world.officer.id))]
    assert any("occorre nominare qualcuno con un atto" in each for each in texts)


def test_what_the_portal_finds_later_follows_the_same_way(session, now):
    world = make_world(session, now)
    declare_all(session, world, now=now)
    join(session, world.members[0], world.applications[0].organisation, Tie.VIEWER, now=now)
    give_out(session, world, now)
    assert world.members[0].id not in seated(session, world)
    assert states_of(session, world.members[0]) == set()


def test_an_old_membership_is_suggested_a_late_one_holds(session, now):
    world = make_world(session, now, applications=2)
    old, late = world.members
    for person, application, years in ((old, 0, 6), (late, 1, 4)):
        organisation = world.applications[application].organisation
        join(session, person, organisation, Tie.EDITOR, now=now - timedelta(days=3000))
        untie(session, person_id=person.id, tie=Tie.EDITOR, object_id=organisation.id,
              now=now - timedelta(days=365 * years))  # fmt: skip
    operations.declare_in_general(
        session, phase_id=world.phase.id, holds=True, actor=as_actor(session, old, now=now), now=now
    )
    noticed = {each.application_id: each.likenesses for each in names_to_declare(session, world.phase.id, old.id)}
    assert noticed[world.applications[0].id] == {"former_member"}
    assert seated(session, world) == {world.chair.id, old.id, world.known["waiting"][0].id}
    found = session.scalars(select(ConflictDeclaration).where(ConflictDeclaration.has_conflict)).one()
    assert found.person_id == late.id


@pytest.mark.parametrize("by", ["officer", "chair"])
def test_a_confirmed_suggestion_ends_the_seat_a_dismissed_one_opens_the_proposal(session, now, by):
    world = make_world(session, now)
    for person in world.members:
        join(session, person, world.applications[0].organisation, Tie.EDITOR, now=now - timedelta(days=3000))
        untie(session, person_id=person.id, tie=Tie.EDITOR, object_id=world.applications[0].organisation_id,
              now=now - timedelta(days=2900))  # fmt: skip
    declare_all(session, world, now=now)
    give_out(session, world, now)
    about = {"application_id": world.applications[0].id, "now": now}
    about["actor"] = as_actor(session, getattr(world, by), now=now)
    decide = operations.decide_suggestion
    waiting = select(Assignment).where(
        Assignment.application_id == world.applications[0].id, Assignment.status == AssignmentStatus.ASSIGNED
    )
    assert {each.person_id for each in session.scalars(waiting)} == {each.id for each in world.members}
    decide(session, person_id=world.members[0].id, is_conflict=False, reason="Dieci anni fa", **about)
    assert [each.person_id for each in session.scalars(waiting)] == [world.members[1].id]
    decide(session, person_id=world.members[1].id, is_conflict=True, reason="Ne è ancora fornitore", **about)
    assert seated(session, world) == {world.chair.id, world.members[0].id, world.known["waiting"][0].id}
