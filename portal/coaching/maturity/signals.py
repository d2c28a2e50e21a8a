"""From facts to early warnings, by the figures that the call sets. Each has a mark, so that it is raised once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from portal.calls.rules.design import EarlyWarnings, MaturityMoment
from portal.coaching.maturity.rules import ORDER, Side
from portal.grants.late import Overdue

Ratings = Mapping[tuple[MaturityMoment, Side], Mapping[str, int]]
"""Final ratings: levels by dimension."""


class WarningKind(StrEnum):
    """Why a team may need help."""

    SILENT = "silent"
    DROP = "drop"
    GAP = "gap"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Raised:
    """One warning: its kind, the mark that tells it from others of the same team, and the figures it is told with."""

    kind: WarningKind
    mark: str
    figures: Mapping[str, Any] = field(default_factory=dict)


def silence(rules: EarlyWarnings, last_contact: date | None, today: date) -> Iterator[Raised]:
    """No session for longer than the call allows; counted from the last one, or from the day coaching began."""
    if rules.silent_days is None or last_contact is None:
        return
    days = (today - last_contact).days
    if days > rules.silent_days:
        yield Raised(WarningKind.SILENT, f"silent:{last_contact.isoformat()}", {"since": last_contact.isoformat()})


def drops(rules: EarlyWarnings, ratings: Ratings) -> Iterator[Raised]:
    """A dimension that fell between one rating and the one before, by the same side."""
    if rules.drop is None:
        return
    for side in Side:
        given = [(moment, ratings[moment, side]) for moment in ORDER if (moment, side) in ratings]
        for (_before, was), (moment, is_now) in pairwise(given):
            for key in sorted(was.keys() & is_now.keys()):
                if was[key] - is_now[key] >= rules.drop:
                    figures = {"side": side, "moment": moment, "dimension": key, "was": was[key], "now": is_now[key]}
                    yield Raised(WarningKind.DROP, f"drop:{moment}:{side}:{key}", figures)


def gaps(rules: EarlyWarnings, ratings: Ratings) -> Iterator[Raised]:
    """Team and coach lie far apart on a dimension at the same moment."""
    if rules.gap is None:
        return
    for moment in ORDER:
        team, coach = ratings.get((moment, Side.TEAM), {}), ratings.get((moment, Side.COACH), {})
        for key in sorted(team.keys() & coach.keys()):
            if abs(team[key] - coach[key]) >= rules.gap:
                figures = {"moment": moment, "dimension": key, "team": team[key], "coach": coach[key]}
                yield Raised(WarningKind.GAP, f"gap:{moment}:{key}", figures)


def overdue(rules: EarlyWarnings, late: Sequence[Overdue], today: date) -> Iterator[Raised]:
    """What was promised for a day that is past for longer than the call allows."""
    if rules.overdue_days is None:
        return
    for each in late:
        if (today - each.due_on).days > rules.overdue_days:
            figures = {"title": each.title, "due_on": each.due_on.isoformat()}
            yield Raised(WarningKind.OVERDUE, f"overdue:{each.key}:{each.due_on.isoformat()}", figures)
