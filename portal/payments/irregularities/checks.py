"""Invariants of irregularities."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.payments.irregularities.models import Irregularity, IrregularityStep
from portal.payments.irregularities.rules import IrregularityOutcome, StepKind
from portal.payments.recoveries.models import Recovery


def broken(session: Session) -> Iterator[str]:
    """One line for each that one person closed alone, that asks nothing back, or whose reply nobody finds."""
    alone = select(Irregularity.id).where(Irregularity.closed_by.in_([Irregularity.opened_by, Irregularity.held_by]))
    for key in session.scalars(alone.order_by(Irregularity.id)):
        yield f"irregularities: {key} was opened and closed by the same person"
    asked = select(Recovery.id).where(Recovery.irregularity_id == Irregularity.id)
    nothing = select(Irregularity.id).where(Irregularity.outcome == IrregularityOutcome.RECOVERED, ~asked.exists())
    for key in session.scalars(nothing.order_by(Irregularity.id)):
        yield f"irregularities: {key} ended with money asked back, but no recovery was decided for it"
    said = select(IrregularityStep.id).where(
        IrregularityStep.irregularity_id == Irregularity.id, IrregularityStep.kind == StepKind.REPLIED
    )
    unsaid = select(Irregularity.id).where(Irregularity.replied_at.is_not(None), ~said.exists())
    for key in session.scalars(unsaid.order_by(Irregularity.id)):
        yield f"irregularities: {key} has a reply that nobody finds"
