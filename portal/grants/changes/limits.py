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


def after_change(session: Session, grant: Grant, plan: Plan, change: Change) -> Plan:
    """The plan as the change would leave it. Raises Invalid with the field, also where the call does not allow it."""
    after = folded(plan, change)
    if isinstance(change, Extension):
        _not_too_late(change.ends_on, last_end(session, grant))
    if isinstance(change, MilestoneChange):
        _within(plan, change.due_on)
    return after


def last_end(session: Session, grant: Grant) -> date | None:
    """The latest end that the call allows, from the first one; None without a limit."""
    months = grant.call.design.changes.extension_months
    versions = versions_of(session, grant.id) if months is not None else []
    first = versions[0].plan.ends_on if versions else grant.ends_on
    return months_after(first, months) if months is not None and first is not None else None


def shift_left(session: Session, grant: Grant, plan: Plan) -> FreeShift:
    """How much of the budget may still be moved without asking."""
    return free_shift(plan.total_cents, grant.call.design.changes.free_shift, freely_moved(session, grant.id))


def is_free_now(session: Session, grant: Grant, plan: Plan, change: Change) -> bool:
    """Whether this change needs nobody's approval: a shift within what the call leaves free."""
    return isinstance(change, BudgetShift) and change.cents <= shift_left(session, grant, plan).left


def _not_too_late(asked: date, last: date | None) -> None:
    if last is not None and asked > last:
        raise Invalid(lazy_("This call lets the project end on %(day)s at the latest.", day=Day(last)), "ends_on")


def _within(plan: Plan, day: date) -> None:
    if day < plan.starts_on or (plan.ends_on is not None and day > plan.ends_on):
        raise Invalid(
            lazy_("The day must fall within the project. For a later one ask for an extension of the end first."),
            "due_on",
        )


def must_be_under_way(grant: Grant) -> None:
    """Return while the plan may be changed. Raises NotUnderWay."""
    if grant.status not in AMENDABLE:
        raise NotUnderWay


def steps_open(grant: Grant) -> dict[str, bool]:
    """What may be done to it now: a change asked for, a suspension, a resumption."""
    return {
        "may_be_asked": grant.status in AMENDABLE,
        "may_suspend": grant.status in SUSPEND.sources,
        "may_resume": grant.status in RESUME.sources,
    }
