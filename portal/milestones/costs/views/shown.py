"""What the pages of a cost report show."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.web import current_actor
from portal.calls.rules import CostForm
from portal.milestones.costs import queries
from portal.milestones.costs.forms import InvoicesForm, KindForm, PeriodForm, choose_category
from portal.milestones.costs.models import CostLine, CostReport
from portal.milestones.costs.queries import ReportPage
from portal.milestones.costs.rules.faults import CostFault
from portal.milestones.costs.views.technical_shown import technical_context
from portal.milestones.costs.views.words import WORDS


def report_context(
    session: Session, report_id: UUID, *, after: int = 0, category: str | None = None, refused: Any = None
) -> dict[str, Any]:
    """One report: its totals, a page of its lines with what is to be mended, the forms to go on."""
    shown = queries.report_page(session, current_actor(), report_id, after=after, category=category)
    report = shown.report
    kind = KindForm(None)
    offered = [each for each in shown.terms.categories.values() if each.form is not CostForm.FLAT_RATE]
    choose_category(kind.category, offered)
    period = refused if isinstance(refused, PeriodForm) else PeriodForm(None, obj=report)
    invoices = refused if isinstance(refused, InvoicesForm) else InvoicesForm(None)
    return {
        **WORDS, **technical_context(shown.technical), "shown": shown, "report": report, "grant": report.grant,
        "kind_form": kind, "period_form": period, "invoices_form": invoices, "form": refused, "only": category,
        "after": after, "has_costs": bool(shown.terms.categories or shown.lines),
    }  # fmt: skip


def faults_by_line(shown: ReportPage, line: CostLine) -> list[CostFault]:
    """What is to be mended in a line of the page."""
    return list(shown.faults.get(line.id, ()))


def title_of(report: CostReport) -> dict[str, Any]:
    """Words for the heads of pages."""
    return {"number": report.number, "reference": report.grant.reference}
