"""Reading what coaches are paid for: closed months, and what is not in a statement yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import Authority, Organisation, Person
from portal.access.policy import Action, Role, allowed, authorise
from portal.access.rules.facts import local_day
from portal.coaching.models import CoachingSession, CoachStatement, Engagement, StatementLine
from portal.coaching.rules import COUNTED
from portal.coaching.statements.rules import Answer, Sheet, Standing, end_of, month_before, month_of, sheets_of
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import _
from portal.core.instants import format_month
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

OCCASION = func.coalesce(CoachingSession.joint_id, CoachingSession.id)


def answers_to_state(session: Session, *conditions: ColumnElement[bool], until: datetime) -> list[Answer]:
    """What teams answered of the sessions begun before this instant that no statement holds yet: one statement."""
    stated = select(StatementLine.id).where(StatementLine.occasion_id == OCCASION).exists()
    query = (
        select(CoachingSession, Organisation.name)
        .join(Engagement, Engagement.id == CoachingSession.engagement_id)
        .join(Organisation, Organisation.id == Engagement.organisation_id)
        .where(CoachingSession.status.in_(COUNTED), CoachingSession.starts_at < until, ~stated, *conditions)
        .order_by(CoachingSession.starts_at, CoachingSession.id)
    )
    return [
        Answer(row.occasion_id, row.id, row.coach_id, row.starts_at, row.minutes, team, row.status, row.authority_id)
        for row, team in session.execute(query)
    ]


def statements_of(session: Session, *conditions: ColumnElement[bool]) -> Sequence[CoachStatement]:
    """Closed months, the last first, then by coach."""
    query = select(CoachStatement).join(Person, Person.id == CoachStatement.coach_id).where(*conditions)
    query = query.options(joinedload(CoachStatement.coach), joinedload(CoachStatement.authority))
    return session.scalars(query.order_by(CoachStatement.month.desc(), Person.name, CoachStatement.id)).all()


def statement_to_read(session: Session, actor: Actor, statement_id: UUID) -> CoachStatement:
    """A statement with its lines: for its coach, and for who may read those of everybody. NotFound otherwise."""
    query = (
        select(CoachStatement)
        .where(CoachStatement.id == statement_id)
        .options(
            selectinload(CoachStatement.lines), joinedload(CoachStatement.coach), joinedload(CoachStatement.authority)
        )
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.STATEMENT_READ, found)
    if found.coach_id != actor.person_id and not allowed(actor, Action.STATEMENT_LIST, found):
        raise NotFound
    return found


def offices_of(session: Session, actor: Actor) -> Sequence[Authority]:
    """The authorities whose statements somebody may read, by name."""
    roles = (Role.OFFICER, Role.FINANCE_MAKER, Role.FINANCE_APPROVER, Role.AUDITOR)
    homes = frozenset[UUID]().union(*(actor.authorities_as(role) for role in roles))
    query = select(Authority).where(Authority.id.in_(homes)).order_by(Authority.name)
    return [each for each in session.scalars(query) if allowed(actor, Action.STATEMENT_LIST, each)]


def people_named(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names by person."""
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return dict(session.execute(query).all())


@dataclass(frozen=True, slots=True)
class Office:
    """What one authority has to state: the month to close (None: it is closed), each coach with what is not stated."""

    authority: Authority
    month: date | None
    sheets: Sequence[Sheet]
    names: Mapping[UUID, str]

    @property
    def total(self) -> int:
        """The minutes that closing states."""
        return sum(each.minutes(Standing.CONFIRMED) for each in self.sheets)


def offices_to_state(
    session: Session, places: Sequence[Authority], closed: Sequence[CoachStatement], now: datetime
) -> list[Office]:
    """What these authorities have to state for the last month that is over; `closed` are their statements. Two
    statements however many they are.
    """
    month = month_before(month_of(local_day(now)))
    here = CoachingSession.authority_id.in_([each.id for each in places])
    answers = answers_to_state(session, here, until=end_of(month))
    names = people_named(session, sorted({each.coach_id for each in answers}))
    done = {each.authority_id for each in closed if each.month >= month}
    return [
        Office(place, None if place.id in done else month,
               list(sheets_of([each for each in answers if each.authority_id == place.id]).values()), names)
        for place in places
    ]  # fmt: skip


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """The month that is over and holds confirmed sessions of coaches, for officers."""
    offices = actor.authorities_as(Role.OFFICER)
    if not offices:
        return
    month = month_before(month_of(local_day(now)))
    closed = select(CoachStatement.id).where(CoachStatement.authority_id == Authority.id, CoachStatement.month >= month)
    stated = select(StatementLine.id).where(StatementLine.occasion_id == OCCASION)
    held = select(CoachingSession.id).where(
        CoachingSession.authority_id == Authority.id,
        CoachingSession.status == "confirmed",
        CoachingSession.starts_at < end_of(month),
        ~stated.exists(),
    )
    query = select(*line(id=Authority.id, name=Authority.name)).where(
        Authority.id.in_(offices), ~closed.exists(), held.exists()
    )
    yield Ask(query, (Authority.name, Authority.id), lambda found: _close(found.name, month))


def _close(name: str, month: date) -> DueStep:
    return DueStep(
        what=_("Close the statements of coaches of %(month)s", month=format_month(month)),
        button=_("See the hours"),
        path="/manage/coaching",
        why=_("What is confirmed later goes into the next month."),
        place=name,
    )
