"""Approval by a second person: whoever wrote the revision does not approve it, and any change asks for it again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Call
from portal.calls.operations.acts import reason_of
from portal.calls.operations.history import note_event
from portal.calls.operations.publication import NotComplete
from portal.calls.operations.sealing import seal_draft
from portal.calls.publishing import obstacles_of
from portal.calls.queries import call_for_update, revision_numbered
from portal.calls.rules import APPROVE, Text
from portal.calls.rules.publication import RETURN_TO_DRAFT, CallEventKind
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation


class WrittenByYou(Conflict):
    """Four eyes (ASVS 2.3.5): the author of a revision is not its approver."""

    default = lazy_(
        "You made the last change to this draft, so somebody else has to approve it."
        " Ask another officer of your office."
    )


violation("approved by its author", WrittenByYou)


def approve_call(session: Session, *, call_id: UUID, actor: Actor, now: datetime) -> Call:
    """Approve a draft: what it says is its last revision from now on.

    Raises Forbidden, IllegalMove, NotComplete while the checklist names something, WrittenByYou to whoever changed it
    last.
    """
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_APPROVE, call)
    before = call.status
    APPROVE.apply(before)
    if obstacles_of(call.design):
        raise NotComplete
    seal_draft(session, call=call, actor=actor, now=now)
    if actor.person_id is not None and revision_numbered(session, call, call.revision).by == actor.person_id:
        raise WrittenByYou
    call.make(APPROVE, at=now)
    call.approved_by = actor.person_id
    record(session, at=now, actor=actor, event=Action.CALL_APPROVE, subject=call, before={"status": before},
           after={"status": call.status, "revision": call.revision})  # fmt: skip
    note_event(session, call=call, kind=CallEventKind.APPROVED, actor=actor, now=now)
    return call


def withdraw_approval(session: Session, *, call_id: UUID, reason: Text, actor: Actor, now: datetime) -> Call:
    """Take an approval back before publication, with its reason; a planned publication falls with it."""
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_APPROVE, call)
    return return_to_draft(session, call=call, reason=reason_of(given=reason), actor=actor, now=now)


CHANGED: Text = {"it": "La bozza è cambiata dopo l’approvazione.", "en": "The draft changed after its approval."}


def return_to_draft(session: Session, *, call: Call, reason: Text = CHANGED, actor: Actor, now: datetime) -> Call:
    """Make an approved call a draft again, which a second person approves anew. Raises IllegalMove for any other."""
    before = call.status
    call.make(RETURN_TO_DRAFT, at=now)
    call.approved_by = call.publish_at = call.publish_act_number = call.publish_act_date = None
    record(session, at=now, actor=actor, event="call.returned", subject=call, before={"status": before},
           after={"status": call.status}, reason=reason["it"])  # fmt: skip
    note_event(session, call=call, kind=CallEventKind.RETURNED, actor=actor, now=now, reason=reason)
    return call
