"""What one page of a cost report needs, read in a few statements however many lines there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.milestones.costs.models import CostImport, CostLine, CostLineFile, CostReport, CostReportVersion
from portal.milestones.costs.queries.lines import claimed_elsewhere, cost_of, overcharged, page_of_lines
from portal.milestones.costs.queries.reports import agreed_plan, milestones_of, report_to_read, terms_of
from portal.milestones.costs.queries.technical import Technical, technical_of
from portal.milestones.costs.queries.totals import charged_by_category, totals_of
from portal.milestones.costs.queries.whole import document_in_use
from portal.milestones.costs.rules.faults import CostFault, cost_faults
from portal.milestones.costs.rules.terms import Terms
from portal.milestones.costs.rules.totals import CategoryTotal


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report, its totals, one page of its lines, what is to be mended in them."""

    report: CostReport
    terms: Terms
    totals: Sequence[CategoryTotal]
    lines: Sequence[CostLine]
    faults: Mapping[UUID, Sequence[CostFault]]
    more_after: int | None
    count: int
    versions: Sequence[CostReportVersion]
    technical: Technical | None

    @property
    def claimed_cents(self) -> int:
        """Its lines and its rates."""
        return sum(total.now_cents for total in self.totals)

    @property
    def total_faults(self) -> list[CategoryTotal]:
        """Categories beyond what was agreed, or beyond the call's limits."""
        return [total for total in self.totals if total.fault is not None]


def report_page(
    session: Session, actor: Actor, report_id: UUID, *, after: int = 0, category: str | None = None
) -> ReportPage:
    """One page of a report, for whoever may read it; faults are judged while it is written."""
    report = report_to_read(session, actor, report_id)
    plan = agreed_plan(session, report.grant_id)
    terms = terms_of(report, plan, milestones_of(session, report.grant_id))
    lines, more_after = page_of_lines(session, report.id, after=after, category=category)
    charged, count = charged_by_category(session, report.id)
    totals = totals_of(session, report, terms, plan, charged)
    faults = _faults(session, report, terms, lines) if report.is_being_written and lines else {}
    technical = technical_of(session, report) if not after and category is None else None
    return ReportPage(report, terms, totals, lines, faults, more_after, count, versions_of(session, report), technical)


def _faults(
    session: Session, report: CostReport, terms: Terms, lines: Sequence[CostLine]
) -> dict[UUID, list[CostFault]]:
    marks = [line.fingerprint for line in lines if line.fingerprint]
    beyond = overcharged(session, report.grant_id, report.id) if marks else {}
    elsewhere = claimed_elsewhere(session, report, marks) if marks else set()
    found = {
        line.id: cost_faults(cost_of(line), terms, has_document=bool(line.files))
        + document_in_use(line.fingerprint, beyond, elsewhere)
        for line in lines
    }
    return {line_id: faults for line_id, faults in found.items() if faults}


def versions_of(session: Session, report: CostReport) -> Sequence[CostReportVersion]:
    """Each sending of a report, the newest first."""
    if not report.version:
        return []
    query = select(CostReportVersion).where(CostReportVersion.report_id == report.id)
    return session.scalars(query.order_by(CostReportVersion.number.desc())).all()


def newest_import(session: Session, report_id: UUID) -> CostImport | None:
    """The spreadsheet that was read last into a report, or is being read."""
    query = select(CostImport).options(joinedload(CostImport.file)).where(CostImport.report_id == report_id)
    return session.scalars(query.order_by(CostImport.id.desc())).first()


def file_to_read(session: Session, actor: Actor, report_id: UUID, line_id: UUID, file_id: UUID) -> StoredFile:
    """A file of a line of a report that the actor may read; NotFound otherwise (P13)."""
    report = report_to_read(session, actor, report_id)
    query = (
        select(StoredFile)
        .join(CostLineFile, CostLineFile.file_id == StoredFile.id)
        .join(CostLine, CostLine.id == CostLineFile.line_id)
        .where(StoredFile.id == file_id, CostLine.id == line_id, CostLine.report_id == report.id)
    )
    file = session.scalars(query).first()
    if file is None:
        raise NotFound
    return file


def version_to_read(
    session: Session, actor: Actor, report_id: UUID, version_id: UUID
) -> tuple[CostReport, CostReportVersion]:
    """A report and one sending of it, for whoever may read it; NotFound otherwise."""
    report = report_to_read(session, actor, report_id)
    query = select(CostReportVersion).options(joinedload(CostReportVersion.file))
    version = session.scalars(
        query.where(CostReportVersion.report_id == report.id, CostReportVersion.id == version_id)
    ).one_or_none()
    if version is None:
        raise NotFound
    return report, version
