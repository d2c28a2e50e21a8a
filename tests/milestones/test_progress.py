"""What recipients expect and count: beside the plan, which moves by requests alone."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.calls.rules import IndicatorTarget
from portal.core.errors import Invalid, NotFound
from portal.grants.changes.queries import plan_in_force
from portal.grants.changes.rules import MilestoneChange
from portal.milestones import operations
from portal.milestones.operations import GrantNotActive
from portal.milestones.progress.models import IndicatorReached
from portal.milestones.progress.operations import expect_milestone
from portal.milestones.progress.queries import courses_of, forecasts_of, standing, targets_of
from portal.milestones.progress.refusals import NothingToExpect
from portal.milestones.queries import plan_of
from tests.engines import both_engines
from tests.factories.base import bari_design, sign_in
from tests.factories.changes import answer, ask, make_changing
from tests.factories.documents import PDF
from tests.factories.grants import a_pdf, make_world, sent_pdf

PEOPLE = IndicatorTarget("people", {"it": "Persone raggiunte", "en": "People reached"}, Decimal(60),
                         {"it": "persone", "en": "people"})  # fmt: skip
on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


def counting_design():
    """The call of Bari, whose first milestone counts people."""
    first, *others = bari_design().milestones
    return replace(bari_design(), milestones=[replace(first, indicators=[PEOPLE]), *others])


@pytest.fixture
def world(session, now):
    return make_world(session, now=now, design=counting_design())


@pytest.fixture
def milestone(world):
    return plan_of(world.session, world.activate().id)[0]


def expect(world, milestone, day, *, by=None, why="Il locale non è pronto.", now=None):
    return expect_milestone(
        world.session, milestone_id=milestone.id, expected_on=day, reason=why, actor=world.actor(by or world.owner),
        now=now or world.now,
    )  # fmt: skip


def report(world, milestone, **reached):
    return operations.submit_report(
        world.session, milestone_id=milestone.id, narrative="Aperto.", uploads=[a_pdf("registro.pdf")],
        actor=world.actor(world.owner), now=world.now, reached=reached,
    )  # fmt: skip


def test_the_newest_day_expected_counts_and_the_plan_stays(world, milestone):
    planned = milestone.due_on
    for days in (10, 25):
        expect(world, milestone, planned + timedelta(days=days))
    courses, _targets = courses_of(world.session, plan_of(world.session, milestone.grant_id))
    assert (courses[0].planned_on, courses[0].expected_on) == (planned, planned + timedelta(days=25))
    assert [each.number for each in forecasts_of(world.session, milestone.id)] == [2, 1]
    in_force = plan_in_force(world.session, milestone.grant_id)
    assert in_force is not None
    assert in_force.number == 1
    expect(world, milestone, planned, why="Recuperato.")
    assert standing(milestone, forecasts_of(world.session, milestone.id)) is None


@on_sqlite
def test_a_new_plan_ends_what_was_expected_and_keeps_its_baseline(world, milestone, session):
    planned = milestone.due_on
    expect(world, milestone, planned + timedelta(days=10))
    operations.plan_milestone(session, milestone_id=milestone.id, title=milestone.title,
                              deliverable=milestone.deliverable, due_on=planned + timedelta(days=20),
                              actor=world.actor(world.officer), now=world.now)  # fmt: skip
    course = courses_of(session, plan_of(session, milestone.grant_id))[0][0]
    assert (course.first_on, course.planned_on, course.expected_on) == (planned, planned + timedelta(days=20), None)


@on_sqlite
@pytest.mark.parametrize(
    ("day", "why", "field"),
    [(date(2026, 3, 1), "Perché", "expected_on"), (date(2036, 3, 1), "Perché", "expected_on"),
     (date(2026, 5, 2), "Perché", "expected_on"), (date(2026, 6, 1), " ", "reason")],
)  # fmt: skip
def test_a_day_that_cannot_be_expected_names_its_field(world, milestone, day, why, field):
    with pytest.raises(Invalid) as refused:
        expect(world, milestone, day, why=why)
    assert refused.value.field == field


@on_sqlite
def test_nothing_is_expected_of_what_was_reported_nor_by_the_office(world, milestone, session):
    with pytest.raises(NotFound):
        expect(world, milestone, date(2026, 6, 1), by=world.officer)
    report(world, milestone, people="48")
    with pytest.raises(NothingToExpect):
        expect(world, milestone, date(2026, 6, 1))
    other = plan_of(session, milestone.grant_id)[1]
    session.execute(text("UPDATE grant_award SET status = 'suspended'"))
    session.expire_all()
    with pytest.raises(GrantNotActive):
        expect(world, other, date(2026, 12, 1))


@on_sqlite
def test_a_report_counts_every_indicator_of_the_plan_in_force(world, milestone, session):
    with pytest.raises(Invalid) as refused:
        report(world, milestone)
    assert refused.value.field == "reached_people"
    session.rollback()


def test_what_was_counted_stays_with_its_promise(world, milestone, session):
    report(world, milestone, people="48,5")
    row = session.scalars(select(IndicatorReached)).one()
    assert (row.target_hundredths, row.reached_hundredths) == (6000, 4850)
    with pytest.raises(DatabaseError):
        session.execute(text("UPDATE indicator_reached SET reached_hundredths = 6000"))


@on_sqlite
def test_a_target_moves_by_a_request(session, now):
    finance = make_changing(session, now=now, design=counting_design())
    first = plan_of(session, finance.grant.id)[0]
    assert [each.hundredths for each in targets_of(session, first)] == [6000]
    answer(finance, ask(finance, MilestoneChange(first.key, first.title, first.due_on, (("people", 4500),))))
    assert [each.hundredths for each in targets_of(session, first)] == [4500]


@both_engines
def test_the_plan_shows_what_is_expected_and_what_was_reached(store, now, visitors, statements):
    with store() as session:
        world = make_world(session, now=now, design=counting_design())
        grant = world.activate()
        path = f"/milestones/{plan_of(session, grant.id)[0].id}"
    team = sign_in(visitors(), world.owner.email).get(f"{path}/expected")
    team.submit("#expect-form", 422, expected_on="2020-01-01", reason="Il locale non è pronto.")
    team.submit("#expect-form", expected_on="2026-06-15", reason="Il locale non è pronto.")
    assert team.shows("Il locale non è pronto.")
    team.submit("#report-form", 422, narrative="Aperto.", reached_people="molte", evidence=sent_pdf("r.pdf", PDF))
    team.submit("#report-form", narrative="Aperto.", reached_people="48", evidence=sent_pdf("r.pdf", PDF))
    assert team.shows("48")
    officer = sign_in(visitors(), world.officer.email).get(path)
    officer.submit(f"{path}/accept")
    with statements() as sent:
        officer.get(f"/grants/{grant.id}/plan")
    assert len(sent) <= 12, sent
    drawing = officer.tree.xpath("//svg[@role='img']")[0]
    assert "2026" in drawing.findtext("desc")
    assert officer.tree.xpath("//table[@id='indicators']//td[contains(., '80 %')]")
