"""A report begins with its period, which may change while it is written."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.instants import Day
from portal.grants.models import Grant
from portal.grants.rules import local_day
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.operations.asked import begin_sheet
from portal.milestones.costs.operations.refusals import CostsNotOpen, LinesStay, OneIsOpen
from portal.milestones.costs.queries.reports import agreed_plan, is_reported, report_to_change, reports_of
from portal.milestones.costs.rules import CostReportStatus
from portal.milestones.costs.rules.terms import borne


def start_report(
    session: Session, *, grant_id: UUID, from_on: date, until_on: date, actor: Actor, now: datetime
) -> CostReport:
    """Begin a report of the costs paid in a period. Raises Invalid, CostsNotOpen, OneIsOpen; then nothing changed."""
    grant = session.scalars(select(Grant).where(Grant.id == grant_id)).one_or_none()
    if grant is None:
        raise NotFound
    authorise(actor, Action.COST_WRITE, grant)
    must_be_open(grant=grant)
    if any(each.is_being_written or each.is_returned for each in reports_of(session, grant_id)):
        raise OneIsOpen
    _must_fit(session, grant, from_on, until_on, now)
    number = session.scalar(select(func.max(CostReport.number)).where(CostReport.grant_id == grant_id)) or 0
    sheet = begin_sheet(session, grant=grant, now=now)
    report = CostReport(
        authority_id=grant.authority_id, grant_id=grant.id, number=number + 1, from_on=from_on, until_on=until_on,
        status=CostReportStatus.DRAFT, status_at=now, started_by=actor.person_id,
        sheet_id=sheet.id if sheet else None,
    )  # fmt: skip
    session.add(report)
    session.flush()
    record(session, at=now, actor=actor, event="cost.start", subject=report, after=_period(report))
    return report


def change_period(
    session: Session, *, report_id: UUID, from_on: date, until_on: date, actor: Actor, now: datetime
) -> CostReport:
    """Report the costs of other days: lines stay, those paid outside say so."""
    report = report_to_write(session, actor=actor, report_id=report_id)
    _must_fit(session, report.grant, from_on, until_on, now)
    before = _period(report)
    report.from_on, report.until_on = from_on, until_on
    record(session, at=now, actor=actor, event="cost.period", subject=report, before=before, after=_period(report))
    return report


def report_to_write(session: Session, *, actor: Actor, report_id: UUID) -> CostReport:
    """A draft locked for a change of its lines. Raises LinesStay, CostsNotOpen."""
    report = report_to_change(session, actor, Action.COST_WRITE, report_id)
    if not report.is_being_written:
        raise LinesStay
    must_be_open(grant=report.grant)
    return report


def must_be_open(*, grant: Grant) -> None:
    """Refuse costs of a grant that is not under way."""
    if not is_reported(grant):
        raise CostsNotOpen


def _must_fit(session: Session, grant: Grant, from_on: date, until_on: date, now: datetime) -> None:
    start, _end, paid = borne(grant.application.design, agreed_plan(session, grant.id))
    if until_on < from_on:
        raise Invalid(lazy_("The period ends before it begins: look at both days."), "until_on")
    if until_on > local_day(now):
        raise Invalid(lazy_("Costs are reported once they are paid: the period ends today at the latest."), "until_on")
    if start and from_on < start:
        raise Invalid(lazy_("Costs are borne from %(day)s: the period begins then at the earliest.", day=Day(start)),
                      "from_on")  # fmt: skip
    if paid and until_on > paid:
        raise Invalid(lazy_("Costs are paid until %(day)s at the latest.", day=Day(paid)), "until_on")


def _period(report: CostReport) -> dict[str, object]:
    return {"number": report.number, "from_on": report.from_on, "until_on": report.until_on}
