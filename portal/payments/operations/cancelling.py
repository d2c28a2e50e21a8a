"""Tranches of a grant that was lowered or is over: cut, sent back, cancelled; a release is undone in the ledger."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.moves import Move
from portal.ledger.operations import reverse
from portal.payments.models import Tranche
from portal.payments.operations.conditions import as_planned
from portal.payments.queries.releases import standing_release
from portal.payments.rules import CANCEL, SEND_BACK, TrancheStatus


def lower_tranches(
    session: Session, *, grant_id: UUID, cuts: Mapping[str, int], actor: Actor, now: datetime
) -> list[Tranche]:
    """Take so much of each of these; one that was being asked for is asked for again, one that is cut whole is not."""
    found = [each for each in locked_tranches(session, grant_id=grant_id) if each.key in cuts]
    for tranche in found:
        as_planned(tranche=tranche)
        if cuts[tranche.key] >= tranche.amount_cents:
            leave_the_plan(session, tranche=tranche, move=CANCEL, actor=actor, now=now)
            continue
        before = {"cents": tranche.amount_cents}
        tranche.amount_cents -= cuts[tranche.key]
        record(session, at=now, actor=actor, event="tranche.lowered", subject=tranche, before=before,
               after={"cents": tranche.amount_cents})  # fmt: skip
        if tranche.status in SEND_BACK.sources:
            leave_the_plan(session, tranche=tranche, move=SEND_BACK, actor=actor, now=now)
    return found


def cancel_tranches(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> list[Tranche]:
    """Cancel every tranche that was not paid; raises IllegalMove for one that is with the bank."""
    found = [each for each in locked_tranches(session, grant_id=grant_id) if each.status is not TrancheStatus.PAID]
    for tranche in found:
        if tranche.is_released:
            take_release_back(session, tranche=tranche, actor=actor, now=now)
        else:
            leave_the_plan(session, tranche=tranche, move=CANCEL, actor=actor, now=now)
    return found


def take_release_back(session: Session, *, tranche: Tranche, actor: Actor, now: datetime) -> None:
    """Cancel a tranche that was released and not paid: its money stands on the award again."""
    reverse(session, entry=standing_release(session, tranche), actor=actor, now=now)
    leave_the_plan(session, tranche=tranche, move=CANCEL, actor=actor, now=now)


def locked_tranches(session: Session, *, grant_id: UUID) -> list[Tranche]:
    """The tranches of a grant that count, locked."""
    query = select(Tranche).where(Tranche.grant_id == grant_id, Tranche.status != TrancheStatus.CANCELLED)
    query = query.order_by(Tranche.id).with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query))


def leave_the_plan(
    session: Session, *, tranche: Tranche, move: Move[TrancheStatus], actor: Actor, now: datetime
) -> None:
    """Whoever asked, verified, proposed and approved did so for a tranche that is no longer what it was."""
    before = {"status": tranche.status}
    tranche.make(move, at=now)
    tranche.requested_by = tranche.verified_by = tranche.proposed_by = tranche.approved_by = None
    tranche.requested_at = tranche.verified_at = tranche.proposed_at = tranche.approved_at = tranche.due_on = None
    session.flush()
    record(session, at=now, actor=actor, event=f"tranche.{move.name}", subject=tranche, before=before,
           after={"status": tranche.status, "cents": tranche.amount_cents})  # fmt: skip
