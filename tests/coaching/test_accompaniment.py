"""The register of attendance between two phases: meetings, corrections, the closing, invitations; on both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Tie
from portal.coaching.accompaniment import operations
from portal.coaching.accompaniment.checks import broken
from portal.coaching.accompaniment.operations import AlreadyClosed, NotedAlready
from portal.coaching.models import Attendance
from portal.coaching.rules import SessionMode
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.mail import OutgoingMail
from portal.core.unit_of_work import refusal_for
from portal.grants.apart import OwnOrganisation
from tests.factories.base import join
from tests.factories.phases import BEGINS, ENDS, TwoPhases


@pytest.fixture
def world(session, now):
    return TwoPhases(session, now)


@pytest.fixture
def teams(world):
    """Two ideas that the final ranking admitted."""
    ideas = [world.sent_idea()[1] for _ in range(2)]
    world.rank(ideas)
    return ideas


def correct(world, meeting, application, was_there, **changed):
    given = {"reason": "Il foglio firme dice altro.", "actor": world.office, "now": world.now + ENDS} | changed
    return operations.correct_attendance(
        world.session, meeting_id=meeting.id, application_id=application.id, was_there=was_there, **given
    )


def test_a_meeting_counts_for_those_who_were_there(world, teams):
    present, absent = teams
    world.meet(present, hours=3)
    assert (present.attended_minutes, absent.attended_minutes) == (180, 0)


def test_the_same_meeting_is_noted_once(world, session, teams):
    world.meet(teams[0])
    with pytest.raises(DBAPIError) as error, session.begin_nested():
        world.meet(teams[1])
    assert isinstance(refusal_for(error.value), NotedAlready)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"minutes": 5}, "minutes"), ({"title": " "}, "title"), ({"day": 60}, "starts_at"), ({"day": -5}, "starts_at")],
)
def test_a_meeting_that_cannot_be_is_refused_at_its_field(world, teams, changed, field):
    given = {"minutes": 60, "title": "Incontro", "day": 1} | changed
    starts_at = world.now + BEGINS + timedelta(days=given.pop("day"))
    with pytest.raises(Invalid) as refused:
        operations.note_meeting(
            world.session, phase_id=world.idea.id, starts_at=starts_at, mode=SessionMode.REMOTE, present=[],
            actor=world.office, now=world.now, **given,
        )  # fmt: skip
    assert refused.value.field == field


def test_a_correction_has_a_reason_and_keeps_what_was_said(world, session, teams):
    meeting = world.meet(teams[0], hours=4)
    with pytest.raises(Invalid):
        correct(world, meeting, teams[1], True, reason=" ")
    correct(world, meeting, teams[1], True)
    assert teams[1].attended_minutes == 240
    rows = session.scalars(select(Attendance.was_there).where(Attendance.application_id == teams[1].id)).all()
    assert sorted(rows) == [False, True]
    events = session.scalars(select(AuditEvent.event).where(AuditEvent.subject_id == meeting.id)).all()
    assert "attendance.correct" in events


def test_nobody_notes_the_presence_of_their_own_team(world, session, teams):
    join(session, world.coach, teams[0].organisation, Tie.VIEWER, now=world.now + BEGINS)
    with pytest.raises(OwnOrganisation):
        world.meet(teams[0])


def test_closing_invites_whoever_attended_enough_and_tells_the_others_why(world, session, teams):
    enough, too_few = teams
    for day in range(1, 6):
        world.meet(enough, *([too_few] if day < 3 else []), day=day)
    world.close()
    assert (enough.invited_at is not None, too_few.invited_at) == (True, None)
    subjects = " ".join(session.scalars(select(OutgoingMail.subject)))
    assert f"Invito alla fase successiva: {enough.reference}" in subjects
    assert f"Accompagnamento chiuso: {too_few.reference}" in subjects
    with pytest.raises(AlreadyClosed):
        world.meet(too_few, day=7)
    assert list(broken(session)) == []


def test_a_correction_after_the_closing_invites_whoever_now_reaches_the_minimum(world, session, teams):
    meetings = [world.meet(teams[0], day=day) for day in range(1, 6)]
    for meeting in meetings[:4]:
        correct(world, meeting, teams[1], True)
    world.close()
    invited = [teams[1].invited_at is not None]
    for was_there in (True, False):
        correct(world, meetings[4], teams[1], was_there)
        invited.append(teams[1].invited_at is not None)
    assert invited == [False, True, True], "an invitation that was given stays"
    assert any("below the minimum" in fault for fault in broken(session))


def test_nobody_is_invited_by_hand_without_a_reason(world, session, teams):
    given = {"application_id": teams[0].id, "actor": world.office, "now": world.now}
    with pytest.raises(Invalid):
        operations.invite_by_hand(session, reason="", **given)
    operations.invite_by_hand(session, reason="Malattia documentata.", **given)
    assert teams[0].invited_reason == "Malattia documentata."
    with pytest.raises(Conflict):
        operations.invite_by_hand(session, reason="Di nuovo.", **given)
    assert list(broken(session)) == []


def test_a_coach_notes_and_does_not_close(world, teams):
    world.meet(teams[0], by=world.coach)
    with pytest.raises(Forbidden):
        operations.close_accompaniment(
            world.session, phase_id=world.idea.id, actor=world.actor(world.coach), now=world.now
        )


def test_the_register_is_only_added_to(world, session, teams):
    world.meet(teams[0])
    for statement in ("UPDATE attendance SET was_there = NOT was_there", "DELETE FROM accompaniment_meeting"):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_hours_that_the_register_does_not_bear_out_are_found(world, session, teams):
    world.meet(teams[0])
    teams[0].attended_minutes = 7
    session.flush()
    assert [fault for fault in broken(session) if teams[0].reference in fault]
