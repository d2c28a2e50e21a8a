"""Times proposed and chosen, meetings moved and cancelled, calendars that follow."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import select

from portal.access.models import RoleGrant
from portal.coaching.agenda import feeds, operations
from portal.coaching.agenda.calendar import feed_of, invitation_of
from portal.coaching.agenda.queries import coach_of_feed, meetings_of_coach
from portal.coaching.agenda.rules import MOST_TIMES, AppointmentStatus
from portal.coaching.queries import asks
from portal.coaching.rules import SessionMode
from portal.core.errors import Conflict, IllegalMove, Invalid, NotFound
from portal.core.mail import OutgoingMail, as_message
from tests.factories.due import due_of


def propose(accompanied, person, *days, engagement=None, **given):
    fields: dict[str, Any] = {"minutes": 60, "mode": SessionMode.IN_PERSON, "place": "Casa del quartiere", "link": ""}
    return operations.propose_meeting(
        accompanied.session, engagement_id=(engagement or accompanied.engagement).id,
        times=[accompanied.now + timedelta(days=day) for day in days], **accompanied.by(person), **(fields | given),
    )  # fmt: skip


def event_of(content: str | bytes) -> Any:
    """The only event of a calendar."""
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event


def choose(accompanied, row, person, place=0):
    return operations.choose_time(
        accompanied.session, appointment_id=row.id, time_id=row.open_times[place].id, **accompanied.by(person)
    )


def steps(accompanied, person, at=None):
    return [step.path for step in due_of(asks)(accompanied.session, accompanied.actor(person), at or accompanied.now)]


def test_one_side_proposes_and_the_other_chooses(accompanied):
    world = accompanied.world
    for asks_first, answers in ((world.coach, world.owner), (world.owner, world.coach)):
        days = (3, 4) if asks_first is world.coach else (6, 7)
        row = propose(accompanied, asks_first, *days)
        assert f"/engagements/{row.engagement_id}#agenda" in steps(accompanied, answers)
        with pytest.raises(operations.NotYours):
            choose(accompanied, row, asks_first)
        choose(accompanied, row, answers, place=1)
        assert (row.status, row.starts_at) == (AppointmentStatus.AGREED, accompanied.now + timedelta(days=days[1]))
        assert row.open_times == []


@pytest.mark.parametrize(
    ("days", "given", "field"),
    [
        ((), {}, "time_1"),
        ((-1,), {}, "time_1"),
        (range(1, MOST_TIMES + 2), {}, "time_1"),
        ((400,), {}, "time_1"),
        ((1,), {"minutes": 10}, "minutes"),
        ((1,), {"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_what_cannot_be_proposed_is_refused_with_its_field(accompanied, days, given, field):
    with pytest.raises(Invalid) as refused:
        propose(accompanied, accompanied.world.coach, *days, **given)
    assert refused.value.field == field


def test_a_coach_agrees_to_one_meeting_at_a_time(accompanied):
    world = accompanied.world
    choose(accompanied, propose(accompanied, world.coach, 3), world.owner)
    with pytest.raises(operations.TimeTaken):
        choose(accompanied, propose(accompanied, world.coach, 3, engagement=accompanied.other), world.leader)


def test_a_moved_meeting_stands_until_the_new_time_is_chosen(accompanied):
    world = accompanied.world
    row = choose(accompanied, propose(accompanied, world.coach, 3), world.owner)
    operations.propose_other_times(
        accompanied.session, appointment_id=row.id, times=[accompanied.now + timedelta(days=5)],
        **accompanied.by(world.owner),
    )  # fmt: skip
    assert (row.starts_at, row.sequence) == (accompanied.now + timedelta(days=3), 0)
    choose(accompanied, row, world.coach)
    assert (row.starts_at, row.sequence) == (accompanied.now + timedelta(days=5), 1)


def test_strangers_neither_plan_nor_choose(accompanied):
    world, row = accompanied.world, propose(accompanied, accompanied.world.coach, 3)
    for stranger in (accompanied.second_coach, world.leader, world.officer):
        with pytest.raises(NotFound):
            choose(accompanied, row, stranger)
        with pytest.raises(NotFound):
            propose(accompanied, stranger, 4)


def test_an_invitation_goes_by_mail_in_rome_with_its_zone_and_stamps_in_utc(app, accompanied):
    world = accompanied.world
    row = choose(accompanied, propose(accompanied, world.coach, 40), world.owner)
    mails = accompanied.session.scalars(select(OutgoingMail).where(OutgoingMail.calendar.is_not(None))).all()
    assert {each.recipient for each in mails} == {world.coach.email, world.owner.email}
    (part,) = list(as_message(mails[0], sender="a@b.it").iter_attachments())
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "REQUEST")
    found = icalendar.Calendar.from_ical(mails[0].calendar)
    event = event_of(mails[0].calendar)
    assert event["dtstart"].params["TZID"] == "Europe/Rome"
    assert event["dtstart"].dt.astimezone(UTC) == row.starts_at
    assert (event["dtend"].dt - event["dtstart"].dt) == timedelta(minutes=60)
    assert b"DTSTAMP:" in event.to_ical()
    assert event["dtstamp"].dt.tzinfo is not None
    assert [str(zone["tzid"]) for zone in found.walk("VTIMEZONE")] == ["Europe/Rome"]
    assert (event["uid"], event["sequence"], event["status"]) == (f"{row.id}@vivaio", 0, "CONFIRMED")


def test_a_cancelled_meeting_is_cancelled_in_calendars(app, accompanied):
    world = accompanied.world
    row = choose(accompanied, propose(accompanied, world.coach, 3), world.owner)
    by = accompanied.by(world.owner)
    with pytest.raises(Invalid):
        operations.cancel_meeting(accompanied.session, appointment_id=row.id, reason=" ", **by)
    operations.cancel_meeting(accompanied.session, appointment_id=row.id, reason="La sala è chiusa", **by)
    with pytest.raises(IllegalMove):
        operations.cancel_meeting(accompanied.session, appointment_id=row.id, reason="Ancora", **by)
    sent = accompanied.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == world.coach.email)).all()
    (mail,) = [each for each in sent if "La sala è chiusa" in each.body]
    assert "METHOD:CANCEL" in mail.calendar
    rows = meetings_of_coach(accompanied.session, world.coach.id, accompanied.now)
    event = event_of(feed_of(rows, now=accompanied.now))
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    assert "METHOD:CANCEL" in invitation_of(row, now=accompanied.now)


def test_the_log_begins_with_the_meeting_and_closes_it(accompanied):
    world = accompanied.world
    row = choose(accompanied, propose(accompanied, world.coach, 1, minutes=45), world.owner)
    over = row.starts_at + timedelta(hours=1)
    assert f"/engagements/{row.engagement_id}#log" in steps(accompanied, world.coach, over)
    held = accompanied.log(starts_at=row.starts_at, minutes=45, appointment_id=row.id, now=over)
    assert (row.status, row.session_id) == (AppointmentStatus.HELD, held.id)


def test_a_meeting_is_missed_only_once_its_time_is_over(accompanied):
    world = accompanied.world
    row = choose(accompanied, propose(accompanied, world.coach, 1), world.owner)
    coach = accompanied.actor(world.coach)
    with pytest.raises(Conflict):
        operations.miss_meeting(accompanied.session, appointment_id=row.id, actor=coach, now=accompanied.now)
    later = accompanied.now + timedelta(days=2)
    operations.miss_meeting(accompanied.session, appointment_id=row.id, actor=coach, now=later)
    assert row.status is AppointmentStatus.MISSED


def test_the_address_of_a_calendar_cannot_be_made_up_and_stops_when_revoked(app, accompanied):
    world, session = accompanied.world, accompanied.session
    by = accompanied.by(world.coach)
    first = feeds.open_feed(session, **by)
    token = feeds.address_of(first)
    assert coach_of_feed(session, feeds.feed_named(token), accompanied.now).id == world.coach.id
    second = feeds.open_feed(session, **by)
    assert second.id != first.id
    for made_up in (token[:-2] + "xx", str(first.id), "x" * 100):
        with pytest.raises(NotFound):
            feeds.feed_named(made_up)
    with pytest.raises(NotFound):
        coach_of_feed(session, first.id, accompanied.now)
    role = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.coach.id)).one()
    role.until = accompanied.now - timedelta(seconds=1)
    session.flush()
    with pytest.raises(NotFound):
        coach_of_feed(session, second.id, accompanied.now)


def test_times_keep_their_wall_clock_across_the_change_of_hour(app, accompanied):
    row = propose(accompanied, accompanied.world.coach, 1)
    row.starts_at = datetime(2026, 10, 25, 9, 0, tzinfo=UTC)
    event = event_of(invitation_of(row, now=accompanied.now))
    assert (event["dtstart"].dt.hour, event["dtstart"].dt.utcoffset()) == (10, timedelta(hours=1))
