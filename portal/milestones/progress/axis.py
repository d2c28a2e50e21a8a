"""Where days stand on the drawing of a plan. Pure; lengths in the units of the drawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.grants.rules import months_after
from portal.milestones.progress.rules import Course

LEFT, WIDTH, ROW, TOP = 200, 520, 34, 34
STEPS = (1, 2, 3, 6, 12, 24)
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Axis:
    """Days from the first of a month to the first of another."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """How far to the right a day stands; outside days stand at the ends."""
        whole = (self.last - self.first).days
        gone = min(max((day - self.first).days, 0), whole)
        return round(LEFT + WIDTH * gone / whole, 1)

    @property
    def ticks(self) -> list[date]:
        """First days of months, as many as can be read."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((each for each in STEPS if months // each < MOST_TICKS), months)
        return [months_after(self.first, number) for number in range(0, months + 1, step)]


@dataclass(frozen=True, slots=True)
class Row:
    """One milestone on the drawing: the height of its line, and how far its days stand."""

    course: Course
    y: int
    first: float
    planned: float
    last: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole of it."""

    rows: Sequence[Row]
    ticks: Sequence[tuple[float, date]]
    today: float | None
    height: int
    width: int = LEFT + WIDTH + 40


def axis_of(days: Iterable[date]) -> Axis:
    """Whole months around these days; one day at least."""
    found = list(days)
    return Axis(min(found).replace(day=1), months_after(max(found).replace(day=1), 1))


def drawing_of(courses: Sequence[Course], starts_on: date, today: date) -> Drawing:
    """A row a milestone, in their order. `today` is drawn where it falls among these days."""
    days = [day for each in courses for day in (each.first_on, each.planned_on, each.last_on)]
    axis = axis_of([starts_on, *days])
    rows = [
        Row(each, TOP + ROW * place + ROW // 2, axis.at(each.first_on), axis.at(each.planned_on), axis.at(each.last_on))
        for place, each in enumerate(courses)
    ]
    now = axis.at(today) if axis.first <= today <= axis.last else None
    ticks = [(axis.at(day), day) for day in axis.ticks]
    return Drawing(rows, ticks, now, TOP + ROW * len(courses) + 26)
