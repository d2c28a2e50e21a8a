"""Reading cost reports: one, those of a grant, what they are judged by."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.grants.changes.queries.plans import plan_in_force
from portal.grants.changes.rules import Plan
from portal.grants.models import Grant
from portal.grants.rules import GrantStatus
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.rules.documents import plain_code
from portal.milestones.costs.rules.terms import Terms, borne, categories_of
from portal.milestones.models import Milestone
from portal.milestones.rules import MilestoneStatus

AROUND = (
    joinedload(Grant.application).joinedload(Application.phase).joinedload(Phase.call), joinedload(Grant.organisation),
)  # fmt: skip


REPORTING = frozenset({GrantStatus.ACTIVE})
"""Once its final account is approved nothing more is reported."""


def is_reported(grant: Grant) -> bool:
    """Whether its costs are reported as things stand: it is under way."""
    return grant.status in REPORTING


def report_to_read(session: Session, actor: Actor, report_id: UUID) -> CostReport:
    """A report that the actor may read; NotFound otherwise."""
    query = select(CostReport).options(joinedload(CostReport.grant).options(*AROUND), joinedload(CostReport.submitter),
                                       joinedload(CostReport.sheet))  # fmt: skip
    report = session.scalars(query.where(CostReport.id == report_id)).one_or_none()
    if report is None:
        raise NotFound
    authorise(actor, Action.COST_READ, report)
    return report


def report_to_change(session: Session, actor: Actor, action: Action, report_id: UUID) -> CostReport:
    """A report locked for a change that the actor may make; NotFound otherwise."""
    query = select(CostReport).where(CostReport.id == report_id).with_for_update()
    report = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if report is None:
        raise NotFound
    authorise(actor, action, report)
    return report


def reports_to_read(session: Session, actor: Actor, grant_id: UUID) -> tuple[Grant, Sequence[CostReport]]:
    """A grant and its reports by number, for whoever may read them; NotFound otherwise."""
    query = select(Grant).options(*AROUND).where(Grant.id == grant_id)
    grant = session.scalars(query).one_or_none()
    if grant is None:
        raise NotFound
    authorise(actor, Action.COST_READ, grant)
    return grant, reports_of(session, grant_id)


def reports_of(session: Session, grant_id: UUID) -> Sequence[CostReport]:
    """The reports of a grant, by number."""
    query = select(CostReport).where(CostReport.grant_id == grant_id).order_by(CostReport.number)
    return session.scalars(query).all()


def agreed_plan(session: Session, grant_id: UUID) -> Plan | None:
    """The plan in force; None where it was never drawn."""
    version = plan_in_force(session, grant_id)
    return version.plan if version else None


def milestones_of(session: Session, grant_id: UUID) -> Sequence[Milestone]:
    """The milestones of the grant, by number."""
    return session.scalars(select(Milestone).where(Milestone.grant_id == grant_id).order_by(Milestone.number)).all()


def terms_of(report: CostReport, plan: Plan | None, milestones: Sequence[Milestone]) -> Terms:
    """What the lines of this report are judged by."""
    design = report.grant.application.design
    start, end, paid = borne(design, plan)
    return Terms(
        categories=categories_of(design, plan), rules=design.reporting, borne_from=start, borne_until=end,
        paid_until=paid, from_on=report.from_on, until_on=report.until_on, cup=report.grant.cup,
        accepted=frozenset(each.id for each in milestones if each.status is MilestoneStatus.ACCEPTED),
        own_codes=codes_of(report.grant.organisation),
    )  # fmt: skip


def codes_of(organisation: Organisation) -> frozenset[str]:
    """The tax codes of an organisation; none where it has none yet."""
    return frozenset(plain_code(each) for each in (organisation.fiscal_code, organisation.vat_number) if each)
