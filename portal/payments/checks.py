"""Invariants of payments (P6, P7, P9, P10), recomputed from the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.access.models import TieRow
from portal.access.queries import MEMBER_TIES
from portal.calls.models import CallBudgetLine
from portal.grants.models import Grant
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.queries import moved_by_subject
from portal.ledger.rules import AccountKind, PostingKind
from portal.payments.models import PaymentLine, PaymentOrder, Tranche
from portal.payments.rules import IN_A_FILE, RELEASED, TrancheStatus

WITHIN_A_GRANT = (
    AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID, AccountKind.WITHHELD, AccountKind.RECOVERABLE,
    AccountKind.RETURNED,
)  # fmt: skip


def broken(session: Session) -> Iterator[str]:
    """One line for each tranche, grant, budget line or order whose money does not agree with the ledger."""
    yield from _tranches(session)
    yield from _lines(session)
    yield from _people(session)
    yield from _grants(session)
    yield from _budgets(session)
    yield from _orders(session)


def _tranches(session: Session) -> Iterator[str]:
    """`approved` ⇔ a payable entry, `paid` ⇔ a bank entry; amounts equal the ledger's (P9)."""
    moved = _standing_entries(session)
    for tranche in session.scalars(select(Tranche).order_by(Tranche.id)):
        name = f"payments: tranche {tranche.id} is {tranche.status.value}"
        released = moved[tranche.id, PostingKind.RELEASE_APPROVED]
        paid = moved[tranche.id, PostingKind.PAYMENT_RECORDED] - moved[tranche.id, PostingKind.PAYMENT_RETURNED]
        if released != (tranche.amount_cents if tranche.status in RELEASED else 0):
            yield f"{name}, worth {tranche.amount_cents}, but {released} cents were released"
        if paid != (tranche.net_cents if tranche.status is TrancheStatus.PAID else 0):
            yield f"{name}, worth {tranche.net_cents} net, but {paid} cents were paid"
        if moved[tranche.id, PostingKind.TAX_WITHHELD] != (
            tranche.withheld_cents if tranche.status is TrancheStatus.PAID else 0
        ):
            yield f"{name}, taxed {tranche.withheld_cents}, which the ledger does not say"


def _standing_entries(session: Session) -> dict[tuple[UUID, PostingKind], int]:
    """Cents by subject and reason, over entries that were not reversed."""
    mirror = aliased(LedgerEntry)
    reversed_ = select(mirror.id).where(mirror.reverses_id == LedgerEntry.id).exists()
    sums = select(LedgerEntry.subject_id, LedgerEntry.posting, func.sum(LedgerEntry.amount_cents))
    moved: dict[tuple[UUID, PostingKind], int] = defaultdict(int)
    for subject, posting, cents in session.execute(
        sums.where(~reversed_).group_by(LedgerEntry.subject_id, LedgerEntry.posting)
    ):
        moved[subject, posting] = int(cents)
    return moved


def _lines(session: Session) -> Iterator[str]:
    """One live line for each tranche that is in a file, of its amount, and none for others (P9)."""
    live: Counter[UUID] = Counter()
    query = select(PaymentLine, Tranche).join(Tranche, Tranche.id == PaymentLine.tranche_id)
    for line, tranche in session.execute(query.order_by(PaymentLine.id)):
        name = f"payments: line {line.end_to_end_id}"
        if line.amount_cents != tranche.net_cents:
            yield f"{name} pays {line.amount_cents}, its tranche is worth {tranche.net_cents} net"
        if line.failed_at is None:
            live[tranche.id] += 1
            if line.paid_on != tranche.paid_on:
                yield f"{name} was paid on {line.paid_on}, its tranche on {tranche.paid_on}"
    for tranche_id, status in session.execute(select(Tranche.id, Tranche.status).order_by(Tranche.id)):
        if live[tranche_id] != (status in IN_A_FILE):
            yield f"payments: tranche {tranche_id} is {status.value} with {live[tranche_id]} live lines"


def _people(session: Session) -> Iterator[str]:
    """Maker and checker are two people, and neither belonged to the recipient (P10)."""
    same = select(Tranche.id).where(Tranche.approved_by == Tranche.proposed_by)
    for tranche_id in session.scalars(same.order_by(Tranche.id)):
        yield f"payments: tranche {tranche_id} was proposed and approved by the same person"
    vouched = func.coalesce(Tranche.failed_by, Tranche.approved_by)
    alone = (
        select(PaymentLine.end_to_end_id)
        .join(PaymentOrder, PaymentOrder.id == PaymentLine.order_id)
        .join(Tranche, Tranche.id == PaymentLine.tranche_id)
        .where(PaymentLine.failed_at.is_(None), PaymentOrder.created_by == vouched)
    )
    for reference in session.scalars(alone.order_by(PaymentLine.id)):
        yield f"payments: line {reference} was sent by who approved it, or said that it had failed"
    for who, when in ((Tranche.proposed_by, Tranche.proposed_at), (Tranche.approved_by, Tranche.approved_at)):
        of_the_recipient = (
            select(Tranche.id)
            .join(Grant, Grant.id == Tranche.grant_id)
            .join(TieRow, (TieRow.person_id == who) & (TieRow.object_id == Grant.organisation_id))
            .where(TieRow.tie.in_(MEMBER_TIES), TieRow.since <= when, or_(TieRow.until.is_(None), TieRow.until > when))
        )
        for tranche_id in session.scalars(of_the_recipient.distinct().order_by(Tranche.id)):
            yield f"payments: tranche {tranche_id} was released by a member of its recipient"


