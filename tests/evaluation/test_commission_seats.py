"""Who sits on the commission: the first act, an even number, substitutes, leaving, further acts."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.access.models import Person, TieRow
from portal.access.policy import Role, Tie
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.evaluation import checks, operations, sitting_checks
from portal.evaluation.models import Assignment, CommissionMember, SeatChange
from portal.evaluation.operations.changing import SeatTaken
from portal.evaluation.operations.substituting import SitsNoMore
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.rules import AssignmentStatus, Seat
from portal.notices.models import Notice
from tests.factories.base import as_actor, make_staff
from tests.factories.evaluation import appoint, assign, declare_all, make_evaluation, score
from tests.factories.sittings import make_commission


def live_ties(session, person):
    query = select(TieRow.tie).where(TieRow.person_id == person.id, TieRow.until.is_(None))
    return set(session.scalars(query.where(TieRow.object_type == "commission")))


def call_in(session, world, leaving, *, now, actor=None, **more):
    actor = actor or as_actor(session, world.officer, now=now)
    return operations.call_in_substitute(
        session, commission_id=world.known["commission"].id, leaving_id=leaving.id, reason="Dimissioni", actor=actor,
        now=now, **more,
    )  # fmt: skip


def test_the_act_names_members_substitutes_and_the_secretary(session, now):
    world, commission = make_commission(session, now=now, substitutes=2)
    assert [each.seat_now for each in commission.members] == ["chair", "member", "member"]
    assert [each.person.name for each in commission.substitutes] == ["Ugo Supplente 1", "Ugo Supplente 2"]
    assert commission.secretary is not None
    assert commission.secretary.person.name == "Sara Segretaria"
    assert live_ties(session, world.chair) == {Tie.COMMISSION, Tie.PRESIDES}
    assert live_ties(session, world.known["secretary"]) == {Tie.SECRETARY}
    assert live_ties(session, world.known["substitutes"][0]) == set(), "a substitute sees nothing yet"
    assert [*checks.broken(session), *sitting_checks.broken(session)] == []


def test_an_even_number_sits_by_the_reason_of_the_act(session, now):
    world = make_evaluation(session, now=now, members=3)
    commission = appoint(session, world, now=now, even_reason="  Un'astensione annunciata  ")
    assert (commission.is_even, commission.even_reason) == (True, "Un'astensione annunciata")


def test_an_odd_number_keeps_no_reason_for_an_even_one(session, now):
    world = make_evaluation(session, now=now)
    assert appoint(session, world, now=now, even_reason="Non serve").even_reason is None


def test_one_person_has_one_seat(session, now):
    world = make_evaluation(session, now=now)
    with pytest.raises(Invalid) as refused:
        appoint(session, world, now=now, substitute_ids=[world.members[0].id])
    assert refused.value.field == "substitutes"
    with pytest.raises(Invalid) as refused:
        appoint(session, world, now=now, secretary_id=world.chair.id)
    assert refused.value.field == "secretary"


def test_the_next_substitute_sits_and_takes_over_what_is_not_scored(session, now):
    world, commission = make_commission(session, now=now, substitutes=2)
    officer = as_actor(session, world.officer, now=now)
    operations.assign_all(session, phase_id=world.phase.id, actor=officer, now=now)
    declare_all(session, world, now=now)
    leaving, first = world.members[0], world.known["substitutes"][0]
    rows = session.scalars(select(Assignment).where(Assignment.person_id == leaving.id).order_by(Assignment.id)).all()
    score(session, rows[0], now=now)
    stepped_in = call_in(session, world, leaving, now=now)
    assert stepped_in.person_id == first.id
    assert stepped_in.seat_now is Seat.MEMBER
    assert [each.status for each in rows] == [AssignmentStatus.FINALISED, AssignmentStatus.RECUSED]
    theirs = session.scalars(select(Assignment).where(Assignment.person_id == first.id)).all()
    assert [each.application_id for each in theirs] == [rows[1].application_id]
    assert live_ties(session, leaving) == set()
    assert live_ties(session, first) == {Tie.COMMISSION}
    assert rows[1].application_id not in as_actor(session, leaving, now=now).objects_tied_as(Tie.ASSIGNED)
    assert len(commission.members) == 3
    assert [*checks.broken(session), *sitting_checks.broken(session)] == []


def test_without_a_substitute_the_office_is_told_to_appoint(session, now):
    world, commission = make_commission(session, now=now, substitutes=0)
    assert call_in(session, world, world.members[0], now=now) is None
    told = session.scalars(select(Notice.text).where(Notice.person_id == world.officer.id)).all()
    assert "occorre nominare qualcuno con un atto" in told[-1]["it"]
    assert commission.is_even


def test_whoever_leaves_may_do_it_themselves_and_only_once(session, now):
    world, _commission = make_commission(session, now=now, substitutes=2)
    mine = as_actor(session, world.members[0], now=now)
    assert call_in(session, world, world.members[0], now=now, actor=mine) is not None
    with pytest.raises(SitsNoMore):
        call_in(session, world, world.members[0], now=now)
    with pytest.raises(Forbidden):
        call_in(session, world, world.members[1], now=now, actor=mine)


def test_the_substitute_of_the_chair_presides(session, now):
    world, commission = make_commission(session, now=now)
    call_in(session, world, world.chair, now=now)
    assert commission.chair is not None
    assert commission.chair.person_id == world.known["substitutes"][0].id
    assert live_ties(session, world.known["substitutes"][0]) == {Tie.COMMISSION, Tie.PRESIDES}


def test_a_further_act_fills_the_seat_that_was_left(session, now):
    world, commission = make_commission(session, now=now, substitutes=0)
    officer = as_actor(session, world.officer, now=now)
    new = make_staff(session, world.authority, Role.EVALUATOR, now=now, name="Nora Nuova")
    given = {"commission_id": commission.id, "act_number": "2026/300", "act_date": now.date(), "actor": officer,
             "now": now}  # fmt: skip
    with pytest.raises(Invalid, match=r"odd|dispari"):
        operations.seat_by_act(session, person_id=new.id, seat=Seat.MEMBER, **given)
    call_in(session, world, world.members[0], now=now)
    member = operations.seat_by_act(session, person_id=new.id, seat=Seat.MEMBER, **given)
    assert (member.act_number, member.seat_now) == ("2026/300", Seat.MEMBER)
    with pytest.raises(SeatTaken):
        operations.seat_by_act(session, person_id=world.members[0].id, seat=Seat.CHAIR, **given)
    with pytest.raises(Invalid):
        operations.seat_by_act(session, person_id=new.id, seat=Seat.SUBSTITUTE, **given)


def test_a_secretary_leaves_and_another_comes(session, now):
    world, commission = make_commission(session, now=now)
    officer = as_actor(session, world.officer, now=now)
    leave = {"commission_id": commission.id, "reason": "Altro incarico", "actor": officer, "now": now}
    left = commission.secretary
    assert left is not None
    operations.leave_seat(session, member_id=left.id, **leave)
    assert [each.seat_now for each in commission.seats if each.id == left.id] == [None]
    assert live_ties(session, world.known["secretary"]) == set()
    operations.seat_by_act(session, commission_id=commission.id, person_id=world.officer.id, seat=Seat.SECRETARY,
                           act_number="2026/301", act_date=now.date(), actor=officer, now=now)  # fmt: skip
    assert [each.person_id for each in commission.seats if each.seat_now is Seat.SECRETARY] == [world.officer.id]
    with pytest.raises(Conflict):
        operations.leave_seat(session, member_id=left.id, **leave)


def test_a_change_is_never_taken_back(session, now):
    world, _commission = make_commission(session, now=now)
    call_in(session, world, world.members[0], now=now)
    for table in (CommissionMember, SeatChange):
        name = table.__tablename__
        for statement in (f"UPDATE {name} SET seat = 'member'", f"DELETE FROM {name}"):
            with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
                session.execute(text(statement))


def test_what_nobody_takes_over_as_a_substitute_goes_to_the_other_members(session, now):
    world = make_evaluation(session, now=now, members=4)
    made = assign(session, world, now=now)
    world.known["commission"] = commission_of(session, world.phase.id)
    leaving = session.get_one(Person, made[0].person_id)
    assert call_in(session, world, leaving, now=now) is None
    rows = session.scalars(select(Assignment).where(Assignment.status != AssignmentStatus.RECUSED)).all()
    assert leaving.id not in {each.person_id for each in rows}
    assert {sum(each.application_id == one.id for each in rows) for one in world.applications} == {3}
