"""Tables of applications: what a team writes and sends, the office's list of them, messages in their files."""

from portal.applications.models.admissibility import (
    AdmissibilityReserve,
    IntegrationAttempt,
    IntegrationExtension,
    IntegrationItem,
    IntegrationReply,
    IntegrationRequest,
    PointVerdict,
    RejectionNotice,
    RejectionObservations,
    ReserveOutcome,
)
from portal.applications.models.application import (
    AdmissibilityDecision,
    Application,
    ApplicationFile,
    DraftRebase,
    Submission,
    SubmissionAttempt,
    SubmissionReceipt,
)
from portal.applications.models.inbox import InboxEntry, SavedView
from portal.applications.models.messages import ApplicationMessage, MessageFile
from portal.applications.models.sending import SignOffRow, StampMark
from portal.applications.models.taking import TakingPart
from portal.applications.models.writing import DraftComment, ReusedAnswer, SectionPresence

__all__ = [
    "AdmissibilityDecision",
    "AdmissibilityReserve",
    "Application",
    "ApplicationFile",
    "ApplicationMessage",
    "DraftComment",
    "DraftRebase",
    "InboxEntry",
    "IntegrationAttempt",
    "IntegrationExtension",
    "IntegrationItem",
    "IntegrationReply",
    "IntegrationRequest",
    "MessageFile",
    "PointVerdict",
    "RejectionNotice",
    "RejectionObservations",
    "ReserveOutcome",
    "ReusedAnswer",
    "SavedView",
    "SectionPresence",
    "SignOffRow",
    "StampMark",
    "Submission",
    "SubmissionAttempt",
    "SubmissionReceipt",
    "TakingPart",
]
