"""Changing cost reports: begun, written or read in, sent, taken back. Never commits; the control has its own room."""

from portal.milestones.costs.operations.importing import StillScanned, end_import, sheet_seen
from portal.milestones.costs.operations.reading_in import ask_import, invoice_files, read_invoices, sheet_file
from portal.milestones.costs.operations.refusals import (
    AnswersMissing,
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
from portal.milestones.costs.operations.technical import (
    attach_technical,
    detach_technical,
    save_technical,
    set_aside_blocked_answer,
    technical_files,
)
from portal.milestones.costs.operations.writing import line_files, remove_file, remove_line, write_line

__all__ = [
    "AnswersMissing",
    "ChargedElsewhere",
    "CostsNotOpen",
    "LinesStay",
    "OneIsOpen",
    "PaidAlready",
    "SeenOtherwise",
    "StillScanned",
    "ToMend",
    "UnderControl",
    "ask_import",
    "attach_technical",
    "change_period",
    "detach_technical",
    "end_import",
    "invoice_files",
    "line_files",
    "read_invoices",
    "remove_file",
    "remove_line",
    "rewrite_report",
    "save_technical",
    "send_report",
    "set_aside_blocked_answer",
    "sheet_file",
    "sheet_seen",
    "start_report",
    "technical_files",
    "withdraw_report",
    "write_line",
]
