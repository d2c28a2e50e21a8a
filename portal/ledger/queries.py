"""Reading the ledger: balances and sums over entries."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ledger.models import Account, LedgerEntry
from portal.ledger.rules import AccountKind, PostingKind


def account_of(session: Session, kind: AccountKind, owner_id: UUID) -> Account | None:
    """The account of this kind that belongs to this object."""
    return session.scalars(select(Account).where(Account.kind == kind, Account.owner_id == owner_id)).one_or_none()


def balance_of(session: Session, kind: AccountKind, owner_id: UUID) -> int:
    """Cents on the account; 0 when it was never opened."""
    account = account_of(session, kind, owner_id)
    return account.balance_cents if account else 0


def balances_by_owner(
    session: Session, kinds: AccountKind | frozenset[AccountKind], owners: Sequence[UUID]
) -> dict[UUID, int]:
    """Cents by owner on accounts of these kinds together, for lists."""
    wanted = kinds if isinstance(kinds, frozenset) else {kinds}
    query = select(Account.owner_id, func.sum(Account.balance_cents)).where(Account.kind.in_(wanted))
    rows = session.execute(query.where(Account.owner_id.in_(owners)).group_by(Account.owner_id))
    return {owner: int(cents) for owner, cents in rows}


def moved(session: Session, posting: PostingKind, subject_ids: Sequence[UUID]) -> int:
    """Cents moved for this reason on behalf of these objects."""
    query = select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0)).where(
        LedgerEntry.posting == posting, LedgerEntry.subject_id.in_(subject_ids)
    )
    return int(session.scalar(query) or 0)


def moved_by_subject(session: Session, posting: PostingKind, subject_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Cents moved for this reason, by the object on whose behalf."""
    query = (
        select(LedgerEntry.subject_id, func.sum(LedgerEntry.amount_cents))
        .where(LedgerEntry.posting == posting, LedgerEntry.subject_id.in_(subject_ids))
        .group_by(LedgerEntry.subject_id)
    )
    return {row[0]: int(row[1]) for row in session.execute(query)}
