"""A conflict is lifted by an act of another hand: what was declared stays, and the paths to the proposal return."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access.policy import Role, Tie
from portal.access.ties import tie, untie
from portal.core.audit import AuditEvent
from portal.core.errors import Forbidden, InvalidForm, NotFound
from portal.evaluation import operations
from portal.evaluation.models import Assignment, ConflictDeclaration
from portal.evaluation.operations.lifting import NoConflictHolds, NotForThisHand, OwnConflict, StandsByLaw
from portal.evaluation.rules import AssignmentStatus
from tests.evaluation.test_conflict_canary import BYTES, CONTENT, give_out, make_world
from tests.factories.base import as_actor, join, make_person, sign_in
from tests.factories.evaluation import assign, declare_conflict, declare_free, make_evaluation, score

HOUR = timedelta(hours=1)


def lift(session, world, person, by, *, now, **changed):
    given = {"reason": "Omonimia accertata", "act_number": "2026/77", "act_date": now.date()} | changed
    return operations.lift_conflict(session, application_id=world.known["target"].id, person_id=person.id, now=now,
                                    actor=as_actor(session, by, now=now), **given)  # fmt: skip


@pytest.fixture
def world(session, now):
    """Three who score everything; the first member is in conflict with the first application."""
    made = make_evaluation(session, now=now, applications=2)
    made.assignments = assign(session, made, now=now)
    made.known["target"] = made.applications[0]
    made.known["mine"] = of(made, made.members[0])
    declare_conflict(session, made.known["mine"], "Cugina", now=now)
    declare_free(session, of(made, made.chair), now=now)
    return made


def of(world, person):
    """Somebody's assignment of the application that all of it is about."""
    return next(each for each in world.assignments if each.person_id == person.id
                and each.application_id == world.known["target"].id)  # fmt: skip


def test_the_paths_return_once_who_declared_has_answered_anew(page, store, now):
    now -= 4 * HOUR
    with store() as session:
        made = make_world(session, now, members=2)
        made.assignments = give_out(session, made, now)
        made.known["mine"] = mine = of(made, made.members[0])
        declare_conflict(session, mine, "Cugina", now=now)
        declare_free(session, of(made, made.chair), now=now)
    sign_in(page, made.members[0].email)
    page.get(f"/scoring/{mine.id}", 404)
    with store() as session:
        lift(session, made, made.members[0], made.chair, now=now + HOUR)
    for path in ("/desk", "/scoring", f"/scoring/{mine.id}", f"/scoring/{mine.id}/check"):
        text = page.client.get(path).get_data(as_text=True)
        assert not any(each in text for each in (*CONTENT, made.known["target"].reference)), path
    with store() as session:
        declare_free(session, session.get_one(Assignment, mine.id), now=now + 2 * HOUR)
    answer = page.client.get(f"/scoring/{mine.id}/files/{made.known['file'].id}")
    assert (answer.status_code, BYTES.encode() in answer.get_data()) == (200, True)
    page.get(f"/scoring/{mine.id}")
    assert page.shows(CONTENT[0])


def test_the_chair_lifts_by_an_act_and_the_declaration_stays(session, now, world):
    member, later = world.members[0], now + HOUR
    before = session.scalars(select(ConflictDeclaration.id).where(ConflictDeclaration.has_conflict)).all()
    (row,) = lift(session, world, member, world.chair, now=later)
    assert (row.act_number, row.reason, row.lifted_by) == ("2026/77", "Omonimia accertata", world.chair.id)
    assert session.scalars(select(ConflictDeclaration.id).where(ConflictDeclaration.has_conflict)).all() == before
    assert world.known["mine"].awaits_declaration
    events = session.scalars(select(AuditEvent).where(AuditEvent.event == "conflict.lift")).all()
    assert [(each.actor_id, each.reason) for each in events] == [(world.chair.id, "Omonimia accertata")]
    officer = as_actor(session, world.officer, now=later)
    operations.assign_all(session, phase_id=world.phase.id, actor=officer, now=later)
    assert world.known["target"].id not in as_actor(session, member, now=later).objects_tied_as(Tie.CONFLICTED)
    with pytest.raises(NoConflictHolds):
        lift(session, world, member, world.chair, now=later)
    declare_free(session, world.known["mine"], now=later + HOUR)
    score(session, world.known["mine"], now=later + HOUR)
    assert world.known["mine"].is_final


