"""Opening accounts and moving money between them; the only writer of entries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.audit.chain import Subject
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.money import format_cents
from portal.core.unit_of_work import violation
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.periods.operations import books_are_open
from portal.ledger.rules import MAY_GO_BELOW_ZERO, AccountKind, PostingKind


class NotEnough(Conflict):
    """The credited account holds less than the amount asked (P6, P7)."""

    default = lazy_("There is not enough money left on this account for that amount. Nothing was changed.")


class AlreadyReversed(Conflict):
    """An entry is reversed once."""

    default = lazy_("This entry was already reversed.")


violation("ck_ledger_account_balance_not_negative", NotEnough)
violation("uq_ledger_entry_reverses_id", AlreadyReversed)


def open_account(
    session: Session, *, authority_id: UUID, kind: AccountKind, owner_id: UUID, name: str, now: datetime
) -> Account:
    """Open the account of this kind and owner, or return the one that stands."""
    query = select(Account).where(Account.kind == kind, Account.owner_id == owner_id)
    account = session.scalars(query).one_or_none()
    if account is None:
        account = opened(authority_id=authority_id, kind=kind, owner_id=owner_id, name=name, now=now)
        session.add(account)
        session.flush()
    return account


def opened(*, authority_id: UUID, kind: AccountKind, owner_id: UUID, name: str, now: datetime) -> Account:
    """A new account, in no session yet."""
    return Account(
        authority_id=authority_id, kind=kind, owner_id=owner_id, name=name[:200], opened_at=now, balance_cents=0
    )


def transfer(
    session: Session,
    *,
    debit: Account,
    credit: Account,
    amount_cents: int,
    posting: PostingKind,
    subject: Subject,
    actor: Actor,
    now: datetime,
    reverses: LedgerEntry | None = None,
) -> LedgerEntry:
    """Move `amount_cents` from `credit` to `debit`.

    Raises NotEnough when the credited account would fall below zero (only a source may), MonthClosed in a closed
    month. Accounts are locked in the order of their keys, so that two transfers never wait for each other.
    """
    books_are_open(session, authority_id=credit.authority_id, at=now)
    lock = select(Account).where(Account.id.in_([debit.id, credit.id])).order_by(Account.id).with_for_update()
    session.scalars(lock.execution_options(populate_existing=True)).all()
    if credit.kind not in MAY_GO_BELOW_ZERO and credit.balance_cents < amount_cents:
        raise NotEnough
    entry = LedgerEntry(
        at=now,
        posting=posting,
        debit_id=debit.id,
        credit_id=credit.id,
        amount_cents=amount_cents,
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        actor_id=actor.person_id,
        reverses_id=reverses.id if reverses else None,
    )
    session.add(entry)
    session.flush()
    session.refresh(debit)
    session.refresh(credit)
    after = {"posting": posting, "cents": amount_cents, "euro": format_cents(amount_cents)}
    record(session, at=now, actor=actor, event="ledger.entry", subject=entry, after=after)
    return entry


def reverse(session: Session, *, entry: LedgerEntry, actor: Actor, now: datetime) -> LedgerEntry:
    """Undo an entry by its mirror, which points to it; raises AlreadyReversed the second time (also a UNIQUE)."""
    if session.scalar(select(LedgerEntry.id).where(LedgerEntry.reverses_id == entry.id)) is not None:
        raise AlreadyReversed
    return transfer(
        session,
        debit=entry.credit,
        credit=entry.debit,
        amount_cents=entry.amount_cents,
        posting=PostingKind.REVERSED,
        subject=entry,
        actor=actor,
        now=now,
        reverses=entry,
    )
