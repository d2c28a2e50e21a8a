"""The path of a cost report."""

from enum import StrEnum

from portal.core.moves import Move


class CostReportStatus(StrEnum):
    """Where a cost report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CLARIFYING = "clarifying"
    RETURNED = "returned"
    APPROVED = "approved"


S = CostReportStatus
SEND = Move("send", frozenset({S.DRAFT}), S.SUBMITTED)
WITHDRAW = Move("withdraw", frozenset({S.SUBMITTED}), S.DRAFT)
ASK = Move("ask", frozenset({S.SUBMITTED}), S.CLARIFYING)
ANSWER = Move("answer", frozenset({S.CLARIFYING}), S.SUBMITTED)
RETURN = Move("return", frozenset({S.SUBMITTED, S.CLARIFYING}), S.RETURNED)
REWRITE = Move("rewrite", frozenset({S.RETURNED}), S.DRAFT)
APPROVE = Move("approve", frozenset({S.SUBMITTED}), S.APPROVED)

BEING_WRITTEN = SEND.sources
"""While it stands here its lines change."""
IN_CONTROL = RETURN.sources
"""While it stands here the office controls it."""
