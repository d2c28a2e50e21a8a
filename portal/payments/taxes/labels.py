"""What the answers on tax debts are called."""

from portal.core.i18n import lazy_
from portal.payments.taxes.rules import DebtOutcome

OUTCOMES = {
    DebtOutcome.CLEAR: lazy_("nothing is owed"),
    DebtOutcome.DEBTS: lazy_("debts: the payment is held"),
}
TONES = {DebtOutcome.CLEAR: "success", DebtOutcome.DEBTS: "danger"}
