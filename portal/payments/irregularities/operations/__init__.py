"""Changing irregularities: opened, answered, closed by another person, opened again, reported."""

from portal.payments.irregularities.operations.closing import close_irregularity, open_again
from portal.payments.irregularities.operations.opening import EVIDENCE, IrregularityTyped, open_irregularity
from portal.payments.irregularities.operations.replying import reply_to_irregularity
from portal.payments.irregularities.operations.reporting import report_irregularity

__all__ = [
    "EVIDENCE",
    "IrregularityTyped",
    "close_irregularity",
    "open_again",
    "open_irregularity",
    "reply_to_irregularity",
    "report_irregularity",
]
