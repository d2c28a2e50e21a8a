"""What the bank said of a payment: paid on a day, or not, and why."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import in_both, lazy_
from portal.grants.rules import local_day
from portal.ledger.operations import transfer
from portal.ledger.rules import PostingKind
from portal.payments.models import PaymentLine, Tranche
from portal.payments.operations.accounts import grant_accounts
from portal.payments.operations.conditions import stand_apart, tell_the_owners, written
from portal.payments.queries.tranches import tranche_for_update
from portal.payments.rules import LONGEST_FAILURE, RECORD_FAILED, RECORD_PAID, TrancheStatus


class FailedAlready(Conflict):
    """A failed payment is closed: a newer one takes its place."""

    default = lazy_("This payment failed already; look at the newer payment of the tranche.")


def record_paid(session: Session, *, line_id: UUID, paid_on: date, actor: Actor, now: datetime) -> Tranche:
    """The bank paid: payable money becomes paid.

    Raises Invalid for a day in the future or before the file was made, IllegalMove on a second time.
    """
    line, tranche = _locked(session, line_id, actor)
    RECORD_PAID.apply(tranche.status)
    if paid_on > local_day(now):
        raise Invalid(lazy_("The day of payment is in the future: write the day on the bank statement."), "paid_on")
    if paid_on < local_day(line.order.created_at):
        raise Invalid(
            lazy_("The payment file was made after this day: write the day on the bank statement."), "paid_on"
        )
    before = {"status": tranche.status}
    accounts = grant_accounts(session, grant=tranche.grant, now=now)
    transfer(
        session, debit=accounts.paid, credit=accounts.payable, amount_cents=line.amount_cents,
        posting=PostingKind.PAYMENT_RECORDED, subject=tranche, actor=actor, now=now,
    )  # fmt: skip
    line.paid_on = tranche.paid_on = paid_on
    tranche.make(RECORD_PAID, at=now)
    after = {"status": tranche.status, "paid_on": paid_on, "cents": line.amount_cents, "payment": line.end_to_end_id}
    record(session, at=now, actor=actor, event=Action.PAYMENT_RECORD, subject=tranche, before=before, after=after)
    text = lazy_("Tranche %(number)s was paid.", number=tranche.number)
    tell_the_owners(session, tranche=tranche, text=in_both(text), now=now)
    return tranche


def record_failed(session: Session, *, line_id: UUID, reason: str, actor: Actor, now: datetime) -> Tranche:
    """The bank refused or returned the payment: the money is payable again, the recipient learns why."""
    line, tranche = _locked(session, line_id, actor)
    RECORD_FAILED.apply(tranche.status)
    told = written(reason=reason, longest=LONGEST_FAILURE)
    if not told:
        raise Invalid(lazy_("Write why the bank did not pay: the recipient reads it."), "reason")
    before = {"status": tranche.status}
    if tranche.status is TrancheStatus.PAID:
        accounts = grant_accounts(session, grant=tranche.grant, now=now)
        transfer(
            session, debit=accounts.payable, credit=accounts.paid, amount_cents=line.amount_cents,
            posting=PostingKind.PAYMENT_RETURNED, subject=tranche, actor=actor, now=now,
        )  # fmt: skip
    line.failed_at, line.failure, tranche.paid_on = now, told, None
    tranche.make(RECORD_FAILED, at=now)
    after = {"status": tranche.status, "cents": line.amount_cents, "payment": line.end_to_end_id}
    record(
        session, at=now, actor=actor, event=Action.PAYMENT_RECORD, subject=tranche, before=before, after=after,
        reason=told,
    )  # fmt: skip
    text = lazy_("The bank did not pay tranche %(number)s: read why.", number=tranche.number)
    tell_the_owners(session, tranche=tranche, text=in_both(text), now=now)
    return tranche


def _locked(session: Session, line_id: UUID, actor: Actor) -> tuple[PaymentLine, Tranche]:
    """A live line and its tranche, read again once the tranche is locked."""
    tranche_id = session.scalar(select(PaymentLine.tranche_id).where(PaymentLine.id == line_id))
    if tranche_id is None:
        raise NotFound
    tranche = tranche_for_update(session, tranche_id)
    authorise(actor, Action.PAYMENT_RECORD, tranche)
    stand_apart(session, tranche=tranche, actor=actor)
    query = select(PaymentLine).where(PaymentLine.id == line_id).options(joinedload(PaymentLine.order))
    line = session.scalars(query.execution_options(populate_existing=True)).one()
    if line.failed_at is not None:
        raise FailedAlready
    return line, tranche
