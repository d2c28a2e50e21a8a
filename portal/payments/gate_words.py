"""What gates are called, what each sees, and how it is mended: the same words for recipient and finance."""

from datetime import date, datetime

from portal.access.policy import Action, allowed
from portal.access.rules import ACCOUNT_RESTS_FOR, masked_iban
from portal.calls.rules import GateName
from portal.core.actor import Actor
from portal.core.i18n import _, lazy_
from portal.core.instants import format_day, format_hours, format_instant
from portal.payments.gates import WAITS, Gate
from portal.payments.models import Tranche
from portal.payments.money_words import money_detail

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
    GateName.GUARANTEE_ACTIVE: lazy_("Guarantee in force, large and long enough"),
    GateName.SPENDING_JUSTIFIED: lazy_("Earlier tranches spent, and approved"),
    GateName.REPORT_APPROVED: lazy_("Cost report approved by the office"),
    GateName.TAX_DEBTS_CHECKED: lazy_("Tax debts checked (art. 48-bis, DPR 602/1973)"),
    GateName.NO_IRREGULARITY: lazy_("No irregularity open"),
    GateName.ACTIVITY_FOUND: lazy_("Economic activity decided by the office"),
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
    GateName.GUARANTEE_ACTIVE: lazy_(
        "The recipient records a guarantee that is large and long enough; finance verifies it"
    ),
    GateName.SPENDING_JUSTIFIED: lazy_("The recipient reports what it spent; the office approves the costs"),
    GateName.REPORT_APPROVED: lazy_("The recipient sends a cost report; the office controls and approves it"),
    GateName.TAX_DEBTS_CHECKED: lazy_("Finance asks the collecting agent and records the answer"),
    GateName.NO_IRREGULARITY: lazy_("Read what was found and reply; the office closes it"),
    GateName.ACTIVITY_FOUND: lazy_("The office decides it in the register of aid: tax is withheld only where it is so"),
}
AT_ORGANISATION = frozenset({GateName.IBAN_VERIFIED, GateName.DURC})
OF_STAFF = {
    GateName.TAX_DEBTS_CHECKED: (Action.TAX_CHECK_READ, "/grants/{grant}/taxes"),
    GateName.NO_IRREGULARITY: (Action.IRREGULARITY_READ, "/grants/{grant}/irregularities"),
    GateName.AID_REGISTERED: (Action.AID_READ, "/organisations/{organisation}/aid"),
    GateName.ACTIVITY_FOUND: (Action.AID_READ, "/organisations/{organisation}/aid"),
}
"""Pages that not everybody opens who sees the gates: others read the mend without a link."""


def gate_lines(gates: list[Gate], tranche: Tranche, actor: Actor) -> list[dict[str, object]]:
    """The gates as the component shows them: met or not, the fact, the mend and where this person does it."""
    return [
        {
            "met": gate.is_open,
            "label": str(GATE[gate.name]),
            "detail": _detail(gate),
            "mend_label": str(MEND[gate.name]),
            "mend_url": _where(gate, tranche, actor),
        }
        for gate in gates
    ]


def _where(gate: Gate, tranche: Tranche, actor: Actor) -> str | None:
    grant, organisation = tranche.grant_id, tranche.grant.organisation_id
    if gate.name in OF_STAFF:
        action, path = OF_STAFF[gate.name]
        shown = allowed(actor, action, tranche)
        return path.format(grant=grant, organisation=organisation) if shown else None
    if gate.name in AT_ORGANISATION:
        return f"/organisations/{organisation}"
    if gate.name is GateName.MILESTONES_ACCEPTED and tranche.milestone_id:
        return f"/milestones/{tranche.milestone_id}"
    if gate.name is GateName.GUARANTEE_ACTIVE:
        return f"/grants/{grant}/guarantees"
    return f"/grants/{grant}"


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
            return money_detail(gate)


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
