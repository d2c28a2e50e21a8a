"""What the books say of a recovery: asked back, charged, returned, given back to the budget line."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.core.actor import Actor
from portal.core.audit.chain import Subject
from portal.grants.models import Grant
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.operations import open_account, reverse, transfer
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind, PostingKind
from portal.payments.recoveries.models import Recovery, RecoveryReceipt
from portal.payments.recoveries.rules import Payer


@dataclass(frozen=True, slots=True)
class Books:
    """Who writes the entries, of which grant, when."""

    session: Session
    grant: Grant
    actor: Actor
    now: datetime

    def account(self, kind: AccountKind) -> Account:
        """The account of this kind of the grant; that of interest is one for the authority."""
        grant = self.grant
        of_all = kind is AccountKind.INTEREST
        owner, name = (grant.authority_id, kind.value) if of_all else (grant.id, f"{kind.value} {grant.reference}")
        return open_account(
            self.session, authority_id=grant.authority_id, kind=kind, owner_id=owner, name=name, now=self.now
        )

    def move(self, cents: int, posting: PostingKind, subject: Subject, *, credit: Account, debit: Account) -> None:
        """One entry, unless there is nothing to move."""
        if cents:
            transfer(
                self.session, debit=debit, credit=credit, amount_cents=cents, posting=posting, subject=subject,
                actor=self.actor, now=self.now,
            )  # fmt: skip


def book_decided(*, books: Books, recovery: Recovery) -> None:
    """Paid money becomes recoverable; interest is charged on top.

    The entry of an act's money names the act: whoever ends grants knows from it what of the act is already asked back.
    """
    owed, paid = books.account(AccountKind.RECOVERABLE), books.account(AccountKind.PAID)
    about = recovery.end_act or recovery
    books.move(recovery.principal_cents, PostingKind.RECOVERY_DECIDED, about, credit=paid, debit=owed)
    source = books.account(AccountKind.INTEREST)
    books.move(recovery.interest_cents, PostingKind.INTEREST_CHARGED, recovery, credit=source, debit=owed)


def book_receipt(*, books: Books, receipt: RecoveryReceipt) -> None:
    """Recoverable money is there; the principal in it goes back to the budget line."""
    returned, owed = books.account(AccountKind.RETURNED), books.account(AccountKind.RECOVERABLE)
    posting = PostingKind.GUARANTEE_PAID if receipt.payer is Payer.GUARANTOR else PostingKind.MONEY_RETURNED
    books.move(receipt.cents, posting, receipt, credit=owed, debit=returned)
    budget = account_of(books.session, AccountKind.BUDGET, books.grant.budget_line_id)
    if budget is not None:
        restored = PostingKind.BUDGET_RESTORED
        books.move(receipt.restored_cents, restored, receipt, credit=returned, debit=budget)


def undo(*, books: Books, subject_ids: list[UUID]) -> None:
    """Reverse every entry of these that stands, the latest first."""
    mirror = aliased(LedgerEntry)
    standing = select(LedgerEntry).where(
        LedgerEntry.subject_id.in_(subject_ids), LedgerEntry.posting != PostingKind.REVERSED,
        ~select(mirror.id).where(mirror.reverses_id == LedgerEntry.id).exists(),
    )  # fmt: skip
    for entry in books.session.scalars(standing.order_by(LedgerEntry.id.desc())).all():
        reverse(books.session, entry=entry, actor=books.actor, now=books.now)