def test_who_was_free_and_then_in_conflict_answers_anew_too(session, now, world):
    other = of(world, world.members[1])
    declare_free(session, other, now=now)
    actor = as_actor(session, world.members[1], now=now + HOUR)
    operations.step_back(session, assignment_id=other.id, reason="Socio", actor=actor, now=now + HOUR)
    lift(session, world, world.members[1], world.chair, now=now + 2 * HOUR)
    assert other.awaits_declaration
    declare_free(session, other, now=now + 3 * HOUR)
    assert other.status is AssignmentStatus.FREE_OF_CONFLICT


def test_never_by_who_declared_it_nor_by_a_hand_it_is_not_for(session, now, world):
    member, other = world.members
    for by, refusal in ((member, OwnConflict), (world.officer, NotForThisHand), (other, NotFound)):
        with pytest.raises(refusal):
            lift(session, world, member, by, now=now)
    elsewhere = make_evaluation(session, now=now, applications=1, code="roma")
    assign(session, elsewhere, now=now)
    for stranger in (elsewhere.chair, elsewhere.officer, world.owners[0]):
        with pytest.raises((NotFound, Forbidden)):
            lift(session, world, member, stranger, now=now)


def test_the_conflict_of_the_chair_is_lifted_by_the_office_alone(session, now, world):
    of_chair = of(world, world.chair)
    actor = as_actor(session, world.chair, now=now)
    operations.step_back(session, assignment_id=of_chair.id, reason="Zia", actor=actor, now=now)
    with pytest.raises(OwnConflict):
        lift(session, world, world.chair, world.chair, now=now)
    apart = make_person(session, now=now, roles=(Role.OFFICER,), authority=world.authority)
    tie(session, person_id=apart.id, tie=Tie.CONFLICTED, object_type="application", now=now,
        object_id=world.known["target"].id)  # fmt: skip
    with pytest.raises(NotFound):
        lift(session, world, world.chair, apart, now=now)
    lift(session, world, world.chair, world.officer, now=now + HOUR)
    assert of_chair.awaits_declaration
    with pytest.raises(NotForThisHand):
        lift(session, world, apart, world.officer, now=now + HOUR)


def test_no_act_lifts_a_membership_and_none_is_without_reason_or_number(session, now, world):
    member, organisation = world.members[0], world.known["target"].organisation
    for missing in ({"act_number": " "}, {"act_date": None}):
        with pytest.raises(InvalidForm):
            lift(session, world, member, world.chair, now=now, **missing)
    with pytest.raises(Exception, match="perché"):
        lift(session, world, member, world.chair, now=now, reason=" ")
    join(session, member, organisation, Tie.EDITOR, now=now)
    untie(session, person_id=member.id, tie=Tie.EDITOR, object_id=organisation.id, now=now)
    with pytest.raises(StandsByLaw):
        lift(session, world, member, world.chair, now=now + HOUR)


def test_the_chair_lifts_on_the_page_of_conflicts_and_the_office_reads_both(page, store, now):
    with store() as session:
        made = make_evaluation(session, now=now, applications=1)
        mine = next(each for each in assign(session, made, now=now) if each.person_id == made.members[0].id)
        chair = next(each for each in session.scalars(select(Assignment)) if each.person_id == made.chair.id)
        declare_free(session, chair, now=now)
        declare_conflict(session, mine, "Cugina", now=now)
    sign_in(page, made.chair.email)
    path = f"/manage/calls/{made.call.slug}/conflicts"
    page.get(path)
    page.submit("#lifting", expect=422)
    chosen = page.tree.xpath("//select[@name='lift-conflict']/option/@value")[1]
    given = {"lift-conflict": chosen, "lift-reason": "Omonimia", "lift-act_number": "2026/1",
             "lift-act_date": now.date().isoformat()}  # fmt: skip
    page.submit("#lifting", **given)
    assert page.shows("Conflitti superati con un atto")
    assert page.shows("Omonimia")
    assert page.shows("Cugina")
    sign_in(page, made.officer.email)
    page.get(path)
    assert page.shows("Conflitti superati con un atto")
