"""What a final account counts, read from the ledger, approved costs and the plan: one way for page, act and check."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.calls.rules import GateName, TrancheBasis
from portal.grants.models import Grant
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.rules import AccountKind, PostingKind
from portal.milestones.costs.queries.spent import approved_spending
from portal.milestones.models import Milestone
from portal.milestones.rules import DONE
from portal.payments.closing.account import FinalBalance, public_share
from portal.payments.closing.earning import OpenTranche, earned_by_results
from portal.payments.closing.rules import Basis
from portal.payments.models import Tranche
from portal.payments.queries.budgets import budgets_of
from portal.payments.rules import SEND_BACK, TrancheStatus
from portal.payments.templates import EARNED

OPEN = frozenset({TrancheStatus.PLANNED}) | SEND_BACK.sources


@dataclass(frozen=True, slots=True)
class Figures:
    """The balance, by what it was found, and the tranches that are still open."""

    basis: Basis
    balance: FinalBalance
    project_cents: int
    tranches: Sequence[OpenTranche]

    @property
    def seen(self) -> str:
        """What a page showed, as its form sends it back."""
        found = self.balance
        return f"{found.granted}-{found.eligible}-{self.project_cents}-{found.paid}-{found.returned}-{found.to_pay}"


def figures_of(session: Session, grant: Grant) -> Figures:
    """The final account of a grant as things stand."""
    held = balances_of(session, grant.id)
    paid = grant.granted_cents - held.get(AccountKind.AWARD, 0)
    withheld = held.get(AccountKind.WITHHELD, 0)
    returned = restored_of(session, grant.id)
    tranches = open_tranches(session, grant.id)
    spent = approved_spending(session, [grant.id]).get(grant.id)
    if spent is None and not accounts_for_costs(grant):
        eligible = earned_by_results(paid - returned, tranches)
        earned = FinalBalance(grant.granted_cents, eligible, paid, returned, withheld=withheld)
        return Figures(Basis.RESULTS, earned, 0, tranches)
    budget = budgets_of(session, [grant.id]).get(grant.id)
    total = budget.total_cents if budget else 0
    project = total if total > grant.granted_cents else 0
    share = public_share(granted=grant.granted_cents, total=project)
    balance = FinalBalance(grant.granted_cents, spent or 0, paid, returned, share, withheld)
    return Figures(Basis.COSTS, balance, project, tranches)


def accounts_for_costs(grant: Grant) -> bool:
    """Whether some tranche of the call waits for costs, or is computed from them."""
    return any(
        each.basis is TrancheBasis.REIMBURSEMENT or not EARNED.isdisjoint(each.gates)
        for each in grant.call.design.tranches
    )


def balances_of(session: Session, grant_id: UUID) -> dict[AccountKind, int]:
    """The balances of the accounts of a grant, by their kind."""
    query = select(Account.kind, Account.balance_cents).where(Account.owner_id == grant_id)
    return dict(session.execute(query).all())


def restored_of(session: Session, grant_id: UUID) -> int:
    """Money of a grant that was paid, came back and went to the budget line."""
    mirror = aliased(LedgerEntry)
    query = (
        select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0))
        .join(Account, Account.id == LedgerEntry.credit_id)
        .where(Account.owner_id == grant_id, Account.kind == AccountKind.RETURNED)
        .where(LedgerEntry.posting == PostingKind.BUDGET_RESTORED)
        .where(~select(mirror.id).where(mirror.reverses_id == LedgerEntry.id).exists())
    )
    return int(session.scalar(query) or 0)


def open_tranches(session: Session, grant_id: UUID) -> list[OpenTranche]:
    """Those that nobody of finance has begun to pay, each with whether its milestones are done; by number."""
    own = aliased(Milestone)
    undone = select(Milestone.id).where(
        Milestone.grant_id == Tranche.grant_id, Milestone.number <= own.number, Milestone.status.not_in(DONE)
    )
    query = (
        select(Tranche.id, Tranche.number, Tranche.amount_cents + Tranche.unclaimed_cents, Tranche.gates,
               undone.exists())
        .outerjoin(own, own.id == Tranche.milestone_id)
        .where(Tranche.grant_id == grant_id, Tranche.status.in_(OPEN))
        .order_by(Tranche.number)
    )  # fmt: skip
    waits = GateName.MILESTONES_ACCEPTED.value
    return [
        OpenTranche(key, number, int(cents), not (is_undone and waits in gates))
        for key, number, cents, gates, is_undone in session.execute(query)
    ]
