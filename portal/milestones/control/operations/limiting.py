"""Limits that are parts of the whole are measured again on what stands after the cuts."""

from sqlalchemy.orm import Session

from portal.core.i18n import lazy_
from portal.milestones.control.operations.refusals import BeyondLimit
from portal.milestones.control.queries import Control
from portal.milestones.costs.queries.reports import agreed_plan, milestones_of, terms_of
from portal.milestones.costs.queries.totals import totals_of


def must_keep_limits(session: Session, *, control: Control) -> None:
    """Return if every kind of cost stays within what was agreed and what the call bears of it. Raises BeyondLimit."""
    report = control.report
    plan = agreed_plan(session, report.grant_id)
    terms = terms_of(report, plan, milestones_of(session, report.grant_id))
    typed: dict[str, int] = {}
    for line in control.lines:
        found = control.outcomes.get(line.number)
        typed[line.category] = typed.get(line.category, 0) + (found.accepted_cents if found else line.cents)
    for total in totals_of(session, report, terms, plan, typed):
        if total.fault is not None:
            raise BeyondLimit(lazy_("After what was cut: %(fault)s", fault=total.fault))
