"""Gates on money: guarantee, spending, reports, tax debts, irregularities, the tax to be withheld. Pure."""

from portal.calls.rules import GateName
from portal.payments.gates.facts import Facts, Gate


def guarantee_active(facts: Facts) -> Gate:
    """Guarantees that last long enough cover the advance and its interest."""
    is_open = facts.guarantee is not None and facts.guarantee.is_enough
    return Gate(GateName.GUARANTEE_ACTIVE, is_open, facts.guarantee)


def spending_justified(facts: Facts) -> Gate:
    """So much of the earlier tranches is spent, and approved, as the call asks."""
    is_open = facts.spending.justified_cents >= facts.spending.needed_cents
    return Gate(GateName.SPENDING_JUSTIFIED, is_open, facts.spending)


def report_approved(facts: Facts) -> Gate:
    """Each tranche that waits for a report has one; a reimbursement has something to reimburse."""
    reports = facts.reports
    is_open = reports.approved >= reports.needed and (reports.due_cents is None or reports.due_cents > 0)
    return Gate(GateName.REPORT_APPROVED, is_open, reports)


def tax_debts_checked(facts: Facts) -> Gate:
    """Art. 48-bis: above the threshold the newest answer says that nothing is owed, and is not too old."""
    tax = facts.tax
    is_clear = tax.answer is not None and tax.answer.holds_on(facts.today, tax.days)
    return Gate(GateName.TAX_DEBTS_CHECKED, is_clear or not tax.is_asked, tax)


def no_irregularity(facts: Facts) -> Gate:
    """No irregularity of the grant is open."""
    return Gate(GateName.NO_IRREGULARITY, facts.open_irregularities == 0, facts.open_irregularities)


def activity_found(facts: Facts) -> Gate:
    """The office decided whether tax is withheld: nothing is guessed."""
    return Gate(GateName.ACTIVITY_FOUND, facts.activity_known)
