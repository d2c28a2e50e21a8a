"""Whether a request may be made as it is: what the call allows, beyond what the plan can hold."""

from datetime import date

from sqlalchemy.orm import Session

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.instants import Day
from portal.grants.changes.operations.refusals import NotUnderWay
from portal.grants.changes.queries import freely_moved, versions_of
from portal.grants.changes.rules import (
    AMENDABLE,
    BudgetShift,
    Change,
    Extension,
    FreeShift,
    MilestoneChange,
    Plan,
    folded,
    free_shift,
)
from portal.grants.models import Grant
from portal.grants.rules import RESUME, SUSPEND, months_after

LONGEST_MONTHS = 240
"""Beyond which a day is a slip of the pen."""


def after_change(session: Session, grant: Grant, plan: Plan, change: Change) -> Plan:
    """The plan as the change would leave it. Raises Invalid with the field, also where the call does not allow it."""
    after = folded(plan, change)
    if isinstance(change, Extension):
        _not_too_late(change.ends_on, last_end(session, grant))
        _no_slip(plan, change.ends_on)
    if isinstance(change, MilestoneChange):
        _within(plan, change.due_on)
    return after


def last_end(session: Session, grant: Grant) -> date | None:
    """The latest end that the call allows: so many months after the first one, while costs count; None, no limit."""
    design = grant.call.design
    months = design.changes.extension_months
    versions = versions_of(session, grant.id) if months is not None else []
    first = versions[0].plan.ends_on if versions else grant.ends_on
    extended = months_after(first, months) if months is not None and first is not None else None
    return min((day for day in (extended, design.costs.eligible_until) if day is not None), default=None)


def shift_left(session: Session, grant: Grant, plan: Plan) -> FreeShift:
    """How much of the budget may still be moved without asking."""
    return free_shift(plan.total_cents, grant.call.design.changes.free_shift, freely_moved(session, grant.id))


def is_free_now(session: Session, grant: Grant, plan: Plan, change: Change) -> bool:
    """Whether this change needs nobody's approval: a shift within what the call leaves free."""
    return isinstance(change, BudgetShift) and change.cents <= shift_left(session, grant, plan).left


def _not_too_late(asked: date, last: date | None) -> None:
    if last is not None and asked > last:
        raise Invalid(lazy_("This call lets the project end on %(day)s at the latest.", day=Day(last)), "ends_on")


def _no_slip(plan: Plan, asked: date) -> None:
    if asked > months_after(plan.starts_on, LONGEST_MONTHS):
        raise Invalid(lazy_("Check the year: a project does not last longer than 20 years."), "ends_on")


def _within(plan: Plan, day: date) -> None:
    if day < plan.starts_on or (plan.ends_on is not None and day > plan.ends_on):
        raise Invalid(
            lazy_("The day must fall within the project. For a later one ask for an extension of the end first."),
            "due_on",
        )


def is_amendable(grant: Grant) -> bool:
    """Whether its plan may be changed as things stand."""
    return grant.status in AMENDABLE


def must_be_under_way(grant: Grant) -> None:
    """Return while the plan may be changed. Raises NotUnderWay."""
    if not is_amendable(grant):
        raise NotUnderWay


def steps_open(grant: Grant) -> dict[str, bool]:
    """What may be done to it now: a change asked for, a suspension, a resumption."""
    return {
        "may_be_asked": is_amendable(grant),
        "may_suspend": grant.status in SUSPEND.sources,
        "may_resume": grant.status in RESUME.sources,
    }
