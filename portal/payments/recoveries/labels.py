"""What recoveries are called on pages."""

from portal.core.i18n import lazy_
from portal.payments.recoveries.listing import Which
from portal.payments.recoveries.rules import Payer, RecoverySource, RecoveryStatus

SOURCES = {
    RecoverySource.END_ACT: lazy_("act that ended or lowered the grant"),
    RecoverySource.IRREGULARITY: lazy_("irregularity"),
    RecoverySource.FINAL_ACCOUNT: lazy_("final account of the grant"),
}
STATUS = {
    RecoveryStatus.DECIDED: lazy_("to be returned"),
    RecoveryStatus.SETTLED: lazy_("returned"),
    RecoveryStatus.REVERSED: lazy_("taken back"),
}
TONE = {
    RecoveryStatus.DECIDED: "warning",
    RecoveryStatus.SETTLED: "success",
    RecoveryStatus.REVERSED: "neutral",
}
PAYERS = {
    Payer.RECIPIENT: lazy_("the recipient"),
    Payer.GUARANTOR: lazy_("the guarantor"),
}
WHICH = {
    Which.OPEN: lazy_("To be returned"),
    Which.OVERDUE: lazy_("Late"),
    Which.CLOSED: lazy_("Over"),
    Which.ALL: lazy_("All"),
}
