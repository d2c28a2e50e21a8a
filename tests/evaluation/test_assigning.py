"""Who scores what: planned, looked at, put into force; given by hand and taken back."""

import pytest
from sqlalchemy import select

from portal.access.models import TieRow
from portal.access.policy import Tie
from portal.core.apart import NotDone
from portal.core.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from portal.evaluation import operations
from portal.evaluation.distribution import DistributionStatus, distribute, plan_from, read
from portal.evaluation.models import Assignment
from portal.evaluation.operations import distributing
from portal.evaluation.operations.distributing import PlanIsOld, keep_plan, solved
from tests.factories.base import as_actor
from tests.factories.evaluation import add_application, appoint, declare_conflict, make_evaluation


@pytest.fixture
def world(session, now):
    """Six applications, a commission of five, three evaluators for each application; nothing assigned yet."""
    made = make_evaluation(session, now=now, applications=6, members=4)
    appoint(session, made, now=now)
    return made


@pytest.fixture
def officer(session, world, now):
    return as_actor(session, world.officer, now=now)


@pytest.fixture
def ask(session, world, officer, now):
    """A plan, worked out as the worker does."""

    def asked(**terms):
        row = operations.ask_distribution(
            session, phase_id=world.phase.id, actor=officer, now=now, **{"together": None, **terms}
        )
        session.flush()
        return work_out(session, row, now)

    return asked


def work_out(session, row, now):
    """What the worker does."""
    found = solved(session, distribution_id=row.id)
    return keep_plan(session, distribution_id=row.id, plan=found, now=now)


def live(session):
    return session.scalars(select(Assignment)).all()


def test_a_plan_is_in_force_only_once_confirmed_exactly_as_shown(session, world, officer, ask, now):
    row = ask()
    assert row.status is DistributionStatus.READY
    assert live(session) == []
    operations.confirm_distribution(session, distribution_id=row.id, actor=officer, now=now)
    assert {(each.application_id, each.person_id) for each in live(session)} == set(plan_from(row.outcome).pairs)
    assert len(live(session)) == 18
    with pytest.raises(IllegalMove):
        operations.confirm_distribution(session, distribution_id=row.id, actor=officer, now=now)


def test_anybody_can_work_the_same_plan_out_again(session, ask):
    row = ask(together=4)
    assert distribute(*read(row.input_document)) == plan_from(row.outcome)


def test_a_plan_worked_out_before_something_changed_is_refused(session, world, officer, ask, now):
    row = ask()
    add_application(session, world, now=now)
    with pytest.raises(PlanIsOld):
        operations.confirm_distribution(session, distribution_id=row.id, actor=officer, now=now)
    assert live(session) == []
    again = ask()
    assert row.status is DistributionStatus.SET_ASIDE
    assert again.number == 2
    operations.set_aside_distribution(session, distribution_id=again.id, actor=officer, now=now)
    work_out(session, again, now)
    assert again.status is DistributionStatus.SET_ASIDE


def test_what_the_solver_gives_up_is_said(session, ask, monkeypatch):
    monkeypatch.setattr(distributing, "distribute", lambda *_problem: (_ for _ in ()).throw(NotDone()))
    row = ask(together=1)
    assert (row.status, row.outcome) == (DistributionStatus.FAILED, None)


def test_terms_hold_from_the_next_plan_on_for_substitutes_too(session, world, officer, ask, now):
    given = {"phase_id": world.phase.id, "actor": officer, "now": now}
    idle, knows = world.members[0].id, world.members[1].id
    area = world.call.design.areas[0].key
    operations.set_terms(session, person_id=idle, most=1, topics=[], **given)
    operations.set_terms(session, person_id=knows, most=None, topics=[area], **given)
    for each in world.applications:
        each.area = area
    row = ask()
    made = operations.confirm_distribution(session, distribution_id=row.id, actor=officer, now=now)
    assert sum(each.person_id == idle for each in made) == 1
    assert sum(each.person_id == knows for each in made) == 6
    with pytest.raises(Invalid):
        operations.set_terms(session, person_id=knows, most=None, topics=["altrove"], **given)
    with pytest.raises(NotFound):
        operations.set_terms(session, person_id=world.officer.id, most=None, topics=[], **given)


def test_the_leaver_s_applications_go_to_those_with_the_least_to_do(session, world, officer, ask, now):
    operations.confirm_distribution(session, distribution_id=ask().id, actor=officer, now=now)
    leaving = live(session)[0]
    declare_conflict(session, leaving, now=now)
    row = ask()
    operations.confirm_distribution(session, distribution_id=row.id, actor=officer, now=now)
    standing = [each for each in live(session) if each.status != "recused"]
    loads = [sum(each.person_id == person.id for each in standing) for person in world.people]
    assert sum(loads) == 18
    assert (leaving.application_id, leaving.person_id) not in {
        (each.application_id, each.person_id) for each in standing
    }


def test_one_is_given_by_hand_and_taken_back_while_nothing_is_written(session, world, officer, now):
    given = {"phase_id": world.phase.id, "actor": officer, "now": now}
    wanted, person = world.applications[0], world.members[0]
    made = operations.assign_one(session, reference=wanted.reference, person_id=person.id, **given)
    with pytest.raises(Invalid):
        operations.assign_one(session, reference=wanted.reference, person_id=person.id, **given)
    with pytest.raises(Invalid):
        operations.assign_one(session, reference="VIV-X", person_id=person.id, **given)
    operations.take_back(session, assignment_id=made.id, actor=officer, now=now)
    assert live(session) == []
    ties = select(TieRow.until).where(TieRow.person_id == person.id, TieRow.tie == Tie.ASSIGNED)
    assert all(until is not None for until in session.scalars(ties))
    with pytest.raises(NotFound):
        operations.take_back(session, assignment_id=made.id, actor=officer, now=now)


def test_by_hand_nobody_in_conflict_is_chosen_and_only_the_office_gives(session, world, officer, ask, now):
    operations.confirm_distribution(session, distribution_id=ask().id, actor=officer, now=now)
    leaving = live(session)[0]
    declare_conflict(session, leaving, now=now)
    with pytest.raises((Invalid, NotFound)):
        operations.assign_one(session, phase_id=world.phase.id, reference=leaving.application.reference,
                              person_id=leaving.person_id, actor=officer, now=now)  # fmt: skip
    chair = as_actor(session, world.chair, now=now)
    with pytest.raises(Forbidden):
        operations.ask_distribution(session, phase_id=world.phase.id, together=None, actor=chair, now=now)
    with pytest.raises(Invalid):
        operations.ask_distribution(session, phase_id=world.phase.id, together=0, actor=officer, now=now)
    finished = next(each for each in live(session) if each.status == "recused")
    with pytest.raises(Conflict):
        operations.take_back(session, assignment_id=finished.id, actor=officer, now=now)
