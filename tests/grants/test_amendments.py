"""Requests to change a grant: free, granted by another, refused, returned, and what the plan says on each day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Role, Tie
from portal.core.errors import Conflict, IllegalMove, Invalid, NotFound
from portal.grants.apart import OwnOrganisation, TwoPeople
from portal.grants.changes import checks, operations
from portal.grants.changes.queries import file_of_amendment, plan_on, versions_of
from portal.grants.changes.rules import (
    AmendmentStatus,
    BudgetShift,
    Extension,
    MilestoneChange,
    Partner,
    PartnerChange,
)
from portal.grants.file_places import of_grants
from portal.grants.models import Amendment, PlanVersion
from portal.grants.rules import local_day
from portal.milestones import checks as milestone_checks
from portal.milestones.operations import ReportedAlready, plan_milestone
from portal.milestones.queries import plan_of
from portal.milestones.rules import MilestoneStatus
from portal.notices.models import Notice
from tests.factories.base import join, make_staff
from tests.factories.changes import COSTS, answer, ask, make_changing
from tests.factories.grants import a_pdf

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


@pytest.fixture
def under_way(session, now):
    return make_changing(session, now=now)


def budget(finance, day=None):
    version = plan_on(finance.session, finance.grant, day or local_day(finance.now))
    assert version is not None
    return {line.key: line.cents for line in version.plan.budget}


def sound(finance):
    finance.session.flush()
    assert [*checks.broken(finance.session), *milestone_checks.broken(finance.session)] == []


@on_sqlite
def test_the_first_version_is_what_was_sent_and_drawn(under_way):
    version = plan_on(under_way.session, under_way.grant, local_day(under_way.now))
    assert version is not None
    assert budget(under_way) == COSTS
    assert sum(each.cents for each in version.plan.tranches) == under_way.grant.awarded_cents
    assert plan_on(under_way.session, under_way.grant, local_day(under_way.now) - timedelta(days=1)) is None
    sound(under_way)


def test_a_shift_within_the_free_share_is_made_at_once_and_told_to_the_office(under_way):
    row = ask(under_way, BudgetShift("cost_staff", "cost_services", 150_000))
    assert (row.is_free, row.status, row.decided_by) == (True, AmendmentStatus.GRANTED, None)
    assert budget(under_way)["cost_services"] == 750_000
    told = select(Notice).where(Notice.person_id == under_way.world.officer.id).order_by(Notice.id.desc())
    assert under_way.session.scalars(told).first().path == f"/grants/{row.grant_id}/changes/{row.id}"


@on_sqlite
def test_free_shifts_add_up_and_the_one_above_the_share_waits_for_approval(under_way):
    ask(under_way, BudgetShift("cost_staff", "cost_services", 150_000))
    above = ask(under_way, BudgetShift("cost_services", "cost_staff", 50_001))
    assert (above.is_free, above.status) == (False, AmendmentStatus.REQUESTED)
    assert budget(under_way)["cost_staff"] == 1_050_000
    assert ask(under_way, BudgetShift("cost_services", "cost_staff", 50_000)).is_free
    answer(under_way, above)
    assert budget(under_way)["cost_staff"] == 1_150_001
    sound(under_way)


def test_what_the_office_asks_is_granted_by_another_of_the_office_alone(under_way):
    world, extension = under_way.world, Extension(under_way.grant.ends_on + timedelta(days=60))
    row = ask(under_way, extension, by=world.officer)
    with pytest.raises(TwoPeople):
        answer(under_way, row)
    with pytest.raises(NotFound):
        answer(under_way, row, by=world.approver)
    from_the_database = update(Amendment).where(Amendment.id == row.id).values(decided_by=world.officer.id)
    with pytest.raises(DBAPIError), under_way.session.begin_nested():
        under_way.session.execute(from_the_database)
    colleague = make_staff(under_way.session, world.authority, Role.OFFICER, now=under_way.now)
    answer(under_way, row, by=colleague)
    assert under_way.grant.ends_on == extension.ends_on


@on_sqlite
def test_nobody_decides_on_their_own_organisation(under_way):
    world = under_way.world
    row = ask(under_way, Extension(under_way.grant.ends_on + timedelta(days=1)))
    member = make_staff(under_way.session, world.authority, Role.OFFICER, now=under_way.now)
    join(under_way.session, member, world.association, Tie.VIEWER, now=under_way.now)
    with pytest.raises(OwnOrganisation):
        answer(under_way, row, by=member)


@on_sqlite
def test_a_request_comes_back_is_completed_and_refused_with_a_reason(under_way):
    row = ask(under_way, Extension(under_way.grant.ends_on + timedelta(days=30)))
    with pytest.raises(Invalid):
        answer(under_way, row, "return")
    answer(under_way, row, "return", words="Manca il nuovo cronoprogramma.")
    with pytest.raises(IllegalMove):
        answer(under_way, row)
    under_way.now += timedelta(days=3)
    operations.complete_amendment(
        under_way.session, grant_id=row.grant_id, amendment_id=row.id, reason="Eccolo.",
        change=Extension(under_way.grant.ends_on + timedelta(days=20)), **under_way.by(under_way.world.owner),
    )  # fmt: skip
    assert row.due_on == local_day(under_way.now) + timedelta(days=30)
    with pytest.raises(Invalid):
        answer(under_way, row, "refuse")
    answer(under_way, row, "refuse", words="Il programma finisce prima.")
    assert row.status is AmendmentStatus.REFUSED
    assert len(versions_of(under_way.session, row.grant_id)) == 1


@on_sqlite
def test_the_end_moves_as_far_as_the_call_allows(under_way):
    with pytest.raises(Invalid) as refused:
        ask(under_way, Extension(under_way.grant.ends_on + timedelta(days=190)))
    assert refused.value.field == "ends_on"


@on_sqlite
def test_a_milestone_follows_the_plan_until_it_is_reported(under_way):
    first = plan_of(under_way.session, under_way.grant.id)[0]
    change = MilestoneChange(first.key, "Apertura rinviata", first.due_on + timedelta(days=15))
    answer(under_way, ask(under_way, change))
    assert (first.title, first.due_on) == ("Apertura rinviata", change.due_on)
    late = ask(under_way, MilestoneChange(first.key, "Ancora", change.due_on))
    first.status = MilestoneStatus.REPORTED
    under_way.session.flush()
    with pytest.raises(ReportedAlready):
        answer(under_way, late)


@on_sqlite
def test_the_plan_edited_by_the_office_is_a_version_too(under_way):
    first = plan_of(under_way.session, under_way.grant.id)[0]
    plan_milestone(
        under_way.session, milestone_id=first.id, title="Un altro titolo", deliverable="Uno spazio aperto",
        due_on=first.due_on, **under_way.by(under_way.world.officer),
    )  # fmt: skip
    assert versions_of(under_way.session, under_way.grant.id)[-1].plan.milestones[0].title == "Un altro titolo"
    sound(under_way)


@on_sqlite
def test_a_request_that_no_longer_fits_cannot_be_granted(under_way):
    partner = Partner("Cooperativa Onda", "01199250158")
    first, second = (ask(under_way, PartnerChange("", partner)) for _ in range(2))
    answer(under_way, first)
    with pytest.raises(Conflict):
        answer(under_way, second)


def test_what_was_in_force_on_a_day_stays_the_answer_for_that_day(under_way):
    days = []
    for cents in (50_000, 20_000, 30_000):
        days.append((local_day(under_way.now), budget(under_way)))
        under_way.now += timedelta(days=10)
        ask(under_way, BudgetShift("cost_staff", "cost_equipment", cents))
    days.append((local_day(under_way.now), budget(under_way)))
    assert [budget(under_way, day) for day, _ in days] == [was for _, was in days]
    assert len({tuple(was.values()) for _, was in days}) == 4
    sound(under_way)


def test_the_database_keeps_every_version_and_takes_only_the_next_one(under_way):
    session, grant = under_way.session, under_way.grant
    ask(under_way, BudgetShift("cost_staff", "cost_services", 1_000))
    first = versions_of(session, grant.id)[0]
    earlier = PlanVersion(grant_id=grant.id, number=3, in_force_from=first.in_force_from - timedelta(days=1),
                          content=first.content, change={})  # fmt: skip
    skipping = PlanVersion(grant_id=grant.id, number=9, in_force_from=under_way.now, content=first.content, change={})
    for row in (earlier, skipping):
        with pytest.raises(DBAPIError), session.begin_nested() as step:
            step.session.add(row)
    for statement in (update(PlanVersion).values(content={}), delete(PlanVersion)):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(statement)


@on_sqlite
def test_a_plan_that_was_altered_is_found(under_way):
    ask(under_way, BudgetShift("cost_staff", "cost_services", 1_000))
    grant, now = under_way.grant, under_way.now
    last = versions_of(under_way.session, grant.id)[-1]
    under_way.session.add(PlanVersion(grant_id=grant.id, number=3, in_force_from=now, change=last.change,
                                      content=last.content | {"ends_on": date(2030, 1, 1).isoformat()}))  # fmt: skip
    under_way.session.flush()
    assert any("does not follow" in line for line in checks.broken(under_way.session))


@on_sqlite
def test_files_go_with_a_request_and_whoever_must_know_of_a_virus_in_one_is_found(under_way):
    row = operations.ask_amendment(
        under_way.session, grant_id=under_way.grant.id, change=Extension(under_way.grant.ends_on + timedelta(days=9)),
        reason="Serve tempo.", uploads=[a_pdf("cronoprogramma.pdf")], **under_way.by(under_way.world.owner),
    )  # fmt: skip
    (place,) = of_grants(under_way.session, row.files[0].file_id, under_way.now)
    assert place.office_path == f"/grants/{row.grant_id}/changes"
    officer = under_way.actor(under_way.world.officer)
    assert file_of_amendment(under_way.session, officer, row.id, row.files[0].file_id).name == "cronoprogramma.pdf"
    with pytest.raises(NotFound):
        file_of_amendment(under_way.session, under_way.actor(under_way.world.leader), row.id, row.files[0].file_id)
