"""What a hostile coach tries, and an officer or a member who should not: hours, days, teams and texts of others."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access.models import RoleGrant
from portal.access.policy import Action, Role, Tie, allowed
from portal.access.rules.facts import local_day
from portal.access.ties import tie, untie
from portal.coaching import operations
from portal.coaching.agenda.operations import NotYours, choose_time, propose_meeting
from portal.coaching.agenda.queries import meetings_of_coach
from portal.coaching.agenda.rules import AppointmentStatus
from portal.coaching.coaches.operations import declare_coach_conflict
from portal.coaching.models import Appointment, CoachingSession, Engagement, NextStep
from portal.coaching.next_steps.operations import StepAsked
from portal.coaching.next_steps.queries import asks
from portal.coaching.notes.operations import write_note
from portal.coaching.notes.queries import notes_of
from portal.coaching.notes.rules import Readers
from portal.coaching.queries import teams_of
from portal.coaching.rules import SessionMode
from portal.core.errors import Invalid, NotFound
from portal.grants.apart import OwnOrganisation
from tests.factories.base import join, make_authority, make_staff
from tests.factories.due import due_of


def agreed(accompanied, *, days: int, engagement: Engagement | None = None) -> Appointment:
    """A meeting that the owner chose."""
    world = accompanied.world
    row = propose_meeting(
        accompanied.session, engagement_id=(engagement or accompanied.engagement).id, minutes=60, place="Sede", link="",
        times=[accompanied.now + timedelta(days=days)], mode=SessionMode.IN_PERSON, **accompanied.by(world.coach),
    )  # fmt: skip
    return choose_time(
        accompanied.session, appointment_id=row.id, time_id=row.times[0].id, **accompanied.by(world.owner)
    )


def changed(accompanied, engagement: Engagement, coach: Any) -> Engagement:
    """The office gives a team another coach."""
    return operations.change_coach(
        accompanied.session, engagement_id=engagement.id, coach_id=coach.id, reason="Ferie", hands_over_notes=False,
        **accompanied.by(accompanied.world.officer),
    )  # fmt: skip


def refusal_of(accompanied, **given: Any) -> Invalid:
    """How the log of a session is refused; nothing is kept of it."""
    with pytest.raises(Invalid) as refused:
        accompanied.log(**given)
    assert accompanied.session.scalars(select(CoachingSession)).all() == []
    return refused.value


def test_no_session_is_logged_before_the_day_on_which_the_coaching_began(accompanied):
    engagement = accompanied.engagement
    engagement.starts_on = local_day(accompanied.now - timedelta(days=3))
    assert refusal_of(accompanied, hours_ago=24 * 4).field == "starts_at"
    engagement.starts_on = None
    assert refusal_of(accompanied, hours_ago=24).field == "starts_at"
    accompanied.log(hours_ago=2)


def test_no_more_minutes_are_logged_than_are_left(accompanied):
    engagement = accompanied.engagement
    engagement.allowance_minutes = 100
    accompanied.log(hours_ago=30, minutes=60)
    with pytest.raises(Invalid) as refused:
        accompanied.log(minutes=45)
    assert (refused.value.field, "40 min" in str(refused.value.message)) == ("minutes", True)
    with pytest.raises(Invalid), accompanied.session.begin_nested():
        accompanied.log(minutes=45, engagement=accompanied.other, together_with=[engagement.id])
    accompanied.log(minutes=40)
    assert refusal_when_none_is_left(accompanied) == "minutes"


def refusal_when_none_is_left(accompanied) -> str | None:
    """The field at which a further session is refused, also with a new coach: what is used stays used."""
    accompanied.session.flush()
    new = changed(accompanied, accompanied.engagement, accompanied.second_coach)
    with pytest.raises(Invalid) as refused:
        accompanied.log(minutes=15, engagement=new, hours_ago=0.5, **accompanied.by(accompanied.second_coach))
    return refused.value.field


def test_teams_of_two_cities_are_not_logged_together(accompanied):
    session, now = accompanied.session, accompanied.now
    elsewhere = make_authority(session, code="milano", name="Comune di Milano")
    session.add(RoleGrant(person_id=accompanied.world.coach.id, role=Role.COACH, authority_id=elsewhere.id, since=now))
    accompanied.other.authority_id = elsewhere.id
    session.flush()
    assert refusal_of(accompanied, together_with=[accompanied.other.id]).field == "together_with"


def test_a_meeting_to_come_is_not_held_by_a_session_of_the_past(accompanied):
    row = agreed(accompanied, days=5)
    accompanied.log(appointment_id=row.id)
    assert (row.status, row.session_id) == (AppointmentStatus.AGREED, None)


def test_whoever_coaches_another_project_of_the_organisation_is_a_stranger_to_this_one(accompanied):
    """The tie to the organisation opens neither times, notes and ratings of somebody else's team, nor its grant."""
    world, session, now = accompanied.world, accompanied.session, accompanied.now
    stranger = accompanied.second_coach
    tie(session, person_id=stranger.id, tie=Tie.COACHES, object_type="organisation", object_id=world.association.id,
        now=now)  # fmt: skip
    actor = accompanied.actor(stranger)
    grant = world.award()
    assert allowed(accompanied.actor(world.coach), Action.GRANT_READ, grant)
    for action in (Action.GRANT_READ, Action.MATURITY_READ, Action.MILESTONE_READ):
        assert not allowed(actor, action, grant), action
    for action in (Action.COACHING_READ, Action.NOTE_WRITE, Action.NOTE_READ, Action.SESSION_PLAN,
                   Action.NEXT_STEP_SETTLE):  # fmt: skip
        assert not allowed(actor, action, accompanied.engagement), action
    row = propose_meeting(
        session, engagement_id=accompanied.engagement.id, times=[now + timedelta(days=2)], minutes=60, place="",
        link="", mode=SessionMode.IN_PERSON, **accompanied.by(world.coach),
    )  # fmt: skip
    with pytest.raises(NotFound):
        choose_time(session, appointment_id=row.id, time_id=row.times[0].id, actor=actor, now=now)
    with pytest.raises(NotYours):
        choose_time(session, appointment_id=row.id, time_id=row.times[0].id, **accompanied.by(world.coach))


