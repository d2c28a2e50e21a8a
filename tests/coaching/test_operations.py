"""Sessions logged by the coach and answered by the team, on both databases."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.models import RoleGrant
from portal.access.policy import Role, Tie
from portal.coaching import checks, operations, queries
from portal.coaching.models import CoachingSession
from portal.coaching.rules import SessionMode, SessionStatus, instant_in_rome
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, IllegalMove, Invalid, NotFound
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.grants.apart import TwoPeople
from tests.factories.base import as_actor, join, make_person, make_staff
from tests.factories.due import due_of
from tests.factories.grants import make_world


@pytest.fixture
def world(session, now):
    return make_world(session, now=now)


def log(world, engagement, *, hours_ago=2.0, minutes=60, **given):
    fields = {
        "starts_at": world.now - timedelta(hours=hours_ago), "minutes": minutes, "mode": SessionMode.IN_PERSON,
        "attendees": "Marta", "summary": "Abbiamo rivisto il bilancio.",
    }  # fmt: skip
    return operations.log_session(
        world.session, engagement_id=engagement.id, actor=world.actor(world.coach), now=world.now, **(fields | given)
    )


def test_a_coach_is_tied_to_application_and_team_with_the_allowance_of_the_call(world, session):
    engagement = world.engage()
    coach = world.actor(world.coach)
    assert engagement.allowance_minutes == 1800
    assert coach.objects_tied_as(Tie.COACHES) == {world.application.id, world.association.id}
    mails = session.scalars(select(OutgoingMail.recipient)).all()
    assert {world.coach.email, world.owner.email} <= set(mails)


def test_a_team_has_one_coach(world):
    world.engage()
    with pytest.raises(Conflict):
        world.engage()


def test_only_a_coach_of_the_authority_outside_the_team_accompanies_it(world, session, now):
    with pytest.raises(Invalid):
        operations.engage_coach(
            session, application_id=world.application.id, coach_id=world.owner.id,
            actor=world.actor(world.officer), now=now,
        )  # fmt: skip
    session.add(RoleGrant(person_id=world.owner.id, role=Role.COACH, authority_id=world.authority.id, since=now))
    with pytest.raises(Invalid, match=r"team|gruppo|squadra"):
        operations.engage_coach(
            session, application_id=world.application.id, coach_id=world.owner.id,
            actor=world.actor(world.officer), now=now,
        )  # fmt: skip


def test_a_session_waits_for_the_team_that_is_told(world, session):
    row = log(world, world.engage())
    assert row.status is SessionStatus.HELD
    job = session.scalars(select(Job).where(Job.kind == "coaching.confirm_silent")).one()
    assert job.run_at == world.now + timedelta(days=7)
    steps = queries.due_steps(session, world.actor(world.owner), world.now)
    assert [step.path for step in steps] == [f"/engagements/{row.engagement_id}#session-{row.id}"]
    assert steps[0].by == world.now + timedelta(days=7)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"minutes": -30}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 14}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"hours_ago": 0.5}, "starts_at"),
        ({"hours_ago": -24}, "starts_at"),
        ({"hours_ago": 24 * 61}, "starts_at"),
        ({"summary": " \u200b\n"}, "summary"),
        ({"summary": "x" * 4001}, "summary"),
    ],
)
def test_a_session_that_cannot_be_is_refused_with_its_field(world, session, given, field):
    engagement = world.engage()
    with pytest.raises(Invalid) as refused:
        log(world, engagement, **given)
    assert refused.value.field == field
    assert session.scalars(select(CoachingSession)).all() == []


def test_the_hour_that_clocks_skip_is_refused_and_the_doubled_one_is_its_first():
    with pytest.raises(Invalid):
        instant_in_rome(datetime(2026, 3, 29, 2, 30))
    assert instant_in_rome(datetime(2026, 10, 25, 2, 30)).hour == 0


def test_a_coach_is_in_one_place_at_a_time(world):
    engagement = world.engage()
    log(world, engagement, hours_ago=3, minutes=60)
    log(world, engagement, hours_ago=2, minutes=60)
    with pytest.raises(operations.Overlapping) as refused:
        log(world, engagement, hours_ago=2.5, minutes=30)
    assert refused.value.field == "starts_at"


def test_the_database_refuses_an_overlap_and_the_future_too(world, session):
    log(world, world.engage())
    again = (
        "INSERT INTO coaching_session (id, authority_id, engagement_id, coach_id, starts_at, ends_at, minutes, mode, "
    )
    again += "attendees, summary, logged_at, status, status_at) SELECT :id, authority_id, engagement_id, coach_id, "
    again += "{starts}, {ends}, minutes, mode, attendees, summary, logged_at, status, status_at FROM coaching_session"
    key = uuid4().hex
    with pytest.raises(IntegrityError, match="overlapping session"), session.begin_nested():
        session.execute(text(again.format(starts="starts_at", ends="ends_at")), {"id": key})
    with pytest.raises(IntegrityError, match="not_in_the_future"), session.begin_nested():
        session.execute(text("UPDATE coaching_session SET logged_at = starts_at"))


def test_only_the_coach_of_the_team_logs(world, session, now):
    engagement = world.engage()
    other = make_staff(session, world.authority, Role.COACH, now=now)
    for stranger in (other, world.officer, world.owner):
        with pytest.raises(NotFound):
            operations.log_session(
                session, engagement_id=engagement.id, starts_at=now - timedelta(hours=2), minutes=60,
                mode=SessionMode.REMOTE, attendees="", summary="Prova", actor=world.actor(stranger), now=now,
            )  # fmt: skip


def confirmed_minutes(session, world):
    found = dict(session.execute(queries.confirmed_minutes([world.application.id])).all())
    return found.get(world.application.id, 0)


def test_the_owner_confirms_and_nothing_changes_any_more(world, session):
    row = log(world, world.engage())
    operations.confirm_session(session, session_id=row.id, actor=world.actor(world.owner), now=world.now)
    assert (row.status, row.answered_by) == (SessionStatus.CONFIRMED, world.owner.id)
    assert confirmed_minutes(session, world) == 60
    with pytest.raises(IllegalMove):
        operations.dispute_session(
            session, session_id=row.id, reason="No", actor=world.actor(world.owner), now=world.now
        )
    for statement in ("UPDATE coaching_session SET minutes = 90", "DELETE FROM coaching_session"):
        with pytest.raises(IntegrityError, match="confirmed session"), session.begin_nested():
            session.execute(text(statement))


def test_a_disputed_session_counts_nothing_until_the_team_confirms_it(world, session):
    row, owner = log(world, world.engage()), world.actor(world.owner)
    with pytest.raises(Invalid) as refused:
        operations.dispute_session(session, session_id=row.id, reason="  ", actor=owner, now=world.now)
    assert refused.value.field == "reason"
    operations.dispute_session(session, session_id=row.id, reason="Durata diversa", actor=owner, now=world.now)
    assert confirmed_minutes(session, world) == 0
    mails = session.scalars(select(OutgoingMail.body).where(OutgoingMail.recipient == world.coach.email)).all()
    assert any("Durata diversa" in body for body in mails)
    operations.confirm_session(session, session_id=row.id, actor=owner, now=world.now)
    assert confirmed_minutes(session, world) == 60


def test_members_who_are_not_owners_and_strangers_do_not_answer(world, session, now):
    row = log(world, world.engage())
    viewer = make_person(session, now=now)
    join(session, viewer, world.association, Tie.VIEWER, now=now)
    for person in (viewer, world.leader, world.officer, world.coach):
        with pytest.raises(NotFound):
            operations.confirm_session(session, session_id=row.id, actor=as_actor(session, person, now=now), now=now)


def test_a_coach_who_joins_the_team_does_not_confirm_the_own_session(world, session, now):
    row = log(world, world.engage())
    join(session, world.coach, world.association, Tie.OWNER, now=now)
    with pytest.raises(TwoPeople):
        operations.confirm_session(session, session_id=row.id, actor=world.actor(world.coach), now=now)
    with pytest.raises(IntegrityError, match="two_people"), session.begin_nested():
        session.execute(text("UPDATE coaching_session SET answered_by = coach_id"))


def test_silence_confirms_once_and_only_what_still_waits(world, session):
    engagement = world.engage()
    silent, disputed = log(world, engagement, hours_ago=5), log(world, engagement, hours_ago=2)
    operations.dispute_session(
        session, session_id=disputed.id, reason="No", actor=world.actor(world.owner), now=world.now
    )
    later = world.now + timedelta(days=7)
    for row in (silent, silent, disputed):
        operations.confirm_silent(session, now=later, session_id=str(row.id))
    assert (silent.status, disputed.status) == (SessionStatus.CONFIRMED, SessionStatus.DISPUTED)
    events = session.scalars(select(AuditEvent).where(AuditEvent.event == "coaching.confirmed_by_silence")).all()
    assert [event.actor_roles for event in events] == ["system"]


def test_the_desk_reminds_of_teams_left_alone_and_of_teams_without_a_coach(world, session):
    engagement = world.engage()
    officer = due_of(queries.asks)(session, world.actor(world.officer), world.now)
    assert [step.path for step in officer] == [f"/applications/{world.group_application.id}/coach"]
    coach = world.actor(world.coach)
    assert queries.due_steps(session, coach, world.now) == []
    later = queries.due_steps(session, coach, world.now + timedelta(days=31))
    assert [step.path for step in later] == [f"/engagements/{engagement.id}#log"]


def test_the_checker_finds_minutes_that_the_clock_denies(world, session):
    row = log(world, world.engage())
    assert list(checks.broken(session)) == []
    session.execute(text("UPDATE coaching_session SET minutes = 90"))
    session.expire_all()
    assert [line for line in checks.broken(session) if str(row.id) in line]
