"""One session counts once for its coach, however many teams were there: pure sums over what teams answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from portal.coaching.rules import ROME, SessionStatus


class Standing(StrEnum):
    """How a session stands once all its teams are heard."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one team answered of one session."""

    occasion_id: UUID
    session_id: UUID
    coach_id: UUID
    starts_at: datetime
    minutes: int
    team: str
    status: SessionStatus
    authority_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """A session as its coach is paid for it."""

    occasion_id: UUID
    session_id: UUID
    starts_at: datetime
    minutes: int
    teams: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a coach has in a month that is not closed: what will be paid, what waits, what is disputed."""

    coach_id: UUID
    occasions: Sequence[Occasion]

    def of(self, standing: Standing) -> list[Occasion]:
        """The sessions that stand so."""
        return [each for each in self.occasions if each.standing is standing]

    def minutes(self, standing: Standing) -> int:
        """The minutes that stand so."""
        return sum(each.minutes for each in self.of(standing))


def occasions_of(answers: Iterable[Answer]) -> list[Occasion]:
    """Sessions in the order of their time. One that any team disputes is disputed, one that any has not answered waits;
    what was taken back counts for nothing.
    """
    counted = [each for each in answers if each.status in STANDING]
    ordered = sorted(counted, key=lambda each: (each.starts_at, each.occasion_id, each.team, each.session_id))
    return [
        _occasion(list(rows)) for _key, rows in groupby(ordered, key=lambda each: (each.starts_at, each.occasion_id))
    ]


STANDING = {
    SessionStatus.DISPUTED: Standing.DISPUTED,
    SessionStatus.HELD: Standing.WAITING,
    SessionStatus.CONFIRMED: Standing.CONFIRMED,
}


def _occasion(rows: Sequence[Answer]) -> Occasion:
    found = {STANDING[each.status] for each in rows}
    standing = next(each for each in (Standing.DISPUTED, Standing.WAITING, Standing.CONFIRMED) if each in found)
    first = rows[0]
    teams = ", ".join(dict.fromkeys(each.team for each in rows))
    return Occasion(first.occasion_id, first.session_id, first.starts_at, first.minutes, teams[:1000], standing)


def sheets_of(answers: Sequence[Answer]) -> dict[UUID, Sheet]:
    """By coach, what is not in a statement yet."""
    coaches = sorted({each.coach_id for each in answers})
    return {coach: Sheet(coach, occasions_of(each for each in answers if each.coach_id == coach)) for coach in coaches}


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return month_of(month - timedelta(days=1))


def month_after(month: date) -> date:
    """The first day of the month after."""
    return month_of(month + timedelta(days=31))


def end_of(month: date) -> datetime:
    """The instant at which a month is over in Rome."""
    after = month_after(month)
    return datetime(after.year, after.month, after.day, tzinfo=ROME).astimezone(UTC)
