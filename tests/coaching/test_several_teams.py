"""A session of several teams: each answers for itself, the coach is paid once; what was wrong is taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from portal.coaching import operations
from portal.coaching.models import CoachingSession
from portal.coaching.queries import hours_of
from portal.coaching.queries.coached import coached_of
from portal.coaching.rules import SessionStatus
from portal.core.audit import AuditEvent
from portal.core.errors import IllegalMove, Invalid, NotFound


def rows_of(accompanied):
    query = select(CoachingSession).order_by(CoachingSession.starts_at, CoachingSession.engagement_id)
    return accompanied.session.scalars(query).all()


def test_several_teams_share_a_time_that_nobody_else_gets(accompanied):
    first = accompanied.log(together_with=[accompanied.other.id], topics=["economy", "team"])
    both = rows_of(accompanied)
    assert {row.engagement_id for row in both} == {accompanied.engagement.id, accompanied.other.id}
    assert {row.joint_id for row in both} == {first.joint_id}
    assert {tuple(row.topics) for row in both} == {("team", "economy")}
    with pytest.raises(operations.Overlapping):
        accompanied.log(engagement=accompanied.other, hours_ago=1.5, minutes=30)
    copy = "INSERT INTO coaching_session (id, authority_id, engagement_id, coach_id, starts_at, ends_at, minutes, mode,"
    copy += " attendees, summary, topics, joint_id, logged_at, status, status_at) SELECT :id, authority_id,"
    copy += " engagement_id, coach_id, starts_at, ends_at, minutes, mode, attendees, summary, topics, {joint},"
    copy += " logged_at, status, status_at FROM coaching_session LIMIT 1"
    for joint, why in (("NULL", "overlapping session"), ("joint_id", "joint_id")):
        with pytest.raises(IntegrityError, match=why), accompanied.session.begin_nested():
            accompanied.session.execute(text(copy.format(joint=joint)), {"id": "0" * 32})


def test_each_team_answers_for_itself_and_is_charged_whole(accompanied):
    first = accompanied.log(together_with=[accompanied.other.id], minutes=90)
    accompanied.confirm(first)
    mine, theirs = rows_of(accompanied) if rows_of(accompanied)[0].id == first.id else reversed(rows_of(accompanied))
    assert (mine.status, theirs.status) == (SessionStatus.CONFIRMED, SessionStatus.HELD)
    sums = coached_of(accompanied.session, [accompanied.engagement.application_id, accompanied.other.application_id])
    assert {each.used for each in sums.values()} == {90}


def test_a_team_of_somebody_else_is_not_logged(accompanied):
    operations.change_coach(
        accompanied.session, engagement_id=accompanied.other.id, coach_id=accompanied.second_coach.id, reason="Ferie",
        hands_over_notes=False, **accompanied.by(accompanied.world.officer),
    )  # fmt: skip
    with pytest.raises(NotFound):
        accompanied.log(together_with=[accompanied.other.id])
    assert rows_of(accompanied) == []


def test_a_topic_that_the_call_does_not_have_is_refused(accompanied):
    with pytest.raises(Invalid) as refused:
        accompanied.log(topics=["cabala"])
    assert refused.value.field == "topics"


def test_what_was_wrong_is_taken_back_and_logged_anew(accompanied):
    session, row = accompanied.session, accompanied.log(minutes=90)
    by = accompanied.by(accompanied.world.coach)
    with pytest.raises(Invalid):
        operations.withdraw_session(session, session_id=row.id, reason=" ", **by)
    for stranger in (accompanied.world.owner, accompanied.world.officer, accompanied.second_coach):
        with pytest.raises(NotFound):
            operations.withdraw_session(session, session_id=row.id, reason="No", **accompanied.by(stranger))
    operations.withdraw_session(session, session_id=row.id, reason="Erano 60 minuti", **by)
    again = accompanied.log(minutes=60)
    session.refresh(accompanied.engagement)
    assert hours_of(accompanied.engagement).used == 60
    with pytest.raises(IntegrityError, match="session logged"), session.begin_nested():
        session.execute(text("UPDATE coaching_session SET status = 'held' WHERE status = 'cancelled'"))
    moved = update(CoachingSession).where(CoachingSession.id == again.id)
    with pytest.raises(IntegrityError, match="session logged"), session.begin_nested():
        session.execute(moved.values(starts_at=again.starts_at - timedelta(days=1)))
    accompanied.confirm(again)
    with pytest.raises(IllegalMove):
        operations.withdraw_session(session, session_id=again.id, reason="Tardi", **by)
    assert session.scalars(select(AuditEvent.reason).where(AuditEvent.event == "coaching.withdraw")).all() == [
        "Erano 60 minuti"
    ]


def test_after_the_last_day_agreed_nothing_is_logged(accompanied):
    operations.change_terms(
        accompanied.session, engagement_id=accompanied.engagement.id, allowance_minutes=600, objectives="Statuto",
        ends_on=(accompanied.now - timedelta(days=2)).date(), **accompanied.by(accompanied.world.officer),
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        accompanied.log()
    assert refused.value.field == "starts_at"
    assert accompanied.log(hours_ago=24 * 3).minutes == 60
