"""Finance's day: what waits for whom, where the money of each call stands, orders and entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from portal.access.policy import Action, Tie, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.grants.models import Grant
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.scope import authorities_of
from portal.payments.models import PaymentLine, PaymentOrder, Tranche
from portal.payments.queries.facts import account_standings
from portal.payments.rules import TrancheStatus

MOST_ROWS = 60
LOADED = (LedgerEntry.debit, LedgerEntry.credit, LedgerEntry.reverses, LedgerEntry.reversed_by)


def visible(actor: Actor) -> list[ColumnElement[bool]]:
    """Tranches (joined with their grant) of the actor's authorities, never of a grant in conflict with the actor."""
    found: list[ColumnElement[bool]] = [Tranche.authority_id.in_(authorities_of(actor))]
    if conflicts := actor.objects_tied_as(Tie.CONFLICTED):
        columns = (Grant.id, Grant.organisation_id, Grant.application_id, Grant.call_id)
        found += [column.not_in(conflicts) for column in columns]
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of tranches goes on: the term and key of the last row shown."""

    due_on: date
    tranche_id: UUID


def tranches_by_term(
    session: Session,
    actor: Actor,
    statuses: Sequence[TrancheStatus],
    *,
    after: Place | None = None,
    most: int | None = MOST_ROWS + 1,
) -> Sequence[Tranche]:
    """Tranches in these states that the actor may see, the nearest term first, one page from `after` on."""
    query = (
        select(Tranche)
        .join(Grant, Grant.id == Tranche.grant_id)
        .where(*visible(actor), Tranche.status.in_(statuses))
        .options(
            joinedload(Tranche.grant).joinedload(Grant.organisation),
            joinedload(Tranche.grant).joinedload(Grant.application),
        )
        .order_by(Tranche.due_on, Tranche.id)
        .limit(most)
    )
    if after is not None:
        query = query.where(tuple_(Tranche.due_on, Tranche.id) > tuple_(after.due_on, after.tranche_id))
    return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stands in one state: how many, how much, and how many past their term."""

    count: int = 0
    cents: int = 0
    late: int = 0


def waiting_by_status(session: Session, actor: Actor, today: date) -> dict[TrancheStatus, Waiting]:
    """How many tranches stand in each state, how much they are worth, how many are late. One statement."""
    late = func.sum(case((Tranche.due_on < today, 1), else_=0))
    query = (
        select(Tranche.status, func.count(Tranche.id), func.sum(Tranche.amount_cents), late)
        .join(Grant, Grant.id == Tranche.grant_id)
        .where(*visible(actor))
        .group_by(Tranche.status)
    )
    return {status: Waiting(int(count), int(cents), int(past)) for status, count, cents, past in session.execute(query)}


def latest_orders(session: Session, actor: Actor, *, before: UUID | None = None) -> Sequence[PaymentOrder]:
    """Payment files of the actor's authorities, newest first, one page before a key."""
    query = select(PaymentOrder).where(PaymentOrder.authority_id.in_(authorities_of(actor)))
    query = query.options(selectinload(PaymentOrder.lines)).order_by(PaymentOrder.id.desc()).limit(MOST_ROWS + 1)
    return session.scalars(query.where(PaymentOrder.id < before) if before else query).all()


def order_for(session: Session, order_id: UUID, actor: Actor) -> PaymentOrder:
    """One payment file the actor may see, with its lines, or NotFound."""
    lines = selectinload(PaymentOrder.lines).joinedload(PaymentLine.tranche).joinedload(Tranche.grant)
    lines = lines.joinedload(Grant.organisation)
    options = (lines, *(joinedload(file) for file in (PaymentOrder.xml_file, PaymentOrder.xlsx_file,
                                                      PaymentOrder.csv_file)))  # fmt: skip
    order = session.get(PaymentOrder, order_id, options=options)
    if order is None:
        raise NotFound
    authorise(actor, Action.LEDGER_READ, order)
    return order


def changed_accounts(session: Session, order: PaymentOrder, now: datetime) -> frozenset[UUID]:
    """The lines that still wait for the bank and whose account is not, or not surely, the recipient's any more.

    The file is frozen: whoever sends it reads which payment to look at first (P10). Two statements at most.
    """
    waiting = {line.id: line for line in order.lines if line.awaits_the_bank}
    found = account_standings(session, [line.tranche for line in waiting.values()], now) if waiting else {}
    payable = {tranche_id: standing.payable for tranche_id, standing in found.items()}
    return frozenset(
        key
        for key, line in waiting.items()
        if (now_paid := payable[line.tranche_id]) is None or now_paid.iban != line.iban
    )


def order_of_line(session: Session, line_id: UUID) -> UUID:
    """The payment file of a line, or NotFound."""
    found = session.scalar(select(PaymentLine.order_id).where(PaymentLine.id == line_id))
    if found is None:
        raise NotFound
    return found


def entries_of(
    session: Session, actor: Actor, *, before: UUID | None = None, most: int | None = MOST_ROWS + 1
) -> Sequence[LedgerEntry]:
    """Ledger entries of the actor's authorities, newest first, one page before a key."""
    debit, credit = aliased(Account), aliased(Account)
    mine = authorities_of(actor)
    query = (
        select(LedgerEntry)
        .join(debit, debit.id == LedgerEntry.debit_id)
        .join(credit, credit.id == LedgerEntry.credit_id)
        .where(or_(debit.authority_id.in_(mine), credit.authority_id.in_(mine)))
        .options(*(joinedload(each) for each in LOADED))
        .order_by(LedgerEntry.id.desc())
        .limit(most)
    )
    return session.scalars(query.where(LedgerEntry.id < before) if before else query).all()
