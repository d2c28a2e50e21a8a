"""Reading cost reports."""

from portal.milestones.costs.queries.lines import cost_of, line_of
from portal.milestones.costs.queries.pages import (
    ReportPage,
    file_to_read,
    newest_import,
    report_page,
    version_to_read,
)
from portal.milestones.costs.queries.reports import (
    agreed_plan,
    is_reported,
    milestones_of,
    report_to_read,
    reports_of,
    reports_to_read,
    terms_of,
)
from portal.milestones.costs.queries.spent import approved_spending
from portal.milestones.costs.queries.technical import Technical, answer_to_read, technical_of, technical_to_read
from portal.milestones.costs.queries.whole import Whole, whole_report

__all__ = [
    "ReportPage",
    "Technical",
    "Whole",
    "agreed_plan",
    "answer_to_read",
    "approved_spending",
    "cost_of",
    "file_to_read",
    "is_reported",
    "line_of",
    "milestones_of",
    "newest_import",
    "report_page",
    "report_to_read",
    "reports_of",
    "reports_to_read",
    "technical_of",
    "technical_to_read",
    "terms_of",
    "version_to_read",
    "whole_report",
]