def _grants(session: Session) -> Iterator[str]:
    balances = _balances(session, WITHIN_A_GRANT)
    charged = _standing_by_owner(session, PostingKind.INTEREST_CHARGED, LedgerEntry.debit_id)
    restored = _standing_by_owner(session, PostingKind.BUDGET_RESTORED, LedgerEntry.credit_id)
    unspent = _standing_by_owner(session, PostingKind.BUDGET_RESTORED, LedgerEntry.credit_id, AccountKind.AWARD)
    given = func.sum(Tranche.amount_cents + Tranche.unclaimed_cents)
    planned = select(Tranche.grant_id, given).where(Tranche.status != TrancheStatus.CANCELLED)
    tranches = {grant: int(cents) for grant, cents in session.execute(planned.group_by(Tranche.grant_id))}
    query = select(Grant.id, Grant.reference, Grant.granted_cents).order_by(Grant.id)
    for grant_id, reference, awarded in session.execute(query):
        held = balances.get(grant_id, 0) - charged.get(grant_id, 0) + restored.get(grant_id, 0)
        if held != awarded:
            yield f"payments: grant {reference} was awarded {awarded} but its accounts hold {held}"
        due = awarded - unspent.get(grant_id, 0)
        if tranches.get(grant_id, due) != due:
            yield f"payments: the tranches of grant {reference} sum to {tranches[grant_id]}, not to {due}"


def _budgets(session: Session) -> Iterator[str]:
    """Σ awards ≤ the budget line, and the ledger opened exactly that line (P7)."""
    available = _balances(session, (AccountKind.BUDGET,))
    opened = _opened(session)
    awards = select(Grant.budget_line_id, func.sum(Grant.granted_cents))
    awarded = {line: int(cents) for line, cents in session.execute(awards.group_by(Grant.budget_line_id))}
    restored = _standing_by_owner(session, PostingKind.BUDGET_RESTORED, LedgerEntry.debit_id)
    released = moved_by_subject(session, PostingKind.BUDGET_RELEASED, list(available))
    for line in session.scalars(select(CallBudgetLine).order_by(CallBudgetLine.id)):
        if line.id not in available:
            continue
        if opened.get(line.id, 0) != line.amount_cents:
            yield f"payments: budget line {line.key} is {line.amount_cents} but {opened.get(line.id, 0)} were opened"
        held = line.amount_cents + restored.get(line.id, 0)
        if awarded.get(line.id, 0) > held:
            yield f"payments: more was awarded from budget line {line.key} than it holds"
        if available[line.id] + awarded.get(line.id, 0) + released.get(line.id, 0) != held:
            yield f"payments: budget line {line.key} and its awards do not add up to {held}"


def _standing_by_owner(
    session: Session, posting: PostingKind, account: Any, kind: AccountKind | None = None
) -> dict[UUID, int]:
    """Cents moved for this reason and not taken back, by the owner of one of the two accounts, of a kind if told."""
    mirror = aliased(LedgerEntry)
    query = (
        select(Account.owner_id, func.sum(LedgerEntry.amount_cents))
        .join(LedgerEntry, account == Account.id)
        .where(LedgerEntry.posting == posting)
        .where(~select(mirror.id).where(mirror.reverses_id == LedgerEntry.id).exists())
        .where(*([Account.kind == kind] if kind else []))
        .group_by(Account.owner_id)
    )
    return {owner: int(cents) for owner, cents in session.execute(query)}


def _opened(session: Session) -> dict[UUID, int]:
    query = (
        select(Account.owner_id, func.sum(LedgerEntry.amount_cents))
        .join(LedgerEntry, LedgerEntry.debit_id == Account.id)
        .where(LedgerEntry.posting == PostingKind.BUDGET_OPENED)
        .group_by(Account.owner_id)
    )
    return {owner: int(cents) for owner, cents in session.execute(query)}


def _orders(session: Session) -> Iterator[str]:
    sums = select(PaymentLine.order_id, func.sum(PaymentLine.amount_cents)).group_by(PaymentLine.order_id)
    totals = {order: int(cents) for order, cents in session.execute(sums)}
    for order in session.scalars(select(PaymentOrder).order_by(PaymentOrder.id)):
        if totals.get(order.id, 0) != order.total_cents:
            yield f"payments: file {order.message_id} says {order.total_cents}, its lines {totals.get(order.id, 0)}"


def _balances(session: Session, kinds: tuple[AccountKind, ...]) -> dict[UUID, int]:
    query = select(Account.owner_id, func.sum(Account.balance_cents)).where(Account.kind.in_(kinds))
    return {owner: int(cents) for owner, cents in session.execute(query.group_by(Account.owner_id))}