def test_open_steps_follow_the_team_through_every_change_of_coach(accompanied):
    session, world, now = accompanied.session, accompanied.world, accompanied.now
    third = make_staff(session, world.authority, Role.COACH, now=now, name="Elio Sanna")
    accompanied.log(steps=[StepAsked("Bozza di statuto", world.coach.id, local_day(now) + timedelta(days=7))])
    second = changed(accompanied, accompanied.engagement, accompanied.second_coach)
    changed(accompanied, second, third)
    assert session.scalars(select(NextStep)).one().owner_id == third.id


def test_whoever_left_the_team_has_no_step_of_it_on_the_desk(accompanied):
    session, world, now = accompanied.session, accompanied.world, accompanied.now
    join(session, world.leader, world.association, Tie.EDITOR, now=now)
    accompanied.log(steps=[StepAsked("Bozza di statuto", world.leader.id, local_day(now) + timedelta(days=7))])
    later = now + timedelta(hours=1)
    assert len(due_of(asks)(session, accompanied.actor(world.leader), later)) == 1
    untie(session, person_id=world.leader.id, tie=Tie.EDITOR, object_id=world.association.id, now=now)
    assert due_of(asks)(session, accompanied.actor(world.leader), later) == []


def test_nothing_of_a_team_is_listed_for_a_coach_who_stands_apart_from_it(accompanied):
    world, session = accompanied.world, accompanied.session
    agreed(accompanied, days=3)
    accompanied.log(steps=[StepAsked("Statuto", world.coach.id, local_day(accompanied.now) + timedelta(days=7))])
    by = accompanied.by(world.coach)
    declare_coach_conflict(session, organisation_id=world.association.id, reason="Mia sorella vi lavora", **by)
    actor = accompanied.actor(world.coach)
    assert [each.engagement.id for each in teams_of(session, actor)] == [accompanied.other.id]
    assert meetings_of_coach(session, world.coach.id, accompanied.now) == []
    assert due_of(asks)(session, actor, accompanied.now) == []


@pytest.fixture
def insider(accompanied):
    """An officer who belongs to the team."""
    join(accompanied.session, accompanied.world.officer, accompanied.world.association, Tie.EDITOR, now=accompanied.now)
    return accompanied.world.officer


def test_an_officer_of_the_team_reads_its_notes_as_one_of_the_team(accompanied, insider):
    for readers in Readers:
        write_note(accompanied.session, engagement_id=accompanied.engagement.id, what="Nota", readers=readers,
                   **accompanied.by(accompanied.world.coach))  # fmt: skip
    actor = accompanied.actor(insider)
    read = {each.readers for each in notes_of(accompanied.session, actor, accompanied.engagement)}
    assert read == {Readers.SHARED}
    theirs = notes_of(accompanied.session, actor, accompanied.other)
    assert theirs == []


def test_an_officer_of_the_team_chooses_neither_its_coach_nor_its_hours(accompanied, insider):
    by = accompanied.by(insider)
    with pytest.raises(OwnOrganisation):
        operations.change_terms(accompanied.session, engagement_id=accompanied.engagement.id, allowance_minutes=9000,
                                ends_on=None, objectives="", **by)  # fmt: skip
    with pytest.raises(OwnOrganisation):
        changed(accompanied, accompanied.engagement, accompanied.second_coach)
