"""A design as it can be lived through now: moved into the past, and without what no room interprets yet. Pure."""

from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from portal.calls.rules import Accompaniment, Act, AuthorityInfo, CallDesign, Deadline, PhaseDesign
from portal.calls.rules.validity import Fault, publication_faults
from portal.calls.rules.validity.notyet import default_of
from portal.rehearsal.rules import days_of_life

LONGEST_SLUG = 80
ROUNDS = 4
"""What goes may leave something without sense beside it, which then goes too."""
GONE = object()
"""What a value becomes that cannot be kept, where nothing stands in its place."""


def playable(design: CallDesign, *, twin: AuthorityInfo, number: int, today: date) -> CallDesign:
    """The call of the twin: all its phases, over by today, with every value that a room interprets."""
    kept = _interpreted(design)
    months = max((each.month for each in kept.milestones), default=0)
    latest = today - timedelta(days=days_of_life(months, len(kept.tranches)))
    weeks = (kept.phases[-1].deadlines[-1].closes.date() - latest).days // 7 + 1
    ending = f"-prova-{number}"
    moved = moved_back(kept, timedelta(weeks=weeks))
    return replace(moved, slug=design.slug[: LONGEST_SLUG - len(ending)].rstrip("-") + ending, authority=twin)


def _interpreted(design: CallDesign) -> CallDesign:
    """What is left when everything goes that keeps it from being published; what cannot be mended so stays."""
    for _round in range(ROUNDS):
        faults = publication_faults(design)
        if not faults:
            break
        design = _without(design, faults)
    return design


def moved_back(design: CallDesign, by: timedelta) -> CallDesign:
    """The same call so much earlier, by whole weeks: weekdays and hours stay."""
    costs = design.costs
    since, until = (each - by if each else None for each in (costs.eligible_from, costs.eligible_until))
    return replace(
        design, acts=[_act(act, by) for act in design.acts], phases=[_phase(phase, by) for phase in design.phases],
        costs=replace(costs, eligible_from=since, eligible_until=until),
    )  # fmt: skip


def _phase(phase: PhaseDesign, by: timedelta) -> PhaseDesign:
    deadlines = [_deadline(deadline, by) for deadline in phase.deadlines]
    between = _between(phase.accompaniment, by) if phase.accompaniment else None
    return replace(phase, opens=phase.opens - by, deadlines=deadlines, accompaniment=between)


def _between(declared: Accompaniment, by: timedelta) -> Accompaniment:
    starts, ends = (each - by if each else None for each in (declared.starts, declared.ends))
    return replace(declared, starts=starts, ends=ends)


def _deadline(deadline: Deadline, by: timedelta) -> Deadline:
    return replace(deadline, closes=deadline.closes - by, act=_act(deadline.act, by) if deadline.act else None)


def _act(act: Act, by: timedelta) -> Act:
    return replace(act, date=act.date - by)


def _without(design: CallDesign, faults: list[Fault]) -> CallDesign:
    """The design with the value at each place put back to its default, or taken out of its list."""
    for place in sorted({fault.place for fault in faults}, key=_natural, reverse=True):
        design = _reset(design, place.split("."))
    return design


def _natural(place: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in place.split(".")]


def _reset(holder: Any, way: list[str]) -> Any:
    """A part with one place reset; GONE where it cannot be without what stands there."""
    name, *rest = way
    if isinstance(holder, list):
        return _reset_item(holder, name, rest)
    known = {each.name: each for each in fields(holder)} if is_dataclass(holder) else {}
    if name not in known:
        return holder
    default = default_of(known[name])
    made = _reset(getattr(holder, name), rest) if rest else default
    if made is GONE or made == [] != default:
        made = default
    return GONE if made is MISSING else replace(holder, **{name: made})


def _reset_item(items: list[Any], name: str, rest: list[str]) -> list[Any]:
    place = int(name) if name.isdigit() else len(items)
    if place >= len(items):
        return items
    made = _reset(items[place], rest) if rest else GONE
    return [*items[:place], *([] if made is GONE else [made]), *items[place + 1 :]]
