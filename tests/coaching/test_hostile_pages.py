"""Requests that no page offers: coachings that are over, hours that do not exist, meetings at once."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.access.policy import Tie
from portal.access.ties import tie
from portal.coaching.accompaniment import operations as accompaniment
from portal.coaching.accompaniment.presence import StandsApart
from portal.coaching.operations import change_coach
from portal.coaching.rules import SessionMode
from portal.core.errors import Invalid
from tests.factories.base import sign_in
from tests.factories.coaching import make_accompanied
from tests.factories.phases import BEGINS, TwoPhases


def test_a_coaching_that_is_over_takes_no_session_whatever_is_sent(store, now, page):
    """The coach came back under a new assignment, and sends the log of the former one."""
    with store() as session:
        made = make_accompanied(session, now)
        row = made.engagement
        for coach in (made.second_coach, made.world.coach):
            row = change_coach(
                session, engagement_id=row.id, coach_id=coach.id, reason="Ferie", hands_over_notes=False,
                **made.by(made.world.officer),
            )  # fmt: skip
    sign_in(page, made.world.coach.email).get(f"/engagements/{made.engagement.id}")
    for given in ({}, {"starts_at": "2026-03-02T08:00", "minutes": "60", "summary": "Statuto"}):
        page.post(f"/engagements/{made.engagement.id}/sessions", 404, **given)
    with store() as session:
        assert session.execute(text("SELECT count(*) FROM coaching_session")).scalar_one() == 0


def test_an_hour_that_clocks_skip_is_told_where_it_was_written(store, now, page):
    with store() as session:
        made = make_accompanied(session, now)
    sign_in(page, made.world.coach.email).get(f"/engagements/{made.engagement.id}/meeting")
    page.submit("#plan-form", 422, time_1="2026-03-10T10:00", time_2="2026-03-29T02:30")
    assert page.tree.xpath("//*[@id='error-summary']//a")[0].get("href") == "#time_2"


@pytest.fixture
def world(session, now):
    return TwoPhases(session, now)


def test_a_team_is_at_one_meeting_at_a_time(world):
    team, other = (world.sent_idea()[1] for _ in range(2))
    world.rank([team, other])
    world.meet(team, hours=3)

    def note(hours, *present):
        return accompaniment.note_meeting(
            world.session, phase_id=world.idea.id, starts_at=world.now + BEGINS + timedelta(days=1, hours=hours),
            minutes=120, title="Laboratorio", mode=SessionMode.REMOTE, present=[each.id for each in present],
            actor=world.office, now=world.now,
        )  # fmt: skip

    with pytest.raises(Invalid) as refused:
        note(2, team)
    assert refused.value.field == "present"
    beside = note(2, other)
    with pytest.raises(Invalid) as refused:
        accompaniment.correct_attendance(
            world.session, meeting_id=beside.id, application_id=team.id, was_there=True, reason="Era qui",
            actor=world.office, now=world.now,
        )  # fmt: skip
    assert refused.value.field == "was_there"
    assert (team.attended_minutes, other.attended_minutes) == (180, 120)


def test_whoever_stands_apart_from_a_team_does_not_note_that_it_was_there(world):
    team = world.sent_idea()[1]
    world.rank([team])
    tie(world.session, person_id=world.coach.id, tie=Tie.CONFLICTED, object_type="organisation",
        object_id=team.organisation_id, now=world.now + BEGINS)  # fmt: skip
    with pytest.raises(StandsApart):
        world.meet(team)
