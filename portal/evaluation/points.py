"""Points as people write them and as they are stored: whole hundredths, never a float.

What is *given* under a criterion is a mark from 0 to its scale, or the points of one of its levels; what it is *worth*
are points from 0 to its maximum.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.calls.rules import CallDesign, Criterion, Level
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.money import format_cents

HUNDRED = 100
TENTHS = 10
LONGEST_REASON = 4000
_POINTS = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class Entry:
    """What an evaluator has written under one criterion; `version` is the one it was written upon (0: none).

    `points` is what was given, in hundredths.
    """

    criterion: str
    points: int | None
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Computed:
    """A criterion that nobody scores: how it came to its points, in words.

    `points` (hundredths) are missing where only the ranking can tell, as the other applications count too.
    """

    criterion: Criterion
    words: str
    points: int | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A sum or a score beside its minimum, all in hundredths."""

    points: int
    maximum: int
    minimum: int | None

    @property
    def is_reached(self) -> bool:
        """Whether the minimum is reached, where there is one."""
        return self.minimum is None or self.points >= self.minimum


@dataclass(frozen=True, slots=True)
class Tally:
    """The sheet so far: its total, each criterion with points that has a minimum, and how much is left to do."""

    total: Measure
    limits: tuple[tuple[Criterion, Measure], ...]
    complete: int
    criteria: int

    @property
    def is_complete(self) -> bool:
        """Whether every criterion has what the call asks for."""
        return self.complete == self.criteria


def scored(design: CallDesign) -> list[Criterion]:
    """The criteria that evaluators score, in order."""
    return [each for each in design.criteria if each.is_scored]


def evaluators_wanted(design: CallDesign) -> int:
    """How many evaluators each application has: none where the call computes every criterion."""
    return design.evaluators_per_application if scored(design) else 0


def is_complete(criterion: Criterion, entry: Entry | None) -> bool:
    """Whether points are there, and a reason where the call asks for one."""
    if entry is None or entry.points is None:
        return False
    return bool(entry.reason.strip()) or not criterion.reason_required


def most_of(criterion: Criterion) -> Decimal:
    """The most that an evaluator gives under a criterion."""
    return criterion.scale or criterion.maximum


def worth(criterion: Criterion, given: int) -> int:
    """Hundredths of points of what was given, rounded half up: for reading; the ranking counts exactly."""
    if criterion.scale is None:
        return given
    exact = Decimal(given) * criterion.maximum / criterion.scale
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def level_of(criterion: Criterion, given: int | None) -> Level | None:
    """The level that was chosen: no two have the same points."""
    return next((each for each in criterion.levels if hundredths(each.points) == given), None)


def check_points(criterion: Criterion, points: int | None) -> None:
    """Refuse what cannot be given under a criterion: no level of it, or outside its bounds."""
    if points is not None and criterion.levels and level_of(criterion, points) is None:
        raise Invalid(lazy_("Choose one of the levels of the call."), f"points-{criterion.key}")
    if points is not None and not 0 <= points <= hundredths(most_of(criterion)):
        raise Invalid(
            lazy_("Points go from 0 to %(maximum)s.", maximum=str(most_of(criterion))), f"points-{criterion.key}"
        )


def hundredths(points: Decimal) -> int:
    """Declared points in hundredths; calls declare at most two decimals."""
    return int(points * HUNDRED)


def parse_points(text: str, maximum: Decimal, field: str | None = None) -> int | None:
    """Hundredths of points written as `12`, `12,5` or `12.50`; None for nothing. Raises Invalid outside 0..maximum."""
    text = text.strip()
    if not text:
        return None
    found = _POINTS.fullmatch(text)
    points = int(found[1]) * HUNDRED + int((found[2] or "").ljust(2, "0")) if found else None
    if points is None or points > hundredths(maximum):
        raise Invalid(
            lazy_(
                "Write points from 0 to %(maximum)s, for example 7 or 7,5.",
                maximum=points_text(hundredths(maximum)),
            ),
            field,
        )
    return points


def points_text(points: int | None, language: str = "it") -> str:
    """Hundredths written shortest: 1250 → 12,5 (it) or 12.5 (en); nothing for None."""
    if points is None:
        return ""
    whole, rest = divmod(points, HUNDRED)
    text = f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
    return text if language == "en" else text.replace(".", ",")


def total_text(points: int | None, language: str = "it") -> str:
    """Hundredths with both decimals, as a ranking shows them: 8600 → 86,00."""
    return "" if points is None else format_cents(points, language)


def marks_of(criterion: Criterion) -> list[int]:
    """The marks offered as buttons, in hundredths: whole marks of a short scale, else tenths from none to all."""
    top = hundredths(most_of(criterion))
    is_short = criterion.scale is not None and top % HUNDRED == 0 and top <= TENTHS * HUNDRED
    steps = top // HUNDRED if is_short else TENTHS
    return [top * step // steps for step in range(steps + 1)]


def tally_of(design: CallDesign, entries: Sequence[Entry], computed: Sequence[Computed] = ()) -> Tally:
    """Add up what is written so far, and what is computed already."""
    given = {entry.criterion: entry for entry in entries}
    own = [(each, worth(each, entry.points)) for each in scored(design)
           if (entry := given.get(each.key)) is not None and entry.points is not None]  # fmt: skip
    known = [(each.criterion, each.points) for each in computed if each.points is not None]
    limits = tuple(
        (each, Measure(points, hundredths(each.maximum), hundredths(each.threshold)))
        for each, points in (*own, *known)
        if each.threshold is not None
    )
    top = sum(hundredths(each.maximum) for each in (*scored(design), *(one for one, _points in known)))
    return Tally(
        total=Measure(sum(points for _one, points in (*own, *known)), top, hundredths(design.minimum_total)),
        limits=limits,
        complete=sum(is_complete(each, given.get(each.key)) for each in scored(design)),
        criteria=len(scored(design)),
    )
