"""Do the bank and the books agree? By batch: what was sent, paid, failed, waits; what the ledger says was paid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from portal.core.actor import Actor
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.rules import PostingKind
from portal.ledger.scope import authorities_of
from portal.payments.bank.models import BankMessage
from portal.payments.bank.queries.files import OPEN
from portal.payments.models import PaymentLine, PaymentOrder
from portal.payments.queries.finance import MOST_ROWS

Line = PaymentLine
PAID = and_(Line.failed_at.is_(None), Line.paid_on.is_not(None))
WAITS = and_(Line.failed_at.is_(None), Line.paid_on.is_(None))


@dataclass(frozen=True, slots=True)
class Batch:
    """One payment file, in cents; `booked` is what the ledger says was paid of it."""

    order_id: UUID | None
    message_id: str
    execution_on: date | None
    payments: int
    sent: int
    paid: int
    failed: int
    waiting: int
    booked: int

    @property
    def difference(self) -> int:
        """What the bank says more than the ledger: 0 where the books agree."""
        return self.paid - self.booked


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A page of batches, newest first; their sum over all; the messages that wait for a person."""

    rows: Sequence[Batch]
    more: bool
    total: Batch
    questions: int


def reconciliation(
    session: Session, actor: Actor, *, before: UUID | None = None, most: int | None = MOST_ROWS
) -> Reconciliation:
    """Sent, paid, failed, waiting and booked of the actor's authorities. Four statements."""
    mine = authorities_of(actor)
    query = _sums(mine, PaymentOrder.id, PaymentOrder.message_id, PaymentOrder.execution_on)
    query = query.group_by(PaymentOrder.id, PaymentOrder.message_id, PaymentOrder.execution_on)
    query = query.order_by(PaymentOrder.id.desc()).limit(most + 1 if most else None)
    rows = [_batch(row) for row in session.execute(query.where(PaymentOrder.id < before) if before else query)]
    whole = session.execute(_sums(mine)).one()
    total = replace(_batch((None, "", None, *whole)), booked=_all_booked(session, mine))
    waiting = session.scalar(select(func.count(BankMessage.id)).where(BankMessage.authority_id.in_(mine), OPEN)) or 0
    return Reconciliation(rows[:most], most is not None and len(rows) > most, total, waiting)


def _sums(mine: frozenset[UUID], *columns: Any) -> Select[Any]:
    booked = _booked().where(LedgerEntry.subject_id == Line.tranche_id).correlate(Line).scalar_subquery()
    sums = (
        func.count(Line.id), func.sum(Line.amount_cents), _when(PAID), _when(Line.failed_at.is_not(None)), _when(WAITS),
        func.sum(case((PAID, func.coalesce(booked, 0)), else_=0)),
    )  # fmt: skip
    query = select(*columns, *sums).select_from(PaymentOrder).join(Line, Line.order_id == PaymentOrder.id)
    return query.where(PaymentOrder.authority_id.in_(mine))


def _when(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, Line.amount_cents), else_=0)), 0)


def _booked() -> Select[Any]:
    """Cents that the ledger says were paid: recorded, less returned, less what was reversed."""
    mirror = aliased(LedgerEntry)
    signed = case(
        (LedgerEntry.posting == PostingKind.PAYMENT_RECORDED, LedgerEntry.amount_cents), else_=-LedgerEntry.amount_cents
    )
    return select(func.sum(signed)).where(
        LedgerEntry.posting.in_([PostingKind.PAYMENT_RECORDED, PostingKind.PAYMENT_RETURNED]),
        ~select(mirror.id).where(mirror.reverses_id == LedgerEntry.id).exists(),
    )


def _all_booked(session: Session, mine: frozenset[UUID]) -> int:
    """The same over every entry of the authorities, whether a payment of ours stands behind it or not."""
    query = _booked().join(Account, Account.id == LedgerEntry.debit_id).where(Account.authority_id.in_(mine))
    return int(session.scalar(query) or 0)


def _batch(row: Any) -> Batch:
    return Batch(row[0], row[1], row[2], *(int(each or 0) for each in row[3:]))
