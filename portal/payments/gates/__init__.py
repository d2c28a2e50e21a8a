"""The gates of a tranche: what must hold before money leaves, interpreted from facts. Pure.

A gate never stands alone: it says whether it is open, what the fact is, and whose the mend is.
"""

from collections.abc import Callable

from portal.calls.rules import GateName
from portal.payments.gates import money, office
from portal.payments.gates.facts import WAITS, Facts, Gate, Reports, Spending, TaxDebts

__all__ = ["INTERPRETERS", "WAITS", "Facts", "Gate", "Reports", "Spending", "TaxDebts", "interpret"]

INTERPRETERS: dict[GateName, Callable[[Facts], Gate]] = {
    GateName.AGREEMENT_SIGNED: office.agreement_signed,
    GateName.INCORPORATED: office.incorporated,
    GateName.CUP: office.cup,
    GateName.PUBLISHED: office.published,
    GateName.IBAN_VERIFIED: office.iban_verified,
    GateName.DURC: office.durc,
    GateName.MILESTONES_ACCEPTED: office.milestones_accepted,
    GateName.COACHING_CONFIRMED: office.coaching_confirmed,
    GateName.AID_REGISTERED: office.aid_registered,
    GateName.GUARANTEE_ACTIVE: money.guarantee_active,
    GateName.SPENDING_JUSTIFIED: money.spending_justified,
    GateName.REPORT_APPROVED: money.report_approved,
    GateName.TAX_DEBTS_CHECKED: money.tax_debts_checked,
    GateName.NO_IRREGULARITY: money.no_irregularity,
    GateName.ACTIVITY_FOUND: money.activity_found,
}
"""One interpreter for each gate a call may declare; a test finds them all."""


def interpret(names: list[GateName], facts: Facts) -> list[Gate]:
    """The declared gates, in their order, as they stand."""
    return [INTERPRETERS[name](facts) for name in names]
