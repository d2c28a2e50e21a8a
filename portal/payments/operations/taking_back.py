"""An approval that was a mistake is taken back before a payment file is made of it: the money stands on the award."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.i18n import in_both, lazy_
from portal.core.written import written
from portal.ledger.operations import reverse
from portal.payments.models import Tranche
from portal.payments.operations.conditions import stand_apart, tell_the_owners
from portal.payments.operations.refusals import LaterTrancheMoved, TakenBackByMaker
from portal.payments.queries.releases import standing_release
from portal.payments.queries.tranches import tranche_for_update
from portal.payments.rules import LONGEST_REASON, TAKE_BACK, TrancheStatus

BEHIND = frozenset({TrancheStatus.PLANNED, TrancheStatus.CANCELLED})
"""Later tranches that rest on no release of this one."""


def take_back_tranche(session: Session, *, tranche_id: UUID, reason: str, actor: Actor, now: datetime) -> Tranche:
    """Undo an approval: its entry is reversed, the day's limit is free again, the tranche waits for approval anew.

    Whoever approved may do it, and any other approver; who proposed the payment may not. Raises IllegalMove once it is
    in a file, PaysOneself, TakenBackByMaker, LaterTrancheMoved, Invalid without a reason; nothing has changed then.
    """
    tranche = tranche_for_update(session, tranche_id)
    authorise(actor, Action.TRANCHE_TAKE_BACK, tranche)
    TAKE_BACK.apply(tranche.status)
    stand_apart(session, tranche=tranche, actor=actor)
    if tranche.proposed_by == actor.person_id:
        raise TakenBackByMaker
    _nothing_rests_on_it(session, tranche)
    empty = lazy_("Write the reason: the recipient reads it.")
    tranche.note = written(reason, most=LONGEST_REASON, field="reason", empty=empty)
    before = {"status": tranche.status, "version": tranche.version}
    reverse(session, entry=standing_release(session, tranche), actor=actor, now=now)
    tranche.make(TAKE_BACK, at=now)
    tranche.approved_by = tranche.approved_at = None
    session.flush()
    tranche.withheld_cents = 0  # what was withheld of a release stays until it is none any more
    session.flush()
    after = {"status": tranche.status, "version": tranche.version, "cents": tranche.amount_cents}
    record(session, at=now, actor=actor, event=Action.TRANCHE_TAKE_BACK, subject=tranche, before=before, after=after,
           reason=tranche.note)  # fmt: skip
    text = lazy_("The approval of tranche %(number)s was taken back: it is looked at again.", number=tranche.number)
    tell_the_owners(session, tranche=tranche, text=in_both(text), now=now)
    return tranche


def _nothing_rests_on_it(session: Session, tranche: Tranche) -> None:
    """Tranches are released in their order: what comes later goes back first."""
    later = select(Tranche.status).where(Tranche.grant_id == tranche.grant_id, Tranche.number > tranche.number)
    if any(status not in BEHIND for status in session.scalars(later)):
        raise LaterTrancheMoved
