"""Many transfers at once within the books of one authority: what `transfer` does, in a handful of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit.together import Change, record_together
from portal.core.db import new_id
from portal.core.db.bulk import insert_rows
from portal.core.money import format_cents
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.operations import NotEnough, opened
from portal.ledger.periods.operations import books_are_open
from portal.ledger.rules import MAY_GO_BELOW_ZERO, AccountKind, PostingKind


@dataclass(frozen=True, slots=True)
class Transfer:
    """So many cents from `credit` to `debit`, on behalf of an object of this table."""

    debit: Account
    credit: Account
    amount_cents: int
    posting: PostingKind
    subject_type: str
    subject_id: UUID


def accounts_of_owners(
    session: Session, *, authority_id: UUID, names: Sequence[tuple[AccountKind, UUID, str]], now: datetime
) -> dict[tuple[AccountKind, UUID], Account]:
    """The accounts of these kinds, owners and names, opened where they are missing."""
    wanted = {(kind, owner): name for kind, owner, name in names}
    query = select(Account).where(Account.owner_id.in_({owner for _kind, owner in wanted}))
    query = query.where(Account.kind.in_({kind for kind, _owner in wanted}))
    found = {(each.kind, each.owner_id): each for each in session.scalars(query)}
    for (kind, owner), name in wanted.items():
        if (kind, owner) not in found:
            found[kind, owner] = opened(authority_id=authority_id, kind=kind, owner_id=owner, name=name, now=now)
            session.add(found[kind, owner])
    session.flush()
    return found


def transfer_together(
    session: Session, *, authority_id: UUID, transfers: Sequence[Transfer], actor: Actor, now: datetime
) -> None:
    """Move all of it, in this order, or raise NotEnough or MonthClosed; all accounts are of this authority."""
    if not transfers:
        return
    books_are_open(session, authority_id=authority_id, at=now)
    accounts = _locked(session, [account for each in transfers for account in (each.debit, each.credit)])
    _there_is_enough(transfers, {each.id: each.balance_cents for each in accounts})
    ids = [new_id() for _each in transfers]
    entries = [
        {
            "id": key, "at": now, "posting": each.posting, "debit_id": each.debit.id,
            "credit_id": each.credit.id, "amount_cents": each.amount_cents, "subject_type": each.subject_type,
            "subject_id": each.subject_id, "actor_id": actor.person_id, "reverses_id": None,
        }
        for key, each in zip(ids, transfers, strict=True)
    ]  # fmt: skip
    insert_rows(session, cast("Table", LedgerEntry.__table__), entries)
    _locked(session, accounts)
    changes = [
        Change(
            key,
            after={"posting": each.posting, "cents": each.amount_cents, "euro": format_cents(each.amount_cents)},
        )
        for key, each in zip(ids, transfers, strict=True)
    ]
    record_together(
        session, at=now, actor=actor, event="ledger.entry", subject_type=LedgerEntry.__tablename__,
        authority_id=authority_id, changes=changes,
    )  # fmt: skip


def _locked(session: Session, accounts: Iterable[Account]) -> list[Account]:
    """These accounts with their balances of now, locked in the order in which everybody locks them."""
    query = select(Account).where(Account.id.in_({each.id for each in accounts})).order_by(Account.id)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _there_is_enough(transfers: Iterable[Transfer], balances: dict[UUID, int]) -> None:
    for each in transfers:
        if each.credit.kind not in MAY_GO_BELOW_ZERO and balances[each.credit.id] < each.amount_cents:
            raise NotEnough
        balances[each.credit.id] -= each.amount_cents
        balances[each.debit.id] += each.amount_cents
