"""Rows that repeat the design of a draft, for lists and pages: its phases, its budget lines, its form."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.calls.models import Call, CallBudgetLine, Phase
from portal.calls.rules import CallDesign, PhaseDesign, PhaseStatus
from portal.calls.rules.times import NoSuchTime, instant_of

MOMENT = timedelta(minutes=1)


def show_draft(session: Session, *, call: Call, design: CallDesign, now: datetime) -> None:
    """Write the phases and the budget lines of a draft as far as they can be shown.

    They hold no deadline and no money yet. A line without an amount is left out, and a phase that would close before
    it opens is shown as closing a minute later: the checklist says what is wrong with either.
    """
    session.execute(delete(Phase).where(Phase.call_id == call.id))
    session.execute(delete(CallBudgetLine).where(CallBudgetLine.call_id == call.id))
    amounts = [(line, int(line.amount * 100)) for line in design.budget_lines if line.amount > 0]
    call.budget_cents = sum(cents for _line, cents in amounts)
    taken: set[str] = set()
    for position, phase in enumerate(design.phases, start=1):
        key = phase.key if phase.key not in taken else f"{phase.key[:56]}_{position}"
        taken.add(key)
        session.add(_phase(call, phase, key, position, now))
    for line, cents in {line.key: (line, cents) for line, cents in amounts}.values():
        session.add(CallBudgetLine(call_id=call.id, key=line.key, name=line.name, amount_cents=cents))
    session.flush()
    session.expire(call, ["phases"])


def _phase(call: Call, phase: PhaseDesign, key: str, position: int, now: datetime) -> Phase:
    try:
        opens = instant_of(phase.opens, phase.zone)
        closes = max(instant_of(phase.deadlines[-1].closes, phase.zone), opens + MOMENT)
    except (NoSuchTime, IndexError, OverflowError):
        opens, closes = now, now + MOMENT
    return Phase(
        call_id=call.id, key=key[:64], position=position, name=phase.name, status=PhaseStatus.PLANNED,
        status_at=now, opens_at=opens, closes_at=closes, zone=phase.zone[:64],
    )  # fmt: skip
