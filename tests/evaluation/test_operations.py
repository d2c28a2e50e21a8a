"""From the appointment of the commission to scores that nobody can change."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.access.models import TieRow
from portal.access.policy import Role, Tie
from portal.access.ties import untie
from portal.applications.rules import ApplicationStatus
from portal.calls.rules import PhaseStatus
from portal.core.errors import Closed, Conflict, Forbidden, Invalid, InvalidForm, NotFound
from portal.evaluation import operations
from portal.evaluation.models import Assignment, ConflictDeclaration, Score
from portal.evaluation.operations import ApplicantCannotSit, StaleScore
from portal.evaluation.rules import AssignmentStatus
from portal.notices.models import Notice
from tests.factories.base import as_actor, join, make_staff
from tests.factories.evaluation import (
    actor_for,
    add_application,
    appoint,
    assign,
    declare_conflict,
    declare_free,
    make_evaluation,
    score,
)


def live(session, application):
    rows = session.scalars(
        select(Assignment).where(Assignment.application_id == application.id).order_by(Assignment.id)
    )
    return [each for each in rows if each.status is not AssignmentStatus.RECUSED]


def test_the_commission_begins_the_evaluation(session, now):
    world = make_evaluation(session, now=now)
    commission = appoint(session, world, now=now)
    assert world.phase.status is PhaseStatus.EVALUATION
    assert [member.seat for member in commission.members] == ["chair", "member", "member"]


def test_nobody_is_appointed_before_the_deadline(session, now):
    world = make_evaluation(session, now=now)
    with pytest.raises(Closed):
        appoint(session, world, now=now - timedelta(days=3), actor=as_actor(session, world.officer, now=now))


def test_an_even_commission_is_refused_with_its_mend(session, now):
    world = make_evaluation(session, now=now, members=3)
    with pytest.raises(Invalid, match=r"odd number|dispari") as refused:
        appoint(session, world, now=now)
    assert refused.value.field == "members"


def test_a_commission_smaller_than_the_call_declares_is_refused(session, now):
    world = make_evaluation(session, now=now)
    with pytest.raises(Invalid):
        appoint(session, world, now=now, member_ids=[])


def test_only_evaluators_sit(session, now):
    world = make_evaluation(session, now=now)
    stranger = make_staff(session, world.authority, Role.COACH, now=now)
    with pytest.raises(Invalid):
        appoint(session, world, now=now, member_ids=[world.members[0].id, stranger.id])
    with pytest.raises(Invalid):
        appoint(session, world, now=now, chair_id=stranger.id)


def test_a_member_of_an_applicant_cannot_sit(session, now):
    world = make_evaluation(session, now=now)
    join(session, world.members[0], world.applications[0].organisation, Tie.VIEWER, now=now)
    with pytest.raises(ApplicantCannotSit, match="P18"):
        appoint(session, world, now=now)


def test_only_the_officer_of_the_authority_appoints(session, now):
    world = make_evaluation(session, now=now)
    with pytest.raises(Forbidden):
        appoint(session, world, now=now, actor=as_actor(session, world.chair, now=now))


def test_a_past_member_is_kept_from_that_application_from_the_start(session, now):
    world = make_evaluation(session, now=now, members=4)
    past, target = world.members[0], world.applications[0]
    join(session, past, target.organisation, Tie.EDITOR, now=now - timedelta(days=90))
    untie(session, person_id=past.id, tie=Tie.EDITOR, object_id=target.organisation_id, now=now - timedelta(days=60))
    assign(session, world, now=now)
    assert past.id not in {each.person_id for each in live(session, target)}
    assert len(live(session, target)) == 3
    found = session.scalars(select(ConflictDeclaration).where(ConflictDeclaration.person_id == past.id)).one()
    assert found.has_conflict
    assert target.id in as_actor(session, past, now=now).objects_tied_as(Tie.CONFLICTED)


def test_applications_are_spread_evenly_and_once(session, now):
    world = make_evaluation(session, now=now, applications=10, members=4)
    made = assign(session, world, now=now)
    loads = {each.id: sum(1 for row in made if row.person_id == each.id) for each in world.people}
    assert set(loads.values()) == {6}
    officer = as_actor(session, world.officer, now=now)
    again = operations.assign_all(session, phase_id=world.phase.id, actor=officer, now=now)
    assert (again.assignments, again.short) == ([], [])


def test_a_conflict_closes_the_application_and_finds_a_substitute(session, now):
    world = make_evaluation(session, now=now, applications=1, members=4)
    first = assign(session, world, now=now)[0]
    declare_conflict(session, first, now=now)
    assert first.status is AssignmentStatus.RECUSED
    assert first.person_id not in {each.person_id for each in live(session, world.applications[0])}
    assert len(live(session, world.applications[0])) == 3
    ties = session.scalars(select(TieRow).where(TieRow.person_id == first.person_id, TieRow.until.is_(None))).all()
    assert Tie.CONFLICTED in {row.tie for row in ties}
    assert (Tie.ASSIGNED, first.application_id) not in {(row.tie, row.object_id) for row in ties}
    told = session.scalars(select(Notice).where(Notice.person_id == world.officer.id)).all()
    assert len(told) == 1
    with pytest.raises(NotFound):
        operations.step_back(session, assignment_id=first.id, reason="Ancora", now=now,
                             actor=actor_for(session, first, now=now))  # fmt: skip


def test_a_conflict_needs_its_reason(session, now):
    world = make_evaluation(session, now=now, applications=1)
    first = assign(session, world, now=now)[0]
    with pytest.raises(Invalid) as refused:
        operations.step_back(session, assignment_id=first.id, reason=" \n", now=now,
                             actor=actor_for(session, first, now=now))  # fmt: skip
    assert refused.value.field == "reason"


def test_without_a_substitute_the_others_are_enough(session, now):
    world = make_evaluation(session, now=now, applications=1)
    one, *others = assign(session, world, now=now)
    for each in others:
        declare_free(session, each, now=now)
        score(session, each, now=now)
    assert world.applications[0].status == "admissible"
    declare_conflict(session, one, now=now)
    assert world.applications[0].status == "scored"


def test_an_evaluator_who_joins_an_applicant_is_recused(session, now):
    world = make_evaluation(session, now=now, applications=1, members=4)
    first = assign(session, world, now=now)[0]
    declare_free(session, first, now=now)
    joined = next(each for each in world.people if each.id == first.person_id)
    join(session, joined, world.applications[0].organisation, Tie.VIEWER, now=now)
    with pytest.raises(NotFound):
        score(session, first, now=now)
    officer = as_actor(session, world.officer, now=now)
    made = operations.assign_all(session, phase_id=world.phase.id, actor=officer, now=now)
    assert first.status is AssignmentStatus.RECUSED
    assert len(made.assignments) == 1


@pytest.fixture
def mine(session, now):
    world = make_evaluation(session, now=now, applications=1)
    first = assign(session, world, now=now)[0]
    declare_free(session, first, now=now)
    return {"assignment_id": first.id, "actor": actor_for(session, first, now=now), "now": now}


def test_a_score_waits_for_the_declaration(session, now):
    world = make_evaluation(session, now=now, applications=1)
    first = assign(session, world, now=now)[0]
    with pytest.raises(NotFound):
        operations.save_score(session, assignment_id=first.id, criterion="impact", points=100, reason="", version=0,
                              actor=actor_for(session, first, now=now), now=now)  # fmt: skip


def test_a_stale_score_overwrites_nothing(session, mine):
    save = operations.save_score
    saved = save(session, criterion="impact", points=1500, reason="Buono", version=0, **mine)
    assert saved.version == 1
    assert save(session, criterion="impact", points=1500, reason="Buono", version=0, **mine).version == 1
    assert save(session, criterion="impact", points=1600, reason="Meglio", version=1, **mine).version == 2
    with pytest.raises(StaleScore) as stale:
        save(session, criterion="impact", points=100, reason="Vecchia finestra", version=1, **mine)
    assert (stale.value.stored.points, stale.value.stored.reason) == (1600, "Meglio")
    assert session.scalars(select(Score.points_hundredths)).all() == [1600]


def test_points_stay_within_the_criterion(session, mine):
    with pytest.raises(Invalid):
        operations.save_score(session, criterion="impact", points=2501, reason="", version=0, **mine)
    with pytest.raises(NotFound):
        operations.save_score(session, criterion="beauty", points=1, reason="", version=0, **mine)


def test_a_sheet_without_a_reason_cannot_be_closed(session, mine):
    operations.save_score(session, criterion="impact", points=1500, reason=" ", version=0, **mine)
    with pytest.raises(InvalidForm) as refused:
        operations.finalise_scores(session, **mine)
    assert len(refused.value.errors) == 6


def test_final_scores_never_change(session, now, mine):
    assignment = session.get_one(Assignment, mine["assignment_id"])
    score(session, assignment, now=now)
    with pytest.raises(Conflict):
        operations.save_score(session, criterion="impact", points=1, reason="", version=1, **mine)
    with pytest.raises(Conflict):
        operations.finalise_scores(session, **mine)
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text("UPDATE score_sheet SET total_hundredths = 0"))


def test_the_application_is_scored_by_the_last_evaluator(session, now):
    world = make_evaluation(session, now=now, applications=1)
    add_application(session, world, now=now, status=ApplicationStatus.INADMISSIBLE)
    target = world.applications[0]
    for place, each in enumerate(assign(session, world, now=now)):
        assert target.status is ApplicationStatus.ADMISSIBLE, place
        declare_free(session, each, now=now)
        score(session, each, now=now)
    assert target.status is ApplicationStatus.SCORED


def test_nobody_scores_in_the_place_of_another(session, now):
    world = make_evaluation(session, now=now, applications=1)
    first, second, _third = assign(session, world, now=now)
    declare_free(session, first, now=now)
    with pytest.raises(NotFound):
        operations.finalise_scores(session, assignment_id=first.id, actor=actor_for(session, second, now=now), now=now)
