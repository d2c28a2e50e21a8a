"""Invariants of recoveries: their parts, their way back and their receipts add up, and the ledger says the same."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal.ledger.queries import balances_by_owner
from portal.ledger.rules import AccountKind
from portal.payments.models import Tranche
from portal.payments.recoveries.models import Recovery, RecoveryPart
from portal.payments.recoveries.rules import STANDING, principal_in
from portal.payments.rules import TrancheStatus


def broken(session: Session) -> Iterator[str]:
    """One line for each recovery or grant whose money does not add up."""
    load = (selectinload(Recovery.parts), selectinload(Recovery.instalments), selectinload(Recovery.receipts))
    found = session.scalars(select(Recovery).options(*load).order_by(Recovery.id)).all()
    for each in found:
        yield from _of_one(each)
    yield from _accounts(session, [each for each in found if each.status in STANDING])
    yield from _payments(session)


def _of_one(recovery: Recovery) -> Iterator[str]:
    name = f"recoveries: recovery {recovery.id}"
    if sum(each.cents for each in recovery.parts) != recovery.principal_cents:
        yield f"{name} asks {recovery.principal_cents} back, its parts say otherwise"
    plan = recovery.plan
    asked = (sum(each.principal_cents for each in plan), sum(each.interest_cents for each in plan))
    if asked != (recovery.principal_cents, recovery.interest_cents):
        yield f"{name} is to be returned in instalments that do not add up"
    standing = recovery.standing_receipts
    if sum(each.cents for each in standing) != recovery.returned_cents:
        yield f"{name} counts {recovery.returned_cents} as returned, its receipts say otherwise"
    if sum(each.restored_cents for each in standing) != principal_in(recovery.returned_cents, plan):
        yield f"{name} gave back another principal than came"


def _accounts(session: Session, standing: list[Recovery]) -> Iterator[str]:
    """What is owed and what came back and stays (interest), by grant, against their accounts."""
    grants = {each.grant_id for each in standing}
    owed, kept = dict.fromkeys(grants, 0), dict.fromkeys(grants, 0)
    for each in standing:
        owed[each.grant_id] += each.open_cents
        kept[each.grant_id] += sum(one.cents - one.restored_cents for one in each.standing_receipts)
    for kind, told in ((AccountKind.RECOVERABLE, owed), (AccountKind.RETURNED, kept)):
        held = balances_by_owner(session, kind, list(grants))
        for grant_id in sorted(grants):
            if held.get(grant_id, 0) != told[grant_id]:
                yield f"recoveries: grant {grant_id} has {held.get(grant_id, 0)} {kind.value}, not {told[grant_id]}"


def _payments(session: Session) -> Iterator[str]:
    """Of a payment that stands, at most what was paid is asked back."""
    net = Tranche.amount_cents - Tranche.withheld_cents
    asked = func.sum(RecoveryPart.cents)
    query = (
        select(Tranche.id, net, Tranche.status, asked)
        .join(RecoveryPart, RecoveryPart.tranche_id == Tranche.id)
        .join(Recovery, Recovery.id == RecoveryPart.recovery_id)
        .where(Recovery.status.in_(STANDING))
        .group_by(Tranche.id, net, Tranche.status)
    )
    for tranche_id, paid, status, cents in session.execute(query.order_by(Tranche.id)):
        if cents > (paid if status is TrancheStatus.PAID else 0):
            yield f"recoveries: more is asked back of tranche {tranche_id} than was paid"
