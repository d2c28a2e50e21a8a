"""What happens to a call around its publication: its events, what subscribers hear of, what upper rooms are told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.calls.rules.status import CallStatus
from portal.core.moves import Move

RETURN_TO_DRAFT = Move("return_to_draft", frozenset({CallStatus.APPROVED}), CallStatus.DRAFT)

MOST_QUESTION_CHARS = 2000
MOST_ANSWER_CHARS = 6000
MOST_OPEN_QUESTIONS = 5
"""As many questions of one person to one call may wait for an answer."""


class CallEventKind(StrEnum):
    """What happened to a call, in the order in which it may happen."""

    APPROVED = "approved"
    RETURNED = "returned"
    PLANNED = "planned"
    PUBLISHED = "published"
    EXTENDED = "extended"
    REOPENED = "reopened"
    RECTIFIED = "rectified"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    CONCLUDED = "concluded"
    BUDGET_ADDED = "budget_added"


TOLD = frozenset(
    {
        CallEventKind.PUBLISHED,
        CallEventKind.EXTENDED,
        CallEventKind.REOPENED,
        CallEventKind.RECTIFIED,
        CallEventKind.ANSWERED,
        CallEventKind.CANCELLED,
    }
)
"""Whatever subscribers hear of, in their inbox and by mail."""

IN_FEED = TOLD - {CallEventKind.ANSWERED} | {CallEventKind.CONCLUDED, CallEventKind.BUDGET_ADDED}
"""Whatever stands in the feed and in the public history."""


class DocumentKind(StrEnum):
    """What an attachment of a call is."""

    ACT = "act"
    NOTICE = "notice"
    FORM = "form"
    GUIDE = "guide"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CallRevised:
    """A published call was rectified by an act. Drafts that answer an earlier revision of `forms` are to be moved."""

    call_id: UUID
    revision_before: int
    revision_after: int
    forms: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class CallCancelled:
    """A call was cancelled by an act: nothing more is taken."""

    call_id: UUID
    at: datetime
