"""What tranches, gates and acts are called, how each gate is mended, and how near a term is."""

from dataclasses import dataclass
from datetime import date

from portal.access.policy import Action
from portal.core.i18n import _, lazy_, ngettext
from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus

STATUS = {
    TrancheStatus.PLANNED: lazy_("to be asked for"),
    TrancheStatus.REQUESTED: lazy_("requested"),
    TrancheStatus.VERIFIED: lazy_("verified by the office"),
    TrancheStatus.PROPOSED: lazy_("proposed for payment"),
    TrancheStatus.APPROVED: lazy_("approved for payment"),
    TrancheStatus.ORDERED: lazy_("sent to the bank"),
    TrancheStatus.PAID: lazy_("paid"),
    TrancheStatus.FAILED: lazy_("not paid by the bank"),
    TrancheStatus.CANCELLED: lazy_("no longer due"),
}
TONE = {
    TrancheStatus.PLANNED: "neutral",
    TrancheStatus.REQUESTED: "progress",
    TrancheStatus.VERIFIED: "progress",
    TrancheStatus.PROPOSED: "progress",
    TrancheStatus.APPROVED: "info",
    TrancheStatus.ORDERED: "info",
    TrancheStatus.PAID: "success",
    TrancheStatus.FAILED: "danger",
    TrancheStatus.CANCELLED: "neutral",
}
SOON = 15
"""Days before the term from which a tranche is marked."""


@dataclass(frozen=True, slots=True)
class ActWords:
    """The act that is due: where it is sent, its button, what it brings besides the money."""

    endpoint: str
    label: str
    effects: list[str]


def words_of_act(tranche: Tranche) -> ActWords | None:
    """The words of the act that the tranche waits for, if any."""
    match tranche.awaits:
        case Action.TRANCHE_REQUEST:
            days = tranche.grant.call.design.payment_days
            effect = _("The office receives the request and has %(days)s days to pay.", days=days)
            return ActWords("payments.ask", _("Ask for this tranche"), [effect])
        case Action.TRANCHE_VERIFY:
            effect = _("Finance can propose the payment.")
            return ActWords("payments.verify", _("Verify: it may be paid"), [effect])
        case Action.TRANCHE_PROPOSE:
            effect = _("Another person must approve it.")
            return ActWords("payments.propose", _("Propose for payment"), [effect])
        case Action.TRANCHE_APPROVE:
            effect = _("The money becomes payable. Until a payment file is made of it, the approval can be taken back.")
            return ActWords("payments.approve", _("Approve version %(number)s", number=tranche.version), [effect])
        case _:
            return None


def ageing(tranche: Tranche, today: date) -> tuple[str, str]:
    """How far the term of payment is, in words, and its tone; nothing once it is paid."""
    if tranche.due_on is None or tranche.status is TrancheStatus.PAID:
        return "", "neutral"
    left = (tranche.due_on - today).days
    if left < 0:
        return ngettext("%(num)d day late", "%(num)d days late", -left), "danger"
    if left == 0:
        return _("due today"), "danger"
    tone = "warning" if left <= SOON else "neutral"
    return ngettext("%(num)d day left", "%(num)d days left", left), tone
