"""Tables of calls: the call with its revisions, phases and budget; what is published around it."""

from portal.calls.models.call import Call, CallBudgetLine, CallRevision, Phase, PhaseDeadline
from portal.calls.models.edit import CallEdit
from portal.calls.models.following import CallDelivery, CallSubscription
from portal.calls.models.publication import CallAnswer, CallDocument, CallEvent, CallQuestion

__all__ = [
    "Call",
    "CallAnswer",
    "CallBudgetLine",
    "CallDelivery",
    "CallDocument",
    "CallEdit",
    "CallEvent",
    "CallQuestion",
    "CallRevision",
    "CallSubscription",
    "Phase",
    "PhaseDeadline",
]
