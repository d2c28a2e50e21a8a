"""Irregularities in words."""

from portal.core.i18n import lazy_
from portal.payments.irregularities.models import Irregularity
from portal.payments.irregularities.register import Which
from portal.payments.irregularities.rules import IrregularityKind, IrregularityOutcome, StepKind

KINDS = {
    IrregularityKind.COSTS: lazy_("costs that cannot be paid"),
    IrregularityKind.DOUBLE_FUNDING: lazy_("the same cost paid twice"),
    IrregularityKind.DECLARATIONS: lazy_("a declaration that is not true"),
    IrregularityKind.OBLIGATIONS: lazy_("duties of the agreement not kept"),
    IrregularityKind.CONFLICT: lazy_("conflict of interest"),
    IrregularityKind.FRAUD: lazy_("suspected fraud"),
    IrregularityKind.OTHER: lazy_("something else"),
}
OUTCOMES = {
    IrregularityOutcome.UNFOUNDED: lazy_("nothing was wrong"),
    IrregularityOutcome.MENDED: lazy_("put right"),
    IrregularityOutcome.RECOVERED: lazy_("money is asked back"),
}
STEPS = {
    StepKind.OPENED: lazy_("Found and opened"),
    StepKind.REPLIED: lazy_("The recipient replied"),
    StepKind.CLOSED: lazy_("Closed with an outcome"),
    StepKind.OPENED_AGAIN: lazy_("Opened again"),
    StepKind.REPORTED: lazy_("Reported to the European body"),
}
WHICH = {
    Which.OPEN: lazy_("Still open"),
    Which.TO_REPORT: lazy_("To be reported"),
    Which.CLOSED: lazy_("Already closed"),
    Which.ALL: lazy_("All irregularities"),
}
CLOSED_TONES = {
    IrregularityOutcome.UNFOUNDED: "neutral",
    IrregularityOutcome.MENDED: "success",
    IrregularityOutcome.RECOVERED: "warning",
}


def state_of(row: Irregularity) -> tuple[object, str]:
    """How it stands, in words, with its tone."""
    if row.outcome is not None:
        return OUTCOMES[row.outcome], CLOSED_TONES[row.outcome]
    return (lazy_("open, with a reply"), "progress") if row.replied_at else (lazy_("open, no reply yet"), "danger")
