"""Invariants of what came from the bank: files are as they came, and payments stand where its messages led them."""

from collections.abc import Iterator

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from portal.documents.models import StoredFile
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.rules import PostingKind
from portal.payments.bank.models import BankFile, BankMessage
from portal.payments.bank.rules import Outcome, Said, Trouble
from portal.payments.models import PaymentLine, PaymentOrder


def broken(session: Session) -> Iterator[str]:
    """One line for each file, message or authority that does not agree with payments and ledger."""
    yield from _files(session)
    yield from _messages(session)
    yield from _books(session)


def _files(session: Session) -> Iterator[str]:
    arrived = func.coalesce(StoredFile.received_sha256, StoredFile.sha256)
    other = select(BankFile.id).join(StoredFile, StoredFile.id == BankFile.file_id).where(arrived != BankFile.sha256)
    for file_id in session.scalars(other.order_by(BankFile.id)):
        yield f"bank: file {file_id} is not the one that was taken in"


def _messages(session: Session) -> Iterator[str]:
    """What was done stands; a payment that the bank says was paid twice over is asked about or explained."""
    failed = BankMessage.said.in_([Said.REFUSED, Said.RETURNED])
    undone = or_(
        and_(BankMessage.said == Said.PAID, PaymentLine.paid_on.is_(None)),
        and_(failed, PaymentLine.failed_at.is_(None)),
        PaymentLine.id.is_(None),
    )
    query = select(BankMessage.id, BankMessage.reference).outerjoin(PaymentLine, PaymentLine.id == BankMessage.line_id)
    for message_id, reference in session.execute(query.where(BankMessage.outcome == Outcome.APPLIED, undone)):
        yield f"bank: message {message_id} about {reference} was done, but its payment does not say so"
    lost = query.where(BankMessage.trouble == Trouble.CONTRADICTS, PaymentLine.failed_at.is_(None))
    for message_id, reference in session.execute(lost):
        yield f"bank: message {message_id} contradicts another about {reference}, but the payment stands"


def _books(session: Session) -> Iterator[str]:
    """What the files say was paid is what the ledger says was paid, authority by authority."""
    paid = select(PaymentOrder.authority_id, func.sum(PaymentLine.amount_cents)).join(
        PaymentLine, PaymentLine.order_id == PaymentOrder.id
    )
    paid = paid.where(PaymentLine.failed_at.is_(None), PaymentLine.paid_on.is_not(None))
    said = {key: int(cents) for key, cents in session.execute(paid.group_by(PaymentOrder.authority_id))}
    signed = case(
        (LedgerEntry.posting == PostingKind.PAYMENT_RECORDED, LedgerEntry.amount_cents), else_=-LedgerEntry.amount_cents
    )
    booked = select(Account.authority_id, func.sum(signed)).join(LedgerEntry, LedgerEntry.debit_id == Account.id)
    booked = booked.where(LedgerEntry.posting.in_([PostingKind.PAYMENT_RECORDED, PostingKind.PAYMENT_RETURNED]))
    held = {key: int(cents) for key, cents in session.execute(booked.group_by(Account.authority_id))}
    for authority_id in sorted(said.keys() | held.keys(), key=str):
        if said.get(authority_id, 0) != held.get(authority_id, 0):
            yield (
                f"bank: the files of authority {authority_id} say {said.get(authority_id, 0)} cents were paid,"
                f" its ledger {held.get(authority_id, 0)}"
            )
