"""What modes and outcomes of a batch are called."""

from portal.core.i18n import lazy_
from portal.payments.batches.rules import BatchMode, LineOutcome

MODES = {
    BatchMode.WHOLE: lazy_("All or nothing: one that is refused stops all of them"),
    BatchMode.LINES: lazy_("Line by line: what is refused stays, the rest is released"),
}
OUTCOMES = {LineOutcome.RELEASED: lazy_("released"), LineOutcome.REFUSED: lazy_("refused")}
TONES = {LineOutcome.RELEASED: "success", LineOutcome.REFUSED: "danger"}
