"""The radar and the trend of a team as their drawings take them, and the words of a warning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.calls.rules.design import MaturityMoment, MaturityRules
from portal.coaching.maturity.drawing import Point, radar_points, rim_labels, rings, trend_points, trend_x, trend_y
from portal.coaching.maturity.labels import MOMENTS, SIDES
from portal.coaching.maturity.queries.team import TeamPage
from portal.coaching.maturity.rules import Side, highest_of, mean_hundredths
from portal.coaching.maturity.signals import Raised, WarningKind
from portal.coaching.models import EarlyWarning
from portal.core.i18n import _, in_language
from portal.core.instants import format_day


@dataclass(frozen=True, slots=True)
class Line:
    """One side in a drawing: its sign tells it from the other without colour."""

    side: Side
    label: str
    points: list[Point]
    text: str


@dataclass(frozen=True, slots=True)
class Radar:
    """One moment: a line for each side, over rings for the levels."""

    moment: str
    rings: list[list[Point]]
    rim: list[Point]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Trend:
    """The mean level of each side from moment to moment."""

    moments: list[tuple[float, str]]
    levels: list[tuple[float, int]]
    lines: list[Line]


def radar_of(page: TeamPage) -> Radar | None:
    """The latest moment of which both sides are shown, else the latest with one; None while nothing is."""
    if not page.rated:
        return None
    both = [each for each in page.rated if len(each.shown) == len(Side)]
    latest, rules = (both or page.rated)[-1], page.grown.rules
    keys, highest = [each.key for each in rules.dimensions], highest_of(rules)
    lines = [
        Line(side, str(SIDES[side]), radar_points(keys, rating.levels, highest), _read(rules, rating.levels))
        for side, rating in sorted(latest.shown.items(), reverse=True)
    ]
    moment = str(MOMENTS[latest.assessment.moment])
    return Radar(moment, rings(len(keys), highest), rim_labels(len(keys)), lines)


def trend_of(page: TeamPage) -> Trend | None:
    """The moments of which something is shown, two at least."""
    if len(page.rated) < 2:
        return None
    highest, names = highest_of(page.grown.rules), [str(MOMENTS[each.assessment.moment]) for each in page.rated]
    lines = []
    for side in sorted(Side, reverse=True):
        means = [mean_hundredths(each.shown[side].levels) if side in each.shown else None for each in page.rated]
        known = [(name, mean) for name, mean in zip(names, means, strict=True) if mean is not None]
        if known:
            text = "; ".join(f"{name}: {decimal(mean)}" for name, mean in known)
            lines.append(Line(side, str(SIDES[side]), trend_points(means, highest), text))
    levels = [(trend_y(level * 100, highest), level) for level in range(1, highest + 1)]
    return Trend(list(zip(trend_x(len(names)), names, strict=True)), levels, lines)


def decimal(hundredths: int) -> str:
    """A mean level with two decimals, as it is written in the reader's language."""
    return str(_("%(whole)d.%(rest)s", whole=hundredths // 100, rest=f"{hundredths % 100:02d}"))


def _read(rules: MaturityRules, levels: Mapping[str, int]) -> str:
    return "; ".join(f"{in_language(each.name)}: {levels.get(each.key, '–')}" for each in rules.dimensions)


def said_of(rules: MaturityRules) -> Callable[[EarlyWarning | Raised], str]:
    """What a warning says, in the reader's language."""
    names = {each.key: each.name for each in rules.dimensions}

    def said(warning: EarlyWarning | Raised) -> str:
        figures = dict(warning.figures)
        if "dimension" in figures:
            figures["dimension"] = in_language(names[figures["dimension"]]) if figures["dimension"] in names else "–"
        return SAYING[warning.kind](figures)

    return said


def _silent(figures: dict[str, Any]) -> str:
    return str(_("The last contact was on %(day)s.", day=format_day(date.fromisoformat(figures["since"]))))


def _drop(figures: dict[str, Any]) -> str:
    words = {"who": SIDES[Side(figures["side"])], "when": MOMENTS[MaturityMoment(figures["moment"])]}
    return str(_("%(dimension)s: from level %(was)s to %(now)s (%(who)s, %(when)s).", **(figures | words)))


def _gap(figures: dict[str, Any]) -> str:
    words = figures | {"when": MOMENTS[MaturityMoment(figures["moment"])]}
    return str(_("%(dimension)s: the team says %(team)s, the coach %(coach)s (%(when)s).", **words))


def _late(figures: dict[str, Any]) -> str:
    day = format_day(date.fromisoformat(figures["due_on"]))
    return str(_("“%(title)s” was due on %(day)s.", title=figures["title"], day=day))


SAYING: Mapping[WarningKind, Callable[[dict[str, Any]], str]] = {
    WarningKind.SILENT: _silent,
    WarningKind.DROP: _drop,
    WarningKind.GAP: _gap,
    WarningKind.OVERDUE: _late,
}
