"""Invariants of closing: each approved account follows from costs and ledger, and a closed grant holds nothing open."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.grants.models import EndAct, Grant
from portal.grants.rules import GrantStatus
from portal.ledger.queries import moved
from portal.ledger.rules import AccountKind, PostingKind
from portal.milestones.costs.queries.spent import approved_spending
from portal.payments.closing.figures import balances_of
from portal.payments.closing.models import FinalAccount
from portal.payments.closing.rules import SETTLING, AccountStatus, Basis
from portal.payments.recoveries.models import Recovery
from portal.payments.recoveries.rules import STANDING

K = AccountKind
OF_THE_GRANT = (K.AWARD, K.PAYABLE, K.PAID, K.WITHHELD)
EMPTY = (K.AWARD, K.PAYABLE, K.RECOVERABLE)
"""Accounts on which nothing stands once a grant is closed."""


def broken(session: Session) -> Iterator[str]:
    """One line for each final account that says what the books do not."""
    query = select(FinalAccount).where(FinalAccount.status == AccountStatus.APPROVED)
    for account in session.scalars(query.options(joinedload(FinalAccount.grant)).order_by(FinalAccount.id)):
        yield from _of_one(session, account)
    approved = select(FinalAccount.grant_id).where(FinalAccount.status == AccountStatus.APPROVED)
    settling = select(Grant.reference).where(Grant.status.in_(SETTLING), Grant.id.not_in(approved))
    for reference in session.scalars(settling.order_by(Grant.reference)):
        yield f"closing: grant {reference} is being closed without a final account"


def _of_one(session: Session, account: FinalAccount) -> Iterator[str]:
    name, found = f"closing: final account of {account.grant.reference}", account.balance
    told = (account.entitled_cents, account.to_pay_cents, account.to_return_cents, account.freed_cents)
    if told != (found.entitled, found.to_pay, found.to_return, found.freed):
        yield f"{name} does not follow from its own figures"
    freed = moved(session, PostingKind.BUDGET_RESTORED, [account.id])
    if freed != account.freed_cents:
        yield f"{name} frees {account.freed_cents}, the ledger {freed}"
    spent = approved_spending(session, [account.grant_id]).get(account.grant_id, 0)
    if account.basis is Basis.COSTS and spent != account.eligible_cents:
        yield f"{name} counts {account.eligible_cents} of costs, approved are {spent}"
    yield from _books(session, account, name)


def _books(session: Session, account: FinalAccount, name: str) -> Iterator[str]:
    """What stands with the grant is what it is entitled to, and what was not asked back yet or taken since."""
    held = balances_of(session, account.grant_id)
    expected = account.entitled_cents + account.to_return_cents - _taken_since(session, account)
    stands = sum(held.get(kind, 0) for kind in OF_THE_GRANT)
    if stands != expected:
        yield f"{name} leaves {expected} with the grant, its accounts hold {stands}"
    left = {kind.value: held.get(kind, 0) for kind in EMPTY if held.get(kind, 0)}
    if account.grant.status is GrantStatus.CLOSED and left:
        yield f"closing: grant {account.grant.reference} is closed, but its accounts hold {left}"


def _taken_since(session: Session, account: FinalAccount) -> int:
    """By recoveries, and by acts that ended or lowered the grant, after the account was approved."""
    asked = select(func.coalesce(func.sum(Recovery.principal_cents), 0)).where(
        Recovery.grant_id == account.grant_id, Recovery.status.in_(STANDING),
        Recovery.decided_at >= account.approved_at,
    )  # fmt: skip
    ended = select(func.coalesce(func.sum(EndAct.freed_cents), 0)).where(
        EndAct.grant_id == account.grant_id, EndAct.acted_at >= account.approved_at
    )
    return int(session.scalar(select(asked.scalar_subquery() + ended.scalar_subquery())) or 0)
