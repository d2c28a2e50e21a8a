"""What a coach is paid: the sum of confirmed sessions, each once; a closed month stays as it is."""

import io
from datetime import date, timedelta

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role
from portal.coaching import operations
from portal.coaching.models import CoachingSession, CoachStatement, StatementLine
from portal.coaching.rules import COUNTED, SessionStatus
from portal.coaching.statements.documents import statement_csv, statement_pdf
from portal.coaching.statements.operations import MonthClosed, NothingToState, close_month
from portal.coaching.statements.queries import answers_to_state, statement_to_read
from portal.coaching.statements.rules import (
    Answer,
    Standing,
    end_of,
    month_after,
    month_before,
    occasions_of,
    sheets_of,
)
from portal.core.db import new_id
from portal.core.errors import Forbidden, Invalid, NotFound
from tests.factories.base import make_staff
from tests.factories.pdf import words_of

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
COACHES = [new_id() for _ in range(2)]
OCCASIONS = [new_id() for _ in range(6)]


@st.composite
def answers(draw):
    """Sessions of one to three teams each, as their teams may have answered."""
    found = []
    for place, occasion in enumerate(draw(st.lists(st.sampled_from(OCCASIONS), unique=True))):
        coach, minutes = draw(st.sampled_from(COACHES)), draw(st.integers(15, 480))
        for team in range(draw(st.integers(1, 3))):
            status = draw(st.sampled_from(list(SessionStatus)))
            starts = end_of(FEBRUARY) - timedelta(days=place + 1)
            found.append(Answer(occasion, new_id(), coach, starts, minutes, f"T{team}", status))
    return found


@given(answers())
def test_a_session_counts_once_and_only_once_every_team_confirmed(given_answers):
    sheets = sheets_of(given_answers)
    for coach, sheet in sheets.items():
        for standing in Standing:
            assert sheet.minutes(standing) == sum(each.minutes for each in sheet.of(standing))
        expected = 0
        for occasion in OCCASIONS:
            rows = [each for each in given_answers if each.occasion_id == occasion and each.coach_id == coach]
            counted = [each for each in rows if each.status in COUNTED]
            if counted and all(each.status is SessionStatus.CONFIRMED for each in counted):
                expected += counted[0].minutes
        assert sheet.minutes(Standing.CONFIRMED) == expected
    assert occasions_of(given_answers) == occasions_of(reversed(given_answers))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_months_follow_each_other(day):
    month = day.replace(day=1)
    assert month_before(month_after(month)) == month
    assert end_of(month_before(month)) < end_of(month)


def confirmed(accompanied, *, days_ago, minutes=60):
    row = accompanied.log(hours_ago=24 * days_ago, minutes=minutes)
    return accompanied.confirm(row)


def close(accompanied, month=FEBRUARY, *, at=None):
    return close_month(
        accompanied.session, authority_id=accompanied.world.authority.id, month=month,
        actor=accompanied.actor(accompanied.world.officer), now=at or accompanied.now,
    )  # fmt: skip


def test_a_month_is_closed_once_and_late_confirmations_go_into_the_next(accompanied):
    confirmed(accompanied, days_ago=10, minutes=60)
    late, disputed = accompanied.log(hours_ago=24 * 9, minutes=45), accompanied.log(hours_ago=24 * 8, minutes=30)
    operations.dispute_session(accompanied.session, session_id=disputed.id, reason="No",
                               **accompanied.by(accompanied.world.owner))  # fmt: skip
    together = accompanied.log(hours_ago=24 * 7, minutes=90, together_with=[accompanied.other.id])
    accompanied.confirm(together)
    (row,) = close(accompanied)
    assert (row.minutes, [line.minutes for line in row.lines]) == (60, [60])
    accompanied.confirm(late)
    for each in accompanied.session.scalars(select(CoachingSession).where(CoachingSession.status == "held")):
        accompanied.confirm(each)
    with pytest.raises(MonthClosed):
        close(accompanied)
    with pytest.raises(Invalid):
        close(accompanied, MARCH)
    (following,) = close(accompanied, MARCH, at=end_of(MARCH))
    assert (row.minutes, following.minutes) == (60, 45 + 90)
    assert [line.teams for line in following.lines if line.minutes == 90] == ["Associazione Il Ponte, Orti in Comune"]
    left = answers_to_state(accompanied.session, until=end_of(MARCH))
    assert [each.status for each in left] == [SessionStatus.DISPUTED]


