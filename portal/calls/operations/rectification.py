"""Rectifying a published call by an act: a new revision, as long as nothing that had to be fixed changes."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Call, CallRevision
from portal.calls.operations.acts import act_of, reason_of
from portal.calls.operations.forms import bind_forms
from portal.calls.operations.history import note_event
from portal.calls.operations.revisions import add_revision
from portal.calls.publishing import obstacles_of
from portal.calls.queries import call_for_update
from portal.calls.rules import Act, CallDesign, CallStatus, Text
from portal.calls.rules.publication import CallEventKind, CallRevised
from portal.calls.rules.validity import Fault, frozen_after_opening
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, IllegalMove, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_

AS = lazy_("Leave it as it is.")
RECTIFICATION: Text = {"it": "Rettifica dell’avviso", "en": "Rectification of the call"}


class Frozen(Conflict):
    """What a published call has promised; `faults` names each change that is refused."""

    default = lazy_("This change is not possible after publication. See the list.")

    def __init__(self, faults: list[str]) -> None:
        super().__init__()
        self.faults = faults


class NothingChanged(Invalid):
    """An act that rectifies changes something."""

    default = lazy_("This file says the same as the call in force: there is nothing to rectify.")


def refused_changes(*, call: Call, new: CallDesign, now: datetime) -> list[str]:
    """Each change that no rectification can make: dates move by extensions, money and address never."""
    old = call.design
    faults: list[Fault] = []
    if (old.slug, old.authority.code) != (new.slug, new.authority.code):
        faults.append(Fault("slug, authority.code", lazy_("A published call keeps its address and its authority."), AS))
    if _dates(old) != _dates(new):
        faults.append(Fault("phases", lazy_("Deadlines move by an extension, other dates not at all."), AS))
    if old.admission.sealed != new.admission.sealed:
        faults.append(Fault("admission.sealed", lazy_("A published call stays sealed, or open, as it was."), AS))
    if old.budget_lines != new.budget_lines:
        faults.append(Fault("budget_lines", lazy_("The budget entered the ledger at publication."), AS))
    if any(phase.opens_at <= now for phase in call.phases):
        faults += frozen_after_opening(old, new)
    return [*(str(fault) for fault in faults), *obstacles_of(new)]


def rectify_call(
    session: Session,
    *,
    call_id: UUID,
    design: CallDesign,
    act_number: str,
    act_date: date,
    reason: Text,
    actor: Actor,
    now: datetime,
) -> CallRevision:
    """Put a changed design in force by an act; upper rooms hear CallRevised and move drafts to the new form.

    Raises Forbidden, IllegalMove, Invalid without act or reason, NothingChanged, and Frozen with every refused change.
    """
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_RECTIFY, call)
    if call.status is not CallStatus.PUBLISHED:
        raise IllegalMove("rectify", call.status)
    act, why = act_of(number=act_number, day=act_date, by=now), reason_of(given=reason)
    if design == call.design:
        raise NothingChanged
    if faults := refused_changes(call=call, new=design, now=now):
        raise Frozen(faults)
    before = call.revision
    revision = add_revision(
        session, call=call, design=_with_act(design, act), actor=actor, now=now, act=act, reason=why
    )
    for phase, given in zip(call.phases, design.phases, strict=True):
        phase.name = given.name
    forms = bind_forms(session, call=call, design=design, now=now)
    record(session, at=now, actor=actor, event=Action.CALL_RECTIFY, subject=call, before={"revision": before},
           after={"revision": call.revision, "sha256": revision.sha256, "act_number": act.number,
                  "act_date": act.date}, reason=why["it"])  # fmt: skip
    note_event(session, call=call, kind=CallEventKind.RECTIFIED, actor=actor, now=now, act=act, reason=why)
    announce(session, CallRevised(call.id, before, call.revision, tuple(forms), now))
    return revision


def _with_act(design: CallDesign, act: Act) -> CallDesign:
    if act.number in {each.number for each in design.acts}:
        return design
    return replace(design, acts=[*design.acts, replace(act, title=RECTIFICATION)])


def _dates(design: CallDesign) -> list[tuple[object, ...]]:
    return [(each.key, each.opens, each.deadlines, each.zone, each.beyond) for each in design.phases]
