"""Words for the standing of a check, and the tone in which each is shown."""

from portal.core.i18n import lazy_
from portal.grants.checking.rules import CheckOutcome, Standing

STANDINGS = {
    Standing.OPEN: lazy_("to be checked"),
    Standing.TO_DRAW: lazy_("the sample is not drawn yet"),
    Standing.NEGATIVE: lazy_("negative"),
    Standing.EXPIRED: lazy_("expired"),
    Standing.POSITIVE: lazy_("positive"),
    Standing.NOT_DUE: lazy_("not due"),
}
TONES = {
    Standing.OPEN: "warning",
    Standing.TO_DRAW: "warning",
    Standing.NEGATIVE: "danger",
    Standing.EXPIRED: "danger",
    Standing.POSITIVE: "success",
    Standing.NOT_DUE: "neutral",
}
OUTCOMES = {
    CheckOutcome.POSITIVE: lazy_("Positive"),
    CheckOutcome.NEGATIVE: lazy_("Negative"),
    CheckOutcome.NOT_DUE: lazy_("Not due for this grant"),
}
