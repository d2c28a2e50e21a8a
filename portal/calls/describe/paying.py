"""How grants are paid, in words."""

from portal.calls.describe.row import Row, Rows
from portal.calls.rules.design import PaymentRules
from portal.core.i18n import lazy_

ROWS: Rows = {
    PaymentRules: {
        "tax_check_above": Row(
            lazy_("Tax debts are checked above (euro)"),
            lazy_("Of a payment whose tranche has that gate (art. 48-bis). 0: every payment."),
        ),
        "tax_check_days": Row(
            lazy_("Days for which the answer on tax debts holds"), lazy_("From the day of the check.")
        ),
        "withholding": Row(
            lazy_("Tax withheld (per cent)"),
            lazy_("From recipients that carry on an economic activity: usually 4 (art. 28). 0: none."),
        ),
        "investment": Row(
            lazy_("Kinds of cost for investment goods"), lazy_("Keys, one a line: no tax is withheld on their share.")
        ),
        "guarantee_interest": Row(
            lazy_("Interest that the guarantee covers (per cent)"), lazy_("Of the advance, on top of it.")
        ),
        "recovery_interest": Row(
            lazy_("Interest on money to be returned (per cent a year)"),
            lazy_("From the day of each payment. Empty: the legal rate of each year."),
        ),
        "recovery_days": Row(
            lazy_("Days to return money"), lazy_("From the act; of instalments, until the first one.")
        ),
        "recovery_instalments": Row(
            lazy_("Monthly instalments at most"), lazy_("Of money to be returned. 1: all of it at once.")
        ),
        "irregularity_reply_days": Row(
            lazy_("Days to reply to an irregularity"), lazy_("From the day on which the recipient is told.")
        ),
        "irregularity_report_above": Row(
            lazy_("Irregularities are reported above (euro of the Union)"),
            lazy_("Of the Union's part of the amount: usually 10000 (Reg. 2021/1060). 0: every one with an amount."),
        ),
        "eu_share": Row(
            lazy_("Part of the grant paid by the Union (per cent)"),
            lazy_("To know what of an irregularity is money of the Union. 0: none."),
        ),
    },
}
