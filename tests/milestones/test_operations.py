"""Planned, reported with evidence, returned, reported again, accepted: on both databases."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role, Tie
from portal.core import events
from portal.core.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from portal.core.mail import OutgoingMail
from portal.grants.apart import OwnOrganisation
from portal.milestones import checks, operations, queries
from portal.milestones.models import ReportEvidence
from portal.milestones.rules import MilestoneStatus, ReportAccepted
from tests.factories.base import join, make_person, make_staff
from tests.factories.documents import make_png, not_looked_at
from tests.factories.grants import a_pdf, make_world


@pytest.fixture
def world(session, now):
    return make_world(session, now=now)


@pytest.fixture
def milestone(world):
    return queries.plan_of(world.session, world.activate().id)[0]


def report(world, milestone, *, by=None, uploads=None, narrative="Lo spazio è aperto dal 1° aprile."):
    return operations.submit_report(
        world.session, milestone_id=milestone.id, narrative=narrative, actor=world.actor(by or world.owner),
        uploads=[a_pdf("registro.pdf")] if uploads is None else uploads, now=world.now,
    )  # fmt: skip


def test_the_plan_follows_the_call_and_is_drawn_once(world, milestone):
    assert (milestone.number, milestone.title, milestone.due_on) == (1, "Avvio del servizio", date(2026, 5, 2))
    again = operations.plan_milestones(
        world.session, grant_id=milestone.grant_id, actor=world.actor(world.officer), now=world.now
    )
    assert len(again) == 3
    assert len(queries.plan_of(world.session, milestone.grant_id)) == 3


def test_the_officer_changes_the_plan_before_any_report(world, milestone, session):
    change: dict[str, Any] = {"title": "Apertura", "deliverable": "Spazio aperto", "due_on": date(2026, 6, 1)}
    operations.plan_milestone(
        session, milestone_id=milestone.id, actor=world.actor(world.officer), now=world.now, **change
    )
    assert (milestone.title, milestone.due_on) == ("Apertura", date(2026, 6, 1))
    report(world, milestone)
    with pytest.raises(IllegalMove):
        operations.plan_milestone(
            session, milestone_id=milestone.id, actor=world.actor(world.officer), now=world.now, **change
        )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"deliverable": ""}, "deliverable"),
        ({"due_on": date(2026, 3, 1)}, "due_on"),
        ({"due_on": date(2036, 3, 1)}, "due_on"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_its_field(world, milestone, session, given, field):
    change: dict[str, Any] = {"title": "Apertura", "deliverable": "Spazio aperto", "due_on": date(2026, 6, 1)} | given
    with pytest.raises(Invalid) as refused:
        operations.plan_milestone(
            session, milestone_id=milestone.id, actor=world.actor(world.officer), now=world.now, **change
        )
    assert refused.value.field == field


def test_a_report_is_returned_reported_again_and_accepted(world, milestone, session):
    heard = []
    events.subscribe(ReportAccepted, lambda _, event: heard.append(event.milestone_id))
    officer = world.actor(world.officer)
    assert report(world, milestone).version == 1
    operations.return_report(
        session, milestone_id=milestone.id, reason="Manca il registro.", actor=officer, now=world.now, version=1
    )
    assert milestone.status.value == "returned"
    assert any("Manca il registro." in body for body in session.scalars(select(OutgoingMail.body)))
    assert report(world, milestone, uploads=[]).version == 2
    operations.accept_report(session, milestone_id=milestone.id, actor=officer, now=world.now, version=2)
    assert milestone.status.value == "accepted"
    assert milestone.id in heard
    assert [each.is_returned for each in milestone.reports] == [True, False]
    assert list(checks.broken(session)) == []
    with pytest.raises(IllegalMove):
        report(world, milestone)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"narrative": "\n \u200b"}, "narrative"),
        ({"narrative": "x" * 8001}, "narrative"),
        ({"uploads": []}, "evidence"),
        ({"uploads": [not_looked_at("virus.exe")]}, "evidence"),
        ({"uploads": [not_looked_at(f"{n}.pdf") for n in range(11)]}, "evidence"),
    ],
)
def test_a_report_that_cannot_be_is_refused_with_its_field(world, milestone, session, given, field):
    with pytest.raises(Invalid) as refused, session.begin_nested():
        report(world, milestone, **given)
    assert refused.value.field == field
    assert milestone.status is MilestoneStatus.PLANNED


def test_several_files_show_it(world, milestone, session):
    report(world, milestone, uploads=[a_pdf("registro.pdf"), a_pdf("foto.png", make_png())])
    assert len(session.scalars(select(ReportEvidence)).all()) == 2


def test_a_reporter_reports_but_viewers_coaches_and_strangers_do_not(world, milestone, session, now):
    reporter, viewer = make_person(session, now=now), make_person(session, now=now)
    join(session, reporter, world.association, Tie.REPORTER, now=now)
    join(session, viewer, world.association, Tie.VIEWER, now=now)
    for person in (viewer, world.leader, world.coach, world.officer):
        with pytest.raises((NotFound, Forbidden)):
            report(world, milestone, by=person)
    assert report(world, milestone, by=reporter).version == 1


def test_the_decision_is_bound_to_the_version_that_was_read(world, milestone, session):
    report(world, milestone)
    with pytest.raises(operations.OtherVersion):
        operations.accept_report(
            session, milestone_id=milestone.id, actor=world.actor(world.officer), now=world.now, version=2
        )


def test_nobody_decides_on_the_own_report(world, milestone, session, now):
    report(world, milestone)
    join(session, world.officer, world.association, Tie.VIEWER, now=now)
    with pytest.raises(OwnOrganisation):
        operations.accept_report(session, milestone_id=milestone.id, actor=world.actor(world.officer), now=now)
    with pytest.raises(IntegrityError, match="two_people"), session.begin_nested():
        session.execute(text("UPDATE milestone_report SET decided_by = submitted_by"))


def test_a_decided_report_never_changes(world, milestone, session):
    report(world, milestone)
    operations.accept_report(session, milestone_id=milestone.id, actor=world.actor(world.officer), now=world.now)
    with pytest.raises(IntegrityError, match="decided report"), session.begin_nested():
        session.execute(text("UPDATE milestone_report SET narrative = 'altro'"))


def test_the_officer_of_another_city_decides_nothing(world, milestone, session, now):
    report(world, milestone)
    stranger = make_person(session, now=now)
    with pytest.raises(NotFound):
        operations.accept_report(session, milestone_id=milestone.id, actor=world.actor(stranger), now=now)


def test_a_reason_is_needed_to_return(world, milestone, session):
    report(world, milestone)
    with pytest.raises(Invalid) as refused:
        operations.return_report(
            session, milestone_id=milestone.id, reason=" ", actor=world.actor(world.officer), now=world.now
        )
    assert refused.value.field == "reason"
    assert milestone.status is MilestoneStatus.REPORTED


def test_no_report_before_the_agreement(world, milestone, session):
    session.execute(text("UPDATE grant_award SET status = 'closing'"))
    session.expire_all()
    with pytest.raises(Conflict):
        report(world, milestone)


def test_the_desk_tells_the_team_what_to_report_and_the_office_what_to_examine(world, milestone, session):
    path = f"/milestones/{milestone.id}"
    assert [step.path for step in queries.due_steps(session, world.actor(world.owner), world.now)] == []
    soon = world.now.replace(month=4)
    assert [step.path for step in queries.due_steps(session, world.actor(world.owner), soon)] == [path]
    report(world, milestone)
    assert [step.path for step in queries.due_steps(session, world.actor(world.officer), world.now)] == [path]
    auditor = make_staff(session, world.authority, Role.AUDITOR, now=world.now)
    assert queries.due_steps(session, world.actor(auditor), world.now) == []


def test_the_checker_finds_an_acceptance_without_a_decision(world, milestone, session):
    session.execute(text("UPDATE milestone SET status = 'accepted' WHERE number = 1"))
    session.expire_all()
    assert len(list(checks.broken(session))) == 1
