"""What a rehearsal is made of: its states, its steps in their order, and the lines of its report. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from portal.core.moves import Move

ROME = ZoneInfo("Europe/Rome")


class RehearsalStatus(StrEnum):
    """Where a rehearsal stands. A closed one is read for ever and never changed, nor is anything of its call."""

    PREPARED = "prepared"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CLOSED = "closed"


S = RehearsalStatus
BEGIN = Move("begin", frozenset({S.PREPARED}), S.RUNNING)
FINISH = Move("finish", frozenset({S.RUNNING}), S.FINISHED)
FAIL = Move("fail", frozenset({S.PREPARED, S.RUNNING}), S.FAILED)
CLOSE = Move("close", frozenset({S.PREPARED, S.RUNNING, S.FINISHED, S.FAILED}), S.CLOSED)
UNDER_WAY = frozenset({S.PREPARED, S.RUNNING})
"""At most one rehearsal of an authority at a time."""


class Step(StrEnum):
    """What is lived through; each in a transaction of its own. `plan.py` says in which order."""

    DESIGN = "design"
    CAST = "cast"
    APPLICATIONS = "applications"
    ADMISSIBILITY = "admissibility"
    COMMISSION = "commission"
    SCORES = "scores"
    RANKING = "ranking"
    ACCOMPANIMENT = "accompaniment"
    ENTITIES = "entities"
    AWARDS = "awards"
    AGREEMENTS = "agreements"
    COACHING = "coaching"
    PAYMENTS = "payments"
    FINDINGS = "findings"


USUAL_STEPS = 12
"""The steps of a call of one phase."""


class Level(StrEnum):
    """How a line of the report is meant."""

    DONE = "done"
    HELD = "held"
    WARNING = "warning"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: in both languages, with its place in the design and the page that shows it."""

    level: Level
    text: dict[str, str]
    place: str = ""
    path: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"level": self.level.value, "text": self.text, "place": self.place, "path": self.path}


class Fate(StrEnum):
    """What an invented applicant is there to show."""

    SOUND = "sound"
    WEAK = "weak"
    INADMISSIBLE = "inadmissible"
    INCOMPLETE = "incomplete"
    LATE = "late"
    UNFIT = "unfit"
    ABSENT = "absent"
    STILL_INFORMAL = "still_informal"


FATES = (Fate.SOUND, Fate.SOUND, Fate.WEAK, Fate.INADMISSIBLE, Fate.INCOMPLETE, Fate.LATE)
"""One applicant each: enough that every way to fail is seen, few enough that all can be read. Those who break a duty of
the call, or fall between two phases, come on top, where the call has such a duty or such a gate."""
MEANT_TO_FAIL = frozenset({Fate.INCOMPLETE, Fate.LATE, Fate.UNFIT})
"""Whoever is there so that the portal refuses the application."""


class Breach(StrEnum):
    """Which duty an unfit applicant breaks; one alone."""

    AGES = "ages"
    MEMBERS = "members"
    ORGANISATIONS = "organisations"
    OWN_SHARE = "own_share"
    AMOUNT = "amount"


COMMISSION_AFTER, RANKED_AFTER, FINAL_AFTER, AWARDED_AFTER, SIGNED_AFTER = 10, 34, 67, 75, 110
"""Days after the last deadline, as such calls usually take."""
LONGEST_FORM = 60
"""Questions of one application above which the report says that the form is long."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days counted from the last deadline of a phase; none of them is later than `today`.

    `until`: the day on which what follows the phase begins; where it leaves little room, all goes faster.
    """

    closes: datetime
    today: datetime
    until: date | None = None

    @property
    def room(self) -> int:
        """How many days there are for choosing."""
        return FINAL_AFTER if self.until is None else (self.until - self.closes.astimezone(ROME).date()).days - 1

    def at(self, days: int, hour: int = 10) -> datetime:
        """An hour of Rome, so many days after the deadline."""
        return self.on(self.day(days), hour)

    def day(self, days: int) -> date:
        """A day by Rome's calendar; never that of the deadline, at whose hour anything may still come."""
        paced = days if self.room >= FINAL_AFTER else max(days * self.room // FINAL_AFTER, 1)
        closes = self.closes.astimezone(ROME).date()
        return min(closes + timedelta(days=paced), self.today.astimezone(ROME).date())

    def on(self, day: date, hour: int = 10) -> datetime:
        """An hour of a day in Rome, never later than the rehearsal itself."""
        return min(datetime.combine(day, time(hour), tzinfo=ROME), self.today - timedelta(seconds=30))


def days_of_life(months: int, tranches: int) -> int:
    """How long ago the last deadline must lie so that the whole call is over today."""
    return SIGNED_AFTER + 31 * months + 14 * (tranches + 1) + 60
