"""The rules of cost reports: their path, what a line is, and what they announce. Pure.

What is computed of lines stands beside: `amounts` (what is charged), `limits` (totals, rates, faults), `documents`.
"""

from portal.milestones.costs.rules.events import CostReportApproved, CostReportSent
from portal.milestones.costs.rules.status import (
    ANSWER,
    APPROVE,
    ASK,
    BEING_WRITTEN,
    IN_CONTROL,
    RETURN,
    REWRITE,
    SEND,
    WITHDRAW,
    CostReportStatus,
)
from portal.milestones.costs.rules.words import Claim, DocumentKind, FileRole, ImportStatus, LineSource, PaymentMeans

__all__ = [
    "ANSWER",
    "APPROVE",
    "ASK",
    "BEING_WRITTEN",
    "IN_CONTROL",
    "RETURN",
    "REWRITE",
    "SEND",
    "WITHDRAW",
    "Claim",
    "CostReportApproved",
    "CostReportSent",
    "CostReportStatus",
    "DocumentKind",
    "FileRole",
    "ImportStatus",
    "LineSource",
    "PaymentMeans",
]
