"""Changing cost reports: begun, written or read in, sent, taken back. Never commits; the control has its own room."""

from portal.milestones.costs.operations.importing import end_import, sheet_seen
from portal.milestones.costs.operations.reading_in import ask_import, invoice_files, read_invoices, sheet_file
from portal.milestones.costs.operations.refusals import (
    ChargedElsewhere,
    CostsNotOpen,
    LinesStay,
    OneIsOpen,
    PaidAlready,
    SeenOtherwise,
    ToMend,
    UnderControl,
)
from portal.milestones.costs.operations.sending import rewrite_report, send_report, withdraw_report
from portal.milestones.costs.operations.starting import change_period, start_report
from portal.milestones.costs.operations.writing import line_files, remove_file, remove_line, write_line

__all__ = [
    "ChargedElsewhere",
    "CostsNotOpen",
    "LinesStay",
    "OneIsOpen",
    "PaidAlready",
    "SeenOtherwise",
    "ToMend",
    "UnderControl",
    "ask_import",
    "change_period",
    "end_import",
    "invoice_files",
    "line_files",
    "read_invoices",
    "remove_file",
    "remove_line",
    "rewrite_report",
    "send_report",
    "sheet_file",
    "sheet_seen",
    "start_report",
    "withdraw_report",
    "write_line",
]
