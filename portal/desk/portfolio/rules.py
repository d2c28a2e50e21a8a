"""One team a row: what is told of it, which rows are chosen, in which order. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.coaching.rules import Coached


class Order(StrEnum):
    """By what the rows are ordered; every order begins with whom to look at first."""

    HELP = "help"
    NAME = "name"
    STAGE = "stage"
    HOURS = "hours"
    NEXT = "next"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone: its title, its day, and whether it is done (accepted or waived) or late."""

    title: str
    due_on: date
    is_done: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Team:
    """One team. `stage` counts from 1 (None: the call rates no maturity); `trend` holds mean levels in hundredths."""

    grant_id: UUID
    reference: str
    title: str
    name: str
    area: str | None
    status: Any
    stage: int | None
    lacks: tuple[Any, ...]
    trend: tuple[int, ...]
    coached: Coached
    steps: tuple[Step, ...]
    awarded_cents: int
    paid_cents: int
    warnings: tuple[Any, ...]
    say: Callable[[Any], str] = str
    """What a warning says, in words: worked out for the rows that are shown alone."""

    @property
    def next_step(self) -> Step | None:
        """The first milestone that is still to be done."""
        return next((each for each in self.steps if not each.is_done), None)

    @property
    def needs_help(self) -> bool:
        """Whether a warning is open, or a milestone late."""
        return bool(self.warnings) or any(each.is_late for each in self.steps)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for, and in which order."""

    order: Order = Order.HELP
    words: str = ""
    stage: int | None = None
    only_help: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether any row may be left out."""
        return bool(self.words or self.stage or self.only_help)


def chosen(teams: Sequence[Team], wanted: Wanted) -> list[Team]:
    """The rows that are asked for, in their order; ties by reference."""
    found = [each for each in teams if _fits(each, wanted)]
    return sorted(found, key=lambda each: (*_KEYS[wanted.order](each), each.reference))


def _fits(team: Team, wanted: Wanted) -> bool:
    if wanted.only_help and not team.needs_help:
        return False
    if wanted.stage is not None and team.stage != wanted.stage:
        return False
    return wanted.words.casefold() in f"{team.reference} {team.name} {team.title}".casefold()


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


_KEYS: dict[Order, Callable[[Team], tuple[Any, ...]]] = {
    Order.HELP: lambda team: (-len(team.warnings), not team.needs_help),
    Order.NAME: lambda team: (team.name.casefold(),),
    Order.STAGE: lambda team: (team.stage or 0,),
    Order.HOURS: lambda team: (_share(team.coached.used, team.coached.allowance),),
    Order.NEXT: lambda team: (team.next_step is None, team.next_step.due_on if team.next_step else date.max),
    Order.MONEY: lambda team: (_share(team.paid_cents, team.awarded_cents),),
}


@dataclass(frozen=True, slots=True)
class Sums:
    """What the whole portfolio says above its rows: teams by stage, minutes by area, who needs help."""

    teams: int
    needing_help: int
    by_stage: tuple[int, ...]
    used: int
    allowance: int
    by_area: tuple[tuple[str | None, int], ...]


def sums_of(teams: Sequence[Team], stages: int) -> Sums:
    """Counted over all teams, not only those of a page."""
    areas: dict[str | None, int] = {}
    for each in teams:
        areas[each.area] = areas.get(each.area, 0) + each.coached.used
    return Sums(
        teams=len(teams),
        needing_help=sum(each.needs_help for each in teams),
        by_stage=tuple(sum(each.stage == place for each in teams) for place in range(1, stages + 1)),
        used=sum(each.coached.used for each in teams),
        allowance=sum(each.coached.allowance for each in teams),
        by_area=tuple(sorted(areas.items(), key=lambda area: (-area[1], area[0] or ""))),
    )
