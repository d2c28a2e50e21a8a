"""Points as people write them and as they are stored: whole hundredths, never a float."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.calls.rules import CallDesign, Criterion
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.money import format_cents

HUNDRED = 100
TENTHS = 10
LONGEST_REASON = 4000
_POINTS = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class Entry:
    """What an evaluator has written under one criterion; `version` is the one it was written upon (0: none)."""

    criterion: str
    points: int | None
    reason: str
    version: int

    @property
    def is_complete(self) -> bool:
        """Whether both points and reason are there."""
        return self.points is not None and bool(self.reason.strip())


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
    """The sheet so far: its total, each scored criterion that has a minimum, and how much is left to do."""

    total: Measure
    limits: tuple[tuple[Criterion, Measure], ...]
    complete: int
    criteria: int

    @property
    def is_complete(self) -> bool:
        """Whether every criterion has points and a reason."""
        return self.complete == self.criteria


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


def marks_of(maximum: Decimal) -> list[int]:
    """The marks offered as buttons: tenths of the maximum, from none to all, in hundredths."""
    top = hundredths(maximum)
    return [top * step // TENTHS for step in range(TENTHS + 1)]


def tally_of(design: CallDesign, entries: Sequence[Entry]) -> Tally:
    """Add up what is written so far."""
    given = {entry.criterion: entry for entry in entries}
    points = {key: entry.points or 0 for key, entry in given.items()}
    limits = tuple(
        (each, Measure(points[each.key], hundredths(each.maximum), hundredths(each.threshold)))
        for each in design.criteria
        if each.threshold is not None and each.key in given and given[each.key].points is not None
    )
    top = sum(hundredths(each.maximum) for each in design.criteria)
    return Tally(
        total=Measure(sum(points.values()), top, hundredths(design.minimum_total)),
        limits=limits,
        complete=sum(1 for each in design.criteria if each.key in given and given[each.key].is_complete),
        criteria=len(design.criteria),
    )
