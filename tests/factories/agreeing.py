"""What must agree after every act on the money of a grant: what `portal check` asks, and what each row has booked."""

from collections import Counter
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.grants.changes import checks as change_checks
from portal.grants.models import EndAct, Grant
from portal.grants.rules import GrantStatus
from portal.ledger import checks as ledger_checks
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.rules import AccountKind, PostingKind
from portal.payments import checks as payment_checks
from portal.payments.bank import checks as bank_checks
from portal.payments.models import PaymentLine, Tranche
from portal.payments.recoveries import checks as recovery_checks
from portal.payments.recoveries.models import Recovery, RecoveryReceipt
from portal.payments.recoveries.rules import Payer, RecoveryStatus
from portal.payments.rules import RELEASED, TrancheStatus

OVER = (GrantStatus.REVOKED, GrantStatus.RECOVERING)
ROOMS = (ledger_checks, payment_checks, bank_checks, recovery_checks, change_checks)
P, K = PostingKind, AccountKind


def disagreements(session: Session, grant: Grant) -> list[str]:
    """One line for each figure that is not what it must be."""
    told = [line for room in ROOMS for line in room.broken(session)]
    return [*told, *_once_each(session, grant), *_balances(session, grant), *_order(session, grant)]


def _once_each(session: Session, grant: Grant) -> list[str]:
    """Every act has booked its entries, and booked them once."""
    booked, due = _booked(session, grant), _due(session, grant)
    return [
        f"{posting.value} was booked {booked[posting]} times, not {due[posting]}"
        for posting in sorted(booked.keys() | due.keys())
        if booked[posting] != due[posting]
    ]


def _booked(session: Session, grant: Grant) -> Counter[PostingKind]:
    """Entries of the accounts of the grant, by reason; one that was reversed counts, and its reversal counts apart."""
    debit, credit = aliased(Account), aliased(Account)
    query = (
        select(LedgerEntry.posting, func.count(LedgerEntry.id))
        .join(debit, debit.id == LedgerEntry.debit_id)
        .join(credit, credit.id == LedgerEntry.credit_id)
        .where((debit.owner_id == grant.id) | (credit.owner_id == grant.id))
        .group_by(LedgerEntry.posting)
    )
    return Counter(dict(session.execute(query).all()))


def _due(session: Session, grant: Grant) -> Counter[PostingKind]:
    """Entries that the rows of the grant must have booked."""
    due = Counter({P.AWARDED: 1})
    for tranche in session.scalars(select(Tranche).where(Tranche.grant_id == grant.id)):
        due[P.RELEASE_APPROVED] += tranche.is_released
    cancelled = _cancelled_releases(session, grant)
    due[P.RELEASE_APPROVED] += cancelled
    due[P.REVERSED] += cancelled
    _of_payments(session, grant, due)
    _of_recoveries(session, grant, due)
    due[P.BUDGET_RESTORED] += len(_came_back_late(session, grant))
    freed = select(func.count(EndAct.id)).where(EndAct.grant_id == grant.id, EndAct.freed_cents > 0)
    due[P.AWARD_REDUCED] += session.scalar(freed) or 0
    return due


def _cancelled_releases(session: Session, grant: Grant) -> int:
    """Tranches that were released and then went with the grant."""
    query = (
        select(func.count(func.distinct(Tranche.id)))
        .join(LedgerEntry, LedgerEntry.subject_id == Tranche.id)
        .where(Tranche.grant_id == grant.id, Tranche.status == TrancheStatus.CANCELLED)
        .where(LedgerEntry.posting == P.RELEASE_APPROVED)
    )
    return session.scalar(query) or 0


def _came_back_late(session: Session, grant: Grant) -> dict[UUID, int]:
    """Payments that the bank gave back once the grant was over, and what of the plan went to the budget for each."""
    query = (
        select(Tranche.id, Tranche.amount_cents + Tranche.unclaimed_cents)
        .join(LedgerEntry, LedgerEntry.subject_id == Tranche.id)
        .join(PaymentLine, PaymentLine.tranche_id == Tranche.id)
        .where(Tranche.grant_id == grant.id, Tranche.status == TrancheStatus.CANCELLED)
        .where(LedgerEntry.posting == P.BUDGET_RESTORED, PaymentLine.failed_at.is_not(None))
    )
    return dict(session.execute(query).all())


