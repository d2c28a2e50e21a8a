"""From a draft to an open call, and on to its evaluation: each step by an act, none undone."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Call, Phase, PhaseDeadline
from portal.calls.operations.revisions import add_revision
from portal.calls.queries import budget_lines, call_for_update, phase_for_update
from portal.calls.rules import (
    APPROVE,
    EVALUATE,
    PUBLISH,
    RUN,
    Act,
    CallExtended,
    CallStatus,
    Deadline,
    PhaseDesign,
    PhaseStatus,
    Text,
)
from portal.calls.rules.times import ACCEPTING, NoSuchTime, instant_of, last_instant
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, IllegalMove, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.moves import Move
from portal.core.text import clean_line, clean_text
from portal.ledger.operations import open_account, transfer
from portal.ledger.rules import AccountKind, PostingKind


class DeadlineNotPassed(Conflict):
    """Evaluation begins once nothing more can arrive."""

    default = lazy_("The deadline has not passed yet: the evaluation begins after it.")


def approve_call(session: Session, *, call_id: UUID, actor: Actor, now: datetime) -> Call:
    """Approve a draft: its file can no longer be replaced. Raises Forbidden or IllegalMove."""
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_APPROVE, call)
    _move(session, call, APPROVE, Action.CALL_APPROVE, actor, now, revision=call.revision)
    return call


def publish_call(
    session: Session, *, call_id: UUID, act_number: str, act_date: date, actor: Actor, now: datetime
) -> Call:
    """Publish an approved call by its act: deadlines come into force, the budget enters the ledger."""
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_PUBLISH, call)
    act = _act(act_number, act_date)
    _move(session, call, PUBLISH, Action.CALL_PUBLISH, actor, now, act_number=act.number, act_date=act.date)
    call.published_at = now
    if act.number not in {each.number for each in call.design.acts}:
        named = replace(act, title={"it": "Pubblicazione dell'avviso", "en": "Publication of the call"})
        add_revision(
            session, call=call, design=replace(call.design, acts=[*call.design.acts, named]), actor=actor, now=now
        )
    for phase, design in zip(call.phases, call.design.phases, strict=True):
        _run(session, phase, design, actor, now)
    _open_budget(session, call, actor, now)
    return call


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

    Raises Invalid where the hour does not exist, is not later than the deadline in force, or has passed.
    Applications already sent stay valid; upper rooms hear CallExtended and tell whom it concerns.
    """
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.CALL_EXTEND, phase.call)
    _must_run(phase)
    act = _act(act_number, act_date)
    instant = _later(phase, closes_at, now)
    design = phase.call.design
    new = Deadline(closes=closes_at, act=act, reason=_reason(reason))
    phases = [
        replace(each, deadlines=[*each.deadlines, new]) if each.key == phase.key else each for each in design.phases
    ]
    before = phase.closes_at
    row = _add_deadline(session, phase, new, _phase_design(phase), instant, actor, now)
    add_revision(session, call=phase.call, design=replace(design, phases=phases), actor=actor, now=now)
    record(session, at=now, actor=actor, event=Action.CALL_EXTEND, subject=phase.call,
           before={"closes_at": before}, after={"closes_at": instant, "act_number": act.number, "act_date": act.date},
           reason=reason["it"])  # fmt: skip
    announce(session, CallExtended(call_id=phase.call_id, phase_id=phase.id, closes_at=instant, at=now))
    return row


def begin_evaluation(session: Session, *, phase_id: UUID, actor: Actor, now: datetime) -> Phase:
    """Close a phase to applications for good; DeadlineNotPassed while one could still be accepted."""
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.CALL_PUBLISH, phase.call)
    _must_run(phase)
    if now <= phase.deadline.accepted_until:
        raise DeadlineNotPassed
    before = {"phase": phase.key, "status": phase.status}
    phase.make(EVALUATE, at=now)
    after = {"phase": phase.key, "status": phase.status}
    record(session, at=now, actor=actor, event="phase.evaluation", subject=phase.call, before=before, after=after)
    return phase


def _move(
    session: Session, call: Call, move: Move[CallStatus], action: Action, actor: Actor, now: datetime, **known: object
) -> None:
    before = call.status
    call.make(move, at=now)
    record(session, at=now, actor=actor, event=action, subject=call, before={"status": before},
           after={"status": call.status, **known})  # fmt: skip


def _must_run(phase: Phase) -> None:
    if phase.call.status is not CallStatus.PUBLISHED or phase.status is not PhaseStatus.RUNNING:
        raise IllegalMove("change a running phase", phase.status)


def _act(number: str, day: date) -> Act:
    text = clean_line(number)
    if not text or len(text) > 80:
        raise Invalid(lazy_("Write the number of the act, at most 80 characters."), "act_number")
    return Act(number=text, date=day)


def _reason(given: Text) -> Text:
    """The published reason, in both languages."""
    reason = {language: clean_text(given.get(language, "")) for language in ("it", "en")}
    for language, words in reason.items():
        if not words:
            raise Invalid(lazy_("Write the reason: it is published with the act."), f"reason_{language}")
    return reason


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


def _phase_design(phase: Phase) -> PhaseDesign:
    return next(each for each in phase.call.design.phases if each.key == phase.key)


def _run(session: Session, phase: Phase, design: PhaseDesign, actor: Actor, now: datetime) -> None:
    """Put a phase and the deadlines of its design in force."""
    phase.make(RUN, at=now)
    for deadline in design.deadlines:
        _add_deadline(session, phase, deadline, design, instant_of(deadline.closes, phase.zone), actor, now)


def _add_deadline(
    session: Session, phase: Phase, deadline: Deadline, design: PhaseDesign, instant: datetime, actor: Actor,
    now: datetime,
) -> PhaseDeadline:  # fmt: skip
    latest = last_instant(instant, design.grace_seconds)
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
    return row


def _open_budget(session: Session, call: Call, actor: Actor, now: datetime) -> None:
    """Every budget line gets its account, filled from the fund of the call."""
    fund = open_account(
        session, authority_id=call.authority_id, kind=AccountKind.FUND, owner_id=call.id, name=call.slug, now=now
    )
    for line in budget_lines(session, call.id):
        account = open_account(
            session, authority_id=call.authority_id, kind=AccountKind.BUDGET, owner_id=line.id,
            name=f"{call.slug} {line.key}", now=now,
        )  # fmt: skip
        transfer(
            session, debit=account, credit=fund, amount_cents=line.amount_cents, posting=PostingKind.BUDGET_OPENED,
            subject=line, actor=actor, now=now,
        )  # fmt: skip
