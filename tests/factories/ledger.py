"""Books with two months of movements, for trial balances and closed months."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Role
from portal.core.actor import SYSTEM, Actor
from portal.core.db import new_id
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.operations import open_account, transfer
from portal.ledger.rules import AccountKind, PostingKind
from tests.factories.base import as_actor, make_authority, make_staff


@dataclass
class BooksMade:
    """A fund, a budget and an award of one authority, and who closes its months."""

    session: Session
    authority: Authority
    closer: Actor
    fund: Account
    budget: Account
    award: Account

    def move(self, debit: Account, credit: Account, cents: int, *, at: datetime, **more: LedgerEntry) -> LedgerEntry:
        """Book one entry."""
        return transfer(
            self.session, debit=debit, credit=credit, amount_cents=cents, posting=PostingKind.AWARDED,
            subject=self.authority, actor=SYSTEM, now=at, **more,
        )  # fmt: skip


def make_books(session: Session, *, now: datetime, code: str = "bari") -> BooksMade:
    """Three accounts, nothing booked yet."""
    authority = make_authority(session, code=code)
    closer = make_staff(session, authority, Role.FINANCE_APPROVER, now=now, name="Ugo Lai")
    accounts = [
        open_an_account(session, authority.id, kind, now)
        for kind in (AccountKind.FUND, AccountKind.BUDGET, AccountKind.AWARD)
    ]
    return BooksMade(session, authority, as_actor(session, closer, now=now), *accounts)


def open_an_account(session: Session, authority_id: UUID, kind: AccountKind, now: datetime) -> Account:
    """An account of something that does not matter here."""
    return open_account(
        session, authority_id=authority_id, kind=kind, owner_id=new_id(), name=f"{kind.value} prova", now=now
    )
