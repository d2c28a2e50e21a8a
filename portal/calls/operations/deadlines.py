"""Deadlines in force: those of publication, and extensions by an act. None is ever edited."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.access.seals import seal
from portal.calls.models import Phase, PhaseDeadline
from portal.calls.operations.acts import act_of, reason_of
from portal.calls.operations.history import note_event
from portal.calls.operations.revisions import add_revision
from portal.calls.queries import phase_for_update
from portal.calls.rules import RUN, CallDesign, CallExtended, CallStatus, Deadline, PhaseDesign, PhaseStatus, Text
from portal.calls.rules.publication import CallEventKind
from portal.calls.rules.times import ACCEPTING, NoSuchTime, instant_of
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, IllegalMove, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_


class EvaluationBegun(Conflict):
    """A term reopens until somebody may have read what arrived (par condicio)."""

    default = lazy_("The evaluation of this phase has begun: its deadline can no longer move.")


def extend_deadline(
    session: Session,
    *,
    phase_id: UUID,
    closes_at: datetime,
    act_number: str,
    act_date: date,
    reason: Text,
    actor: Actor,
    now: datetime,
) -> PhaseDeadline:
    """Move the deadline of a running phase later, by an act; `closes_at` is wall time in the phase's zone.

    A deadline that has passed is reopened the same way, as long as the evaluation has not begun. Raises Invalid where
    the hour does not exist, is not later than the deadline in force, or has passed; EvaluationBegun afterwards.
    Applications already sent stay valid; whoever has a draft, sent one or follows the call is told by a job.
    """
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.CALL_EXTEND, phase.call)
    _must_be_extensible(phase)
    act, why = act_of(number=act_number, day=act_date, by=now), reason_of(given=reason)
    instant = _later(phase, closes_at, now)
    new, before = Deadline(closes=closes_at, act=act, reason=why), phase.closes_at
    row = _add_deadline(session, phase, new, _phase_design(phase), instant, actor, now)
    add_revision(session, call=phase.call, design=_with_deadline(phase, new), actor=actor, now=now, act=act, reason=why)
    record(session, at=now, actor=actor, event=Action.CALL_EXTEND, subject=phase.call,
           before={"closes_at": before}, after={"closes_at": instant, "act_number": act.number, "act_date": act.date},
           reason=why["it"])  # fmt: skip
    kind = CallEventKind.REOPENED if now > before else CallEventKind.EXTENDED
    note_event(
        session, call=phase.call, kind=kind, actor=actor, now=now, act=act, reason=why, phase_id=phase.id,
        effective_at=instant,
    )  # fmt: skip
    announce(session, CallExtended(call_id=phase.call_id, phase_id=phase.id, closes_at=instant, at=now))
    return row


def run_phase(session: Session, *, phase: Phase, design: PhaseDesign, actor: Actor, now: datetime) -> None:
    """Put a phase and the deadlines of its design in force."""
    phase.make(RUN, at=now)
    for deadline in design.deadlines:
        _add_deadline(session, phase, deadline, design, instant_of(deadline.closes, phase.zone), actor, now)


def _must_be_extensible(phase: Phase) -> None:
    if phase.call.status is CallStatus.PUBLISHED and phase.status in (PhaseStatus.EVALUATION, PhaseStatus.CONCLUDED):
        raise EvaluationBegun
    if not phase.may_be_extended:
        raise IllegalMove("change a running phase", phase.status)


def _later(phase: Phase, closes_at: datetime, now: datetime) -> datetime:
    """The instant of an extension, after the deadline in force and after now."""
    try:
        instant = instant_of(closes_at, phase.zone)
    except NoSuchTime as error:
        raise Invalid(
            lazy_("Clocks change in that night, so this hour does not exist or comes twice. Choose another hour."),
            "closes_at",
        ) from error
    if instant <= phase.closes_at:
        raise Invalid(lazy_("Choose a moment after the deadline in force: it can only move later."), "closes_at")
    if instant <= now:
        raise Invalid(lazy_("This moment has passed already: choose one to come."), "closes_at")
    return instant


def _with_deadline(phase: Phase, new: Deadline) -> CallDesign:
    design = phase.call.design
    phases = [
        replace(each, deadlines=[*each.deadlines, new]) if each.key == phase.key else each for each in design.phases
    ]
    return replace(design, phases=phases)


def _phase_design(phase: Phase) -> PhaseDesign:
    return next(each for each in phase.call.design.phases if each.key == phase.key)


def _add_deadline(
    session: Session, phase: Phase, deadline: Deadline, design: PhaseDesign, instant: datetime, actor: Actor,
    now: datetime,
) -> PhaseDeadline:  # fmt: skip
    latest = instant + design.beyond
    row = PhaseDeadline(
        phase_id=phase.id,
        sequence=len(phase.deadlines) + 1,
        closes_at=instant,
        last_instant=latest,
        accepted_until=latest + ACCEPTING,
        zone=phase.zone,
        act_number=deadline.act.number if deadline.act else None,
        act_date=deadline.act.date if deadline.act else None,
        reason=deadline.reason,
        decided_at=now,
        decided_by=actor.person_id,
    )
    phase.deadlines.append(row)
    phase.closes_at = instant
    session.flush()
    if phase.design.admission.sealed:
        seal(session, object_id=phase.id, until=row.accepted_until, now=now)
    return row