def test_a_month_without_confirmed_sessions_makes_no_statement(accompanied):
    accompanied.log(hours_ago=24 * 10)
    with pytest.raises(NothingToState):
        close(accompanied)


def test_the_database_keeps_statements_and_takes_confirmed_minutes_alone(accompanied):
    session = accompanied.session
    row = confirmed(accompanied, days_ago=10, minutes=60)
    waits = accompanied.log(hours_ago=24 * 9, minutes=45)
    (closed,) = close(accompanied)
    for statement in (
        "UPDATE coach_statement SET minutes = 61", "DELETE FROM statement_line",
        "UPDATE statement_line SET minutes = 61",
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
            session.execute(text(statement))

    def state(held, minutes):
        row = StatementLine(statement_id=closed.id, occasion_id=held.id, session_id=held.id, teams="",
                             starts_at=held.starts_at, minutes=minutes)  # fmt: skip
        with session.begin_nested():
            session.add(row)
            session.flush()

    for held, minutes, why in (
        (waits, 45, "session not confirmed"), (row, 61, "session not confirmed"), (row, 60, "occasion_id"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=why):
            state(held, minutes)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.tuples(st.integers(15, 120), st.sampled_from(["confirm", "leave", "dispute", "withdraw"]),
                               st.booleans()), min_size=1, max_size=5))  # fmt: skip
def test_every_statement_is_the_sum_of_what_is_confirmed(accompanied, plan):
    session = accompanied.session
    with session.begin_nested() as savepoint:
        wanted = used = 0
        for place, (minutes, answer, together) in enumerate(plan):
            others = [accompanied.other.id] if together else []
            row = accompanied.log(hours_ago=24 * (5 + place), minutes=minutes, together_with=others)
            query = select(CoachingSession).where(CoachingSession.starts_at == row.starts_at)
            for each in session.scalars(query).all():
                owner = accompanied.world.owner if each.engagement_id == row.engagement_id else accompanied.world.leader
                if answer == "confirm":
                    accompanied.confirm(each)
                elif answer == "dispute":
                    operations.dispute_session(session, session_id=each.id, reason="No", **accompanied.by(owner))
                elif answer == "withdraw":
                    operations.withdraw_session(session, session_id=each.id, reason="No",
                                                **accompanied.by(accompanied.world.coach))  # fmt: skip
            wanted += minutes if answer == "confirm" else 0
            used += minutes if answer != "withdraw" else 0
        stated = sum(row.minutes for row in close(accompanied)) if wanted else 0
        session.refresh(accompanied.engagement)
        assert stated == wanted
        assert operations_used(accompanied) == used
        savepoint.rollback()
    session.expire_all()


def operations_used(accompanied):
    """What the first team used of its allowance."""
    query = select(CoachingSession.minutes).where(
        CoachingSession.engagement_id == accompanied.engagement.id, CoachingSession.status.in_(COUNTED)
    )
    return sum(accompanied.session.scalars(query))


def test_a_coach_reads_the_own_statement_finance_and_auditors_every_one(accompanied, now):
    confirmed(accompanied, days_ago=10)
    (row,) = close(accompanied)
    authority = accompanied.world.authority
    for role in (Role.FINANCE_MAKER, Role.AUDITOR):
        reader = make_staff(accompanied.session, authority, role, now=now)
        assert statement_to_read(accompanied.session, accompanied.actor(reader), row.id).id == row.id
    assert statement_to_read(accompanied.session, accompanied.actor(accompanied.world.coach), row.id).minutes == 60
    for stranger in (accompanied.second_coach, accompanied.world.owner):
        with pytest.raises(NotFound):
            statement_to_read(accompanied.session, accompanied.actor(stranger), row.id)
    with pytest.raises((Forbidden, NotFound)):
        close_month(accompanied.session, authority_id=authority.id, month=MARCH, now=end_of(MARCH),
                    actor=accompanied.actor(accompanied.world.coach))  # fmt: skip


def test_a_statement_is_a_table_and_a_tagged_pdf_with_the_same_lines(app, accompanied):
    confirmed(accompanied, days_ago=10, minutes=75)
    close(accompanied)
    row = accompanied.session.scalars(select(CoachStatement)).one()
    with app.test_request_context("/?lang=it"):
        table, document = statement_csv(row).decode("utf-8-sig"), statement_pdf(row)
    assert table.count("\n") == 3
    assert '"75"' in table
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith("it")
    assert "Associazione Il Ponte" in " ".join(words_of(document))
