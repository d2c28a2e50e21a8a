"""Money that came back: recorded once by its reference, from the recipient or a guarantor; taken out by a reversal."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.written import written
from portal.grants.apart import stand_apart
from portal.grants.rules import local_day
from portal.payments.guarantees.models import Guarantee
from portal.payments.guarantees.rules import CALL, GuaranteeStatus
from portal.payments.operations.telling import money_changed
from portal.payments.recoveries.models import Recovery, RecoveryReceipt
from portal.payments.recoveries.operations.booking import Books, book_receipt, undo
from portal.payments.recoveries.queries import receipt_for, recovery_for
from portal.payments.recoveries.refusals import KnownReference, NotTheLatest
from portal.payments.recoveries.rules import (
    LONGEST_REASON,
    LONGEST_REFERENCE,
    OPEN_AGAIN,
    SETTLE,
    Payer,
    RecoveryStatus,
    principal_in,
)

CALLABLE = frozenset({GuaranteeStatus.VERIFIED, GuaranteeStatus.CALLED})


@dataclass(frozen=True, slots=True)
class ReceiptTyped:
    """A movement of the bank, as somebody of finance writes it down."""

    reference: str
    received_on: date
    cents: int
    guarantee_id: UUID | None = None


def record_receipt(
    session: Session, *, recovery_id: UUID, typed: ReceiptTyped, actor: Actor, now: datetime
) -> RecoveryReceipt:  # fmt: skip
    """Money came back, whole or in part; the same movement twice counts once.

    Raises KnownReference, Invalid, IllegalMove.
    """
    recovery = recovery_for(session, recovery_id, actor, Action.RECOVERY_RECORD)
    stand_apart(actor=actor, organisation_id=recovery.grant.organisation_id)
    empty = lazy_("Write the reference of the movement: it tells one payment from another.")
    reference = written(clean_line(typed.reference), most=LONGEST_REFERENCE, field="reference", empty=empty)
    known = _known(session, recovery, reference)
    if known is not None:
        return _the_same(known, recovery, typed)
    _possible(recovery, typed, now)
    guarantee = _called(session, recovery, typed.guarantee_id, actor, now) if typed.guarantee_id else None
    if actor.person_id is None:
        raise Forbidden
    plan = recovery.plan
    total = recovery.returned_cents + typed.cents
    receipt = RecoveryReceipt(
        authority_id=recovery.authority_id, recovery=recovery, reference=reference, received_on=typed.received_on,
        cents=typed.cents, restored_cents=principal_in(total, plan) - principal_in(recovery.returned_cents, plan),
        payer=Payer.GUARANTOR if guarantee else Payer.RECIPIENT, guarantee=guarantee, recorded_by=actor.person_id,
        recorded_at=now,
    )  # fmt: skip
    session.add(receipt)
    recovery.returned_cents = total
    if total == recovery.asked_cents:
        recovery.make(SETTLE, at=now)
    session.flush()
    book_receipt(books=Books(session, recovery.grant, actor, now), receipt=receipt)
    after = {"cents": receipt.cents, "reference": reference, "status": recovery.status}
    record(session, at=now, actor=actor, event=Action.RECOVERY_RECORD, subject=recovery, after=after)
    money_changed(session, grants=[recovery.grant], actor=actor, now=now)
    return receipt


def reverse_receipt(
    session: Session, *, receipt_id: UUID, reason: str, actor: Actor, now: datetime
) -> RecoveryReceipt:  # fmt: skip
    """Take the latest receipt out again: its entries are reversed. Raises NotTheLatest, NotEnough."""
    receipt = receipt_for(session, receipt_id, actor, Action.RECOVERY_RECORD)
    recovery = receipt.recovery
    stand_apart(actor=actor, organisation_id=recovery.grant.organisation_id)
    if not receipt.counts or recovery.standing_receipts[-1].id != receipt.id:
        raise NotTheLatest
    empty = lazy_("Write why this receipt is wrong.")
    receipt.reversed_reason = written(reason, most=LONGEST_REASON, field="reason", empty=empty)
    receipt.reversed_at, receipt.reversed_by = now, actor.person_id
    recovery.returned_cents -= receipt.cents
    if recovery.status is RecoveryStatus.SETTLED:
        recovery.make(OPEN_AGAIN, at=now)
    session.flush()
    undo(books=Books(session, recovery.grant, actor, now), subject_ids=[receipt.id])
    after = {"cents": -receipt.cents, "reference": receipt.reference, "status": recovery.status}
    record(session, at=now, actor=actor, event="recovery.receipt_reversed", subject=recovery, after=after,
           reason=receipt.reversed_reason)  # fmt: skip
    money_changed(session, grants=[recovery.grant], actor=actor, now=now)
    return receipt


def _known(session: Session, recovery: Recovery, reference: str) -> RecoveryReceipt | None:
    query = select(RecoveryReceipt).where(
        RecoveryReceipt.authority_id == recovery.authority_id, RecoveryReceipt.reference == reference,
        RecoveryReceipt.reversed_at.is_(None),
    )  # fmt: skip
    return session.scalars(query).one_or_none()


def _the_same(known: RecoveryReceipt, recovery: Recovery, typed: ReceiptTyped) -> RecoveryReceipt:
    told = (recovery.id, typed.cents, typed.received_on, typed.guarantee_id)
    if (known.recovery_id, known.cents, known.received_on, known.guarantee_id) != told:
        raise KnownReference
    return known


def _possible(recovery: Recovery, typed: ReceiptTyped, now: datetime) -> None:
    SETTLE.apply(recovery.status)
    if not recovery.decided_on <= typed.received_on <= local_day(now):
        raise Invalid(
            lazy_("Write the day on the bank statement: not before the recovery was decided, not in the future."),
            "received_on",
        )
    if not 0 < typed.cents <= recovery.open_cents:
        raise Invalid(lazy_("Write an amount above zero, and no more than is still to be returned."), "amount")


def _called(session: Session, recovery: Recovery, guarantee_id: UUID, actor: Actor, now: datetime) -> Guarantee:
    """The guarantee that paid; its first payment is its call."""
    query = select(Guarantee).where(Guarantee.id == guarantee_id, Guarantee.grant_id == recovery.grant_id)
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None or found.status not in CALLABLE:
        raise Invalid(lazy_("Choose a guarantee of this grant that is in force or was called."), "guarantee")
    if found.status is not GuaranteeStatus.CALLED:
        before = {"status": found.status}
        found.make(CALL, at=now)
        record(session, at=now, actor=actor, event="guarantee.call", subject=found, before=before,
               after={"status": found.status})  # fmt: skip
    return found
