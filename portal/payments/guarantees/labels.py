"""What guarantors and states of a guarantee are called."""

from portal.core.i18n import lazy_
from portal.payments.guarantees.rules import GuaranteeStatus, GuarantorKind

KINDS = {
    GuarantorKind.BANK: lazy_("bank"),
    GuarantorKind.INSURER: lazy_("insurer (class 15)"),
    GuarantorKind.INTERMEDIARY: lazy_("intermediary of art. 106 TUB"),
}
STATUS = {
    GuaranteeStatus.RECORDED: lazy_("to be verified"),
    GuaranteeStatus.REFUSED: lazy_("refused"),
    GuaranteeStatus.VERIFIED: lazy_("in force"),
    GuaranteeStatus.RELEASED: lazy_("given back"),
    GuaranteeStatus.CALLED: lazy_("called"),
}
TONE = {
    GuaranteeStatus.RECORDED: "progress",
    GuaranteeStatus.REFUSED: "danger",
    GuaranteeStatus.VERIFIED: "success",
    GuaranteeStatus.RELEASED: "neutral",
    GuaranteeStatus.CALLED: "warning",
}
