"""Money asked back: a grant whose advance was paid, and one way to walk each step of a recovery."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.grants.changes.rules import EndKind
from portal.grants.models import EndAct
from portal.grants.rules import local_day
from portal.payments.recoveries import operations
from portal.payments.recoveries.models import Recovery, RecoveryReceipt
from portal.payments.recoveries.rules import Payer, RecoverySource
from tests.factories.changes import act, make_changing, open_end, reply
from tests.factories.gated import close_irregularity, open_irregularity
from tests.factories.payments import Finance


def make_revoked(session: Session, *, now: datetime, **given: Any) -> tuple[Finance, EndAct]:
    """The advance was paid, then the grant was revoked: all of it is to be returned."""
    finance = make_changing(session, now=now, **given)
    finance.order(finance.release(finance.first))
    finance.pay(finance.first)
    open_end(finance, EndKind.REVOCATION)
    reply(finance)
    return finance, act(finance, to_return=finance.first.amount_cents)


def decide(finance: Finance, claim: UUID, **given: Any) -> Recovery:
    """The officer asks it back."""
    typed = operations.RecoveryTyped(claim, "DD 12/2026", local_day(finance.now), "Lo dice l'atto.")
    return operations.decide_recovery(
        finance.session, grant_id=finance.grant.id, typed=replace(typed, **given), **finance.by(finance.world.officer)
    )


def receive(
    finance: Finance, recovery: Recovery, cents: int, reference: str = "CRO 1", **given: Any
) -> RecoveryReceipt:
    """Finance records money that came back today."""
    typed = operations.ReceiptTyped(reference, local_day(finance.now), cents)
    return operations.record_receipt(
        finance.session, recovery_id=recovery.id, typed=replace(typed, **given), **finance.by(finance.maker)
    )


def money_asked_back(finance: Finance, now: datetime) -> tuple[Recovery, RecoveryReceipt]:
    """Rows alone, without entries: money asked back for an irregularity, and a receipt of it."""
    session, grant, day = finance.session, finance.grant, local_day(now)
    found = open_irregularity(finance, 100)
    close_irregularity(finance, found)
    recovery = Recovery(
        authority_id=grant.authority_id, grant=grant, number=1, source=RecoverySource.IRREGULARITY,
        irregularity_id=found.id, principal_cents=100, interest_cents=0, returned_cents=1, rates={"fixed": 0},
        act_number="1", act_date=day, reason="Serve.", decided_on=day, decided_by=finance.world.officer.id,
        decided_at=now, status_at=now,
    )  # fmt: skip
    receipt = RecoveryReceipt(
        authority_id=grant.authority_id, recovery=recovery, reference=f"CRO {grant.id.hex}", received_on=day, cents=1,
        restored_cents=0, payer=Payer.RECIPIENT, recorded_by=finance.maker.id, recorded_at=now,
    )  # fmt: skip
    session.add_all([recovery, receipt])
    session.flush()
    return recovery, receipt
