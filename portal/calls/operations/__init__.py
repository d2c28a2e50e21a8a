"""Importing, approving, publishing and extending a call, and beginning its evaluation."""

from portal.calls.operations.importing import AlreadyPublished, import_call
from portal.calls.operations.publication import (
    DeadlineNotPassed,
    approve_call,
    begin_evaluation,
    extend_deadline,
    publish_call,
)

__all__ = [
    "AlreadyPublished",
    "DeadlineNotPassed",
    "approve_call",
    "begin_evaluation",
    "extend_deadline",
    "import_call",
    "publish_call",
]
