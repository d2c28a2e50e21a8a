"""How grants are paid: rates, terms and kinds of cost that can be; costs are controlled before they are reimbursed."""

from decimal import Decimal

from portal.calls.rules.design import CallDesign, GateName, PaymentRules, TrancheBasis
from portal.calls.rules.validity.fault import (
    HUNDRED,
    LARGEST_AMOUNT,
    Fault,
    Faults,
    at_least_one,
    decimals_of,
    one_of,
    per_cent_of,
    twice,
)
from portal.core.i18n import lazy_

MOST_INSTALMENTS = 120


def payments(design: CallDesign) -> Faults:
    """Each figure in its bounds; goods of investment are kinds of cost of this call."""
    rules = design.payments
    if not 0 <= rules.tax_check_above < LARGEST_AMOUNT:
        yield Fault("payments.tax_check_above",
                    lazy_("%(value)s is not an amount.", value=str(rules.tax_check_above)),
                    lazy_("Write an amount in euro; 0, every payment is checked."))  # fmt: skip
    yield from decimals_of("payments.tax_check_above", rules.tax_check_above)
    yield from _irregularities(rules)
    yield from at_least_one("payments.tax_check_days", rules.tax_check_days)
    yield from per_cent_of("payments.guarantee_interest", rules.guarantee_interest)
    yield from _withholding(rules.withholding)
    if rules.recovery_interest is not None:
        yield from per_cent_of("payments.recovery_interest", rules.recovery_interest)
    yield from at_least_one("payments.recovery_days", rules.recovery_days)
    yield from at_least_one("payments.recovery_instalments", rules.recovery_instalments)
    if rules.recovery_instalments > MOST_INSTALMENTS:
        yield Fault("payments.recovery_instalments", lazy_("Nobody pays for so many months."),
                    lazy_("Write at most %(most)d.", most=MOST_INSTALMENTS))  # fmt: skip
    known = [category.key for category in design.costs.categories]
    for index, key in enumerate(rules.investment):
        yield from one_of(f"payments.investment.{index}", key, known, lazy_("a kind of cost of this call"))
    for key in twice(rules.investment):
        yield Fault("payments.investment", lazy_("“%(value)s” stands twice.", value=key), lazy_("Leave it once."))


def _irregularities(rules: PaymentRules) -> Faults:
    yield from at_least_one("payments.irregularity_reply_days", rules.irregularity_reply_days)
    yield from per_cent_of("payments.eu_share", rules.eu_share)
    if not 0 <= rules.irregularity_report_above < LARGEST_AMOUNT:
        yield Fault("payments.irregularity_report_above",
                    lazy_("%(value)s is not an amount.", value=str(rules.irregularity_report_above)),
                    lazy_("Write an amount in euro; 0, every irregularity with an amount is reported."))  # fmt: skip
    yield from decimals_of("payments.irregularity_report_above", rules.irregularity_report_above)


def _withholding(rate: Decimal) -> Faults:
    yield from per_cent_of("payments.withholding", rate)
    if rate == HUNDRED:
        yield Fault("payments.withholding", lazy_("Nothing would be paid."), lazy_("Write a percentage below 100."))


def reimbursements(design: CallDesign) -> Faults:
    """Costs that nobody controlled are not reimbursed."""
    for index, tranche in enumerate(design.tranches):
        if tranche.basis is TrancheBasis.REIMBURSEMENT and GateName.REPORT_APPROVED not in tranche.gates:
            yield Fault(f"tranches.{index}.gates", lazy_("Costs are controlled before they are reimbursed."),
                        lazy_("Add the gate report_approved, or pay a share of the grant."))  # fmt: skip
