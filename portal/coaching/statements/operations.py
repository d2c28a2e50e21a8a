"""Closing a month: a statement for each coach with confirmed minutes. Never commits."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority, Person
from portal.access.policy import Action, authorise
from portal.coaching.models import CoachingSession, CoachStatement, StatementLine
from portal.coaching.statements.queries import answers_to_state
from portal.coaching.statements.rules import Sheet, Standing, end_of, month_of, sheets_of
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.instants import Month
from portal.core.unit_of_work import violation
from portal.grants.operations.news import tell_people


class MonthClosed(Conflict):
    """A closed month never changes."""

    default = lazy_("This month is closed, or a later one is: what was confirmed since goes into the next statement.")


class NothingToState(Conflict):
    """A statement holds minutes."""

    default = lazy_("No coach has confirmed sessions in this month.")


violation("uq_coach_statement", MonthClosed)
violation("coach_statement.coach_id", MonthClosed)
violation("uq_statement_line", MonthClosed)
violation("statement_line.occasion_id", MonthClosed)
violation("session not confirmed", MonthClosed)


def close_month(
    session: Session, *, authority_id: UUID, month: date, actor: Actor, now: datetime
) -> list[CoachStatement]:
    """Close a month that is over: each coach gets a statement of what is confirmed by now and in none yet.

    Raises Invalid for a month that is not over, MonthClosed, NothingToState.
    """
    authority = session.scalars(select(Authority).where(Authority.id == authority_id).with_for_update()).one_or_none()
    if authority is None:
        raise NotFound
    authorise(actor, Action.STATEMENT_CLOSE, authority)
    month = month_of(month)
    if end_of(month) > now:
        raise Invalid(lazy_("This month is not over yet."), "month")
    closed = select(CoachStatement.id).where(CoachStatement.authority_id == authority.id, CoachStatement.month >= month)
    if session.scalars(closed.limit(1)).first() is not None:
        raise MonthClosed
    answers = answers_to_state(session, CoachingSession.authority_id == authority.id, until=end_of(month))
    sheets = [each for each in sheets_of(answers).values() if each.minutes(Standing.CONFIRMED)]
    if not sheets:
        raise NothingToState
    return [_state(session, authority, month, sheet, actor, now) for sheet in sheets]


def _state(
    session: Session, authority: Authority, month: date, sheet: Sheet, actor: Actor, now: datetime
) -> CoachStatement:
    row = CoachStatement(
        authority_id=authority.id, coach_id=sheet.coach_id, month=month, minutes=sheet.minutes(Standing.CONFIRMED),
        closed_at=now, closed_by=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for each in sheet.of(Standing.CONFIRMED):
        session.add(
            StatementLine(
                statement_id=row.id, occasion_id=each.occasion_id, session_id=each.session_id,
                starts_at=each.starts_at, minutes=each.minutes, teams=each.teams,
            )
        )  # fmt: skip
    session.flush()
    after = {"month": month, "minutes": row.minutes, "coach": row.coach_id}
    record(session, at=now, actor=actor, event=Action.STATEMENT_CLOSE, subject=row, after=after,
           authority_id=authority.id)  # fmt: skip
    coach = session.get_one(Person, row.coach_id)
    tell_people(session, people=[coach], path=f"/coaching/statements/{row.id}", now=now,
                message=lazy_("Your statement of %(month)s is closed.", month=Month(month)))  # fmt: skip
    return row
