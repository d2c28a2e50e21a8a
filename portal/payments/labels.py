"""What tranches, gates and acts are called, how each gate is mended, and how near a term is."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.access.policy import Action
from portal.access.rules import ACCOUNT_RESTS_FOR, masked_iban
from portal.calls.rules import GateName
from portal.core.i18n import _, lazy_, ngettext
from portal.core.instants import format_day, format_hours, format_instant
from portal.ledger.models import Account
from portal.ledger.rules import AccountKind, PostingKind
from portal.payments.gates import WAITS, Gate
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
POSTING = {
    PostingKind.BUDGET_OPENED: lazy_("budget opened"),
    PostingKind.BUDGET_RELEASED: lazy_("budget given back"),
    PostingKind.AWARDED: lazy_("grant awarded"),
    PostingKind.AWARD_REDUCED: lazy_("grant reduced"),
    PostingKind.RELEASE_APPROVED: lazy_("release approved"),
    PostingKind.PAYMENT_RECORDED: lazy_("payment recorded"),
    PostingKind.PAYMENT_RETURNED: lazy_("payment returned by the bank"),
    PostingKind.REVERSED: lazy_("reversed"),
}
SOON = 15
"""Days before the term from which a tranche is marked."""
ACCOUNT = {
    AccountKind.FUND: lazy_("Fund"),
    AccountKind.BUDGET: lazy_("Budget"),
    AccountKind.AWARD: lazy_("Award"),
    AccountKind.PAYABLE: lazy_("Payable"),
    AccountKind.PAID: lazy_("Paid out"),
}
GATE = {
    GateName.AGREEMENT_SIGNED: lazy_("Agreement signed by both sides"),
    GateName.INCORPORATED: lazy_("The group is a legal entity"),
    GateName.CUP: lazy_("Project code (CUP) recorded"),
    GateName.PUBLISHED: lazy_("Award published (art. 26, D.Lgs 33/2013)"),
    GateName.IBAN_VERIFIED: lazy_("Bank account verified by two people"),
    GateName.DURC: lazy_("Regular contributions certificate (DURC) valid today"),
    GateName.MILESTONES_ACCEPTED: lazy_("Milestones accepted"),
    GateName.COACHING_CONFIRMED: lazy_("Coaching confirmed by the team"),
    GateName.AID_REGISTERED: lazy_("State aid registered (COR)"),
}
MEND = {
    GateName.AGREEMENT_SIGNED: lazy_("Sign the agreement, or wait for the office's signature"),
    GateName.INCORPORATED: lazy_("Record the incorporation of the group"),
    GateName.CUP: lazy_("The office records the CUP on the page of the grant"),
    GateName.PUBLISHED: lazy_("The office publishes the award on the page of the grant"),
    GateName.IBAN_VERIFIED: lazy_("Write the account of the organisation; finance verifies it"),
    GateName.DURC: lazy_("The office records a new certificate on the page of the organisation"),
    GateName.MILESTONES_ACCEPTED: lazy_("Report the milestones that are open"),
    GateName.COACHING_CONFIRMED: lazy_("Confirm the coaching sessions that wait for you"),
    GateName.AID_REGISTERED: lazy_("The office records the code in the register of aid of the organisation"),
}
AT_ORGANISATION = frozenset({GateName.IBAN_VERIFIED, GateName.DURC, GateName.AID_REGISTERED})


def account_name(account: Account) -> str:
    """An account by its kind, in words, and what it belongs to."""
    return f"{ACCOUNT[account.kind]} · {account.name.removeprefix(account.kind.value).strip()}"


def gate_lines(gates: list[Gate], tranche: Tranche) -> list[dict[str, object]]:
    """The gates as the component shows them: met or not, the fact, the mend and where to do it."""
    return [
        {
            "met": gate.is_open,
            "label": str(GATE[gate.name]),
            "detail": _detail(gate),
            "mend_label": str(MEND[gate.name]),
            "mend_url": _where(gate, tranche.grant_id, tranche.grant.organisation_id, tranche.milestone_id),
        }
        for gate in gates
    ]


def _where(gate: Gate, grant_id: UUID, organisation_id: UUID, milestone_id: UUID | None) -> str:
    if gate.name in AT_ORGANISATION:
        return f"/organisations/{organisation_id}"
    if gate.name is GateName.MILESTONES_ACCEPTED and milestone_id:
        return f"/milestones/{milestone_id}"
    return f"/grants/{grant_id}"


def _detail(gate: Gate) -> str | None:
    match gate.name, gate.fact:
        case ((GateName.CUP | GateName.AID_REGISTERED), str(code)):
            return code
        case GateName.PUBLISHED, datetime() as day:
            return format_day(day)
        case GateName.IBAN_VERIFIED, _fact:
            return _account(gate)
        case GateName.DURC, date() as day:
            words = _("valid until %(day)s") if gate.is_open else _("expired on %(day)s")
            return str(words % {"day": format_day(day)})
        case GateName.MILESTONES_ACCEPTED, tuple(titles) if titles:
            return ", ".join(str(title) for title in titles)
        case GateName.COACHING_CONFIRMED, (int(minutes), int(asked)):
            return str(_("%(hours)s confirmed of %(asked)s", hours=format_hours(minutes), asked=format_hours(asked)))
        case _:
            return None


def _account(gate: Gate) -> str | None:
    match gate.fact:
        case str(text) if text == WAITS:
            hours = int(ACCOUNT_RESTS_FOR.total_seconds() // 3600)
            return str(_("A new account waits for a second person. Payments are frozen until it is verified, and for"
                         " %(hours)s hours more where it replaces another.", hours=hours))  # fmt: skip
        case str(iban):
            return masked_iban(iban)
        case datetime() as instant:
            return str(_("The account was changed: it can be paid from %(instant)s.", instant=format_instant(instant)))
        case _:
            return None


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
            effect = _("The money becomes payable; the step cannot be undone from here.")
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
