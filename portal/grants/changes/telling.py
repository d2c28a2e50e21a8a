"""What differs between two plans, in words: one line for each thing that moves, before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.core.counts import format_count
from portal.core.i18n import _, in_language
from portal.core.instants import format_day
from portal.core.money import format_money
from portal.grants.changes.rules import Partner, Plan


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, as it was and as it is or would be."""

    label: str
    before: str
    after: str


def differences(before: Plan, after: Plan) -> list[Line]:
    """What moves between two plans, in the order of the page."""
    found = [*_amounts(before, after), *_days(before, after), *_milestones(before, after), *_partners(before, after)]
    return [line for line in found if line.before != line.after]


def _amounts(before: Plan, after: Plan) -> Iterator[Line]:
    yield Line(_("Grant"), format_money(before.granted_cents), format_money(after.granted_cents))
    for label, old, new in (
        (_("Budget: %(name)s", name="{}"), before.budget, after.budget),
        (_("Tranche: %(name)s", name="{}"), before.tranches, after.tranches),
    ):
        was, now = ({each.key: each.cents for each in lines} for lines in (old, new))
        names = {each.key: in_language(each.name) or each.key for each in (*old, *new)}
        for key, name in names.items():
            yield Line(label.replace("{}", name), format_money(was.get(key, 0)), format_money(now.get(key, 0)))


def _days(before: Plan, after: Plan) -> Iterator[Line]:
    yield Line(
        _("End of the project"), *(format_day(plan.ends_on) if plan.ends_on else "–" for plan in (before, after))
    )


def _milestones(before: Plan, after: Plan) -> Iterator[Line]:
    was, now = ({each.key: each for each in plan.milestones} for plan in (before, after))
    for number, key in enumerate(was, 1):
        yield Line(_("Milestone %(number)d", number=number), _milestone(was, key), _milestone(now, key))


def _milestone(found: Mapping[str, Any], key: str) -> str:
    if key not in found:
        return "–"
    targets = (f"{in_language(each.name)}: {format_count(each.hundredths)}" for each in found[key].targets)
    return "; ".join((f"{found[key].title}, {format_day(found[key].due_on)}", *targets))


def _partners(before: Plan, after: Plan) -> Iterator[Line]:
    yield Line(_("Partners"), _named(before.partners), _named(after.partners))


def _named(partners: tuple[Partner, ...]) -> str:
    return ", ".join(partner.name for partner in partners) or _("none")
