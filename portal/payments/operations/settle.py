"""What somebody records by hand of a payment: paid on a day, or not, and why."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.grants.rules import local_day
from portal.payments.bank.reasons import code_before
from portal.payments.models import PaymentLine, Tranche
from portal.payments.operations.booking import Failure, book_failed, book_paid
from portal.payments.operations.conditions import stand_apart, written
from portal.payments.queries.tranches import tranche_for_update
from portal.payments.rules import LONGEST_FAILURE, RECORD_PAID


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
    book_paid(session, line=line, tranche=tranche, on=paid_on, actor=actor, now=now)
    return tranche


def record_failed(session: Session, *, line_id: UUID, reason: str, actor: Actor, now: datetime) -> Tranche:
    """The bank refused or returned the payment: the money is payable again, the recipient learns why."""
    line, tranche = _locked(session, line_id, actor)
    told = written(reason=reason, longest=LONGEST_FAILURE)
    if not told:
        raise Invalid(lazy_("Write why the bank did not pay: the recipient reads it."), "reason")
    failure = Failure(told, code_before(told))
    book_failed(session, line=line, tranche=tranche, failure=failure, actor=actor, now=now)
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
