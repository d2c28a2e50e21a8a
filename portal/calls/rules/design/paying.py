"""How grants are paid: tax debts, tax withheld, interest that a guarantee covers (`domain.md` §1.7, [M])."""

from dataclasses import dataclass, field
from decimal import Decimal

from portal.calls.rules.design.money import in_cents
from portal.questionnaires.rules.design import Exact


@dataclass(frozen=True)
class PaymentRules(Exact):
    """What holds for every payment of a call.

    `tax_check_above`: euro above which a payment waits for the check of tax debts (art. 48-bis DPR 602/1973), whose
    answer holds for `tax_check_days`. `withholding`: per cent kept back for the tax office from whoever carries on an
    economic activity (art. 28(2) DPR 600/1973), 0 where none; `investment`: keys of the kinds of cost it leaves alone.
    `guarantee_interest`: per cent of an advance that its guarantee covers on top.

    Of money to be returned: `recovery_interest` is per cent a year, None the legal rates of each year; the first
    payment is due after `recovery_days`; `recovery_instalments` is how many monthly ones are allowed at most.

    Of irregularities: the recipient replies within `irregularity_reply_days`; one whose contribution of the Union
    (`eu_share` per cent of the grant) is above `irregularity_report_above` euro is reported to the European body
    (Reg. 2021/1060, annex XII).
    """

    tax_check_above: Decimal = Decimal(5000)
    tax_check_days: int = 30
    withholding: Decimal = Decimal(0)
    investment: list[str] = field(default_factory=list)
    guarantee_interest: Decimal = Decimal(0)
    recovery_interest: Decimal | None = None
    recovery_days: int = 30
    recovery_instalments: int = 24
    irregularity_reply_days: int = 15
    irregularity_report_above: Decimal = Decimal(10000)
    eu_share: Decimal = Decimal(100)

    @property
    def tax_check_above_cents(self) -> int:
        """The threshold, in cents."""
        return in_cents(self.tax_check_above)

    @property
    def irregularity_report_above_cents(self) -> int:
        """The contribution of the Union above which an irregularity is reported, in cents."""
        return in_cents(self.irregularity_report_above)