def _of_payments(session: Session, grant: Grant, due: Counter[PostingKind]) -> None:
    query = select(PaymentLine, Tranche).join(Tranche, Tranche.id == PaymentLine.tranche_id)
    for line, tranche in session.execute(query.where(Tranche.grant_id == grant.id)):
        was_paid, is_taxed = line.paid_on is not None, tranche.withheld_cents > 0
        came_back = was_paid and line.failed_at is not None
        due[P.PAYMENT_RECORDED] += was_paid
        due[P.TAX_WITHHELD] += was_paid and is_taxed
        due[P.PAYMENT_RETURNED] += came_back
        due[P.REVERSED] += came_back and is_taxed


def _of_recoveries(session: Session, grant: Grant, due: Counter[PostingKind]) -> None:
    for recovery in session.scalars(select(Recovery).where(Recovery.grant_id == grant.id)):
        has_interest = recovery.interest_cents > 0
        due[P.RECOVERY_DECIDED] += 1
        due[P.INTEREST_CHARGED] += has_interest
        due[P.REVERSED] += (1 + has_interest) if recovery.status is RecoveryStatus.REVERSED else 0
    receipts = select(RecoveryReceipt).join(Recovery, Recovery.id == RecoveryReceipt.recovery_id)
    for receipt in session.scalars(receipts.where(Recovery.grant_id == grant.id)):
        has_principal = receipt.restored_cents > 0
        due[P.GUARANTEE_PAID if receipt.payer is Payer.GUARANTOR else P.MONEY_RETURNED] += 1
        due[P.BUDGET_RESTORED] += has_principal
        due[P.REVERSED] += 0 if receipt.counts else 1 + has_principal


def _balances(session: Session, grant: Grant) -> list[str]:
    """Where the money of the grant stands, told from its tranches and recoveries alone."""
    rows = session.execute(select(Account.kind, Account.balance_cents).where(Account.owner_id == grant.id)).all()
    held: dict[AccountKind, int] = dict(rows)
    tranches = session.scalars(select(Tranche).where(Tranche.grant_id == grant.id)).all()
    asked = select(func.coalesce(func.sum(Recovery.principal_cents), 0))
    asked = asked.where(Recovery.grant_id == grant.id, Recovery.status != RecoveryStatus.REVERSED)
    paid = [each for each in tranches if each.status is TrancheStatus.PAID]
    released = sum(each.amount_cents for each in tranches if each.status in RELEASED)
    told = {
        K.AWARD: 0 if grant.status in OVER else grant.granted_cents - released,
        K.PAYABLE: released - sum(each.amount_cents for each in paid),
        K.PAID: sum(each.net_cents for each in paid) - int(session.scalar(asked) or 0),
        K.WITHHELD: sum(each.withheld_cents for each in paid),
    }
    return [
        f"{kind.value} holds {held.get(kind, 0)}, not {cents}"
        for kind, cents in told.items()
        if held.get(kind, 0) != cents or cents < 0
    ]


def _order(session: Session, grant: Grant) -> list[str]:
    """Tranches are released in their order, each by two people, and nothing was released without them."""
    query = select(Tranche).where(Tranche.grant_id == grant.id, Tranche.status != TrancheStatus.CANCELLED)
    tranches = session.scalars(query.order_by(Tranche.number)).all()
    released = [each.is_released for each in tranches]
    told = [] if released == sorted(released, reverse=True) else ["a tranche was released before an earlier one"]
    return told + [
        f"tranche {each.number} is {each.status.value}, proposed and approved by the same person or by nobody"
        for each in tranches
        if each.is_released and (each.approved_by is None or each.approved_by == each.proposed_by)
    ]
