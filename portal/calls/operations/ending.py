"""The end of a call: cancelled by an act of self-review (autotutela), or concluded; what is not awarded goes back."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Call
from portal.calls.operations.acts import act_of, reason_of
from portal.calls.operations.funds import fund_of
from portal.calls.operations.history import note_event
from portal.calls.queries import budget_lines, call_for_update
from portal.calls.rules import CANCEL, CONCLUDE, PhaseStatus, Text
from portal.calls.rules.publication import CallCancelled, CallEventKind
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.ledger.operations import transfer
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind, PostingKind


class CallOver(Conflict):
    """The database takes nothing for a call that was cancelled."""

    default = lazy_("This call was cancelled: nothing more is taken for it.")


class StillRunning(Conflict):
    """A call is concluded after the evaluation of its last phase."""

    default = lazy_("A phase of this call is not concluded yet: conclude its evaluation first.")


violation("cancelled call", CallOver)


def cancel_call(
    session: Session, *, call_id: UUID, act_number: str, act_date: date, reason: Text, actor: Actor, now: datetime
) -> Call:
    """Cancel a call by an act, with the published reason. Its page stays; grants already awarded are not touched.

    Whoever has a draft, sent an application or follows the call is told by a job. Raises Forbidden, IllegalMove,
    Invalid without act or reason.
    """
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_CANCEL, call)
    act, why, before = act_of(number=act_number, day=act_date, by=now), reason_of(given=reason), call.status
    call.publish_at = call.publish_act_number = call.publish_act_date = None
    call.make(CANCEL, at=now)
    released = _release_budget(session, call, actor, now)
    after = {"status": call.status, "act_number": act.number, "act_date": act.date, "released_cents": released}
    record(session, at=now, actor=actor, event=Action.CALL_CANCEL, subject=call, before={"status": before},
           after=after, reason=why["it"])  # fmt: skip
    if call.published_at is not None:
        note_event(session, call=call, kind=CallEventKind.CANCELLED, actor=actor, now=now, act=act, reason=why)
        announce(session, CallCancelled(call_id=call.id, at=now))
    return call


def conclude_call(session: Session, *, call_id: UUID, actor: Actor, now: datetime) -> Call:
    """Conclude a call whose phases are all concluded; StillRunning before."""
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_CANCEL, call)
    before = call.status
    CONCLUDE.apply(before)
    if any(phase.status is not PhaseStatus.CONCLUDED for phase in call.phases):
        raise StillRunning
    call.make(CONCLUDE, at=now)
    released = _release_budget(session, call, actor, now)
    record(session, at=now, actor=actor, event="call.concluded", subject=call, before={"status": before},
           after={"status": call.status, "released_cents": released})  # fmt: skip
    note_event(session, call=call, kind=CallEventKind.CONCLUDED, actor=actor, now=now)
    return call


def _release_budget(session: Session, call: Call, actor: Actor, now: datetime) -> int:
    """Give what is not awarded back to its fund; cents given back."""
    released = 0
    for line in budget_lines(session, call.id):
        fund, account = fund_of(session, call=call, line_key=line.key), account_of(session, AccountKind.BUDGET, line.id)
        if fund is None or account is None or account.balance_cents == 0:
            continue
        released += account.balance_cents
        transfer(
            session, debit=fund, credit=account, amount_cents=account.balance_cents,
            posting=PostingKind.BUDGET_RELEASED, subject=line, actor=actor, now=now,
        )  # fmt: skip
    return released
