"""Money of a grant that is not to be paid: from its account back to its budget line, and out of the plan."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.grants.changes.operations.applying import apply_change
from portal.grants.changes.operations.planning import next_version
from portal.grants.changes.queries import plan_in_force, standing_tranches
from portal.grants.changes.rules import Reduction
from portal.grants.models import Grant
from portal.ledger.operations import transfer
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind, PostingKind


def give_back(
    session: Session, *, grant: Grant, cents: int, actor: Actor, now: datetime, before: Callable[[], None]
) -> None:
    """The grant is over: every tranche that was not paid goes out of the plan.

    `before` lets upper rooms undo what they released, so that all of it stands on the account of the grant again.
    """
    unpaid = tuple((each.key, each.cents) for each in standing_tranches(session, grant.id) if not each.is_paid)
    if cents and plan_in_force(session, grant.id) is not None:
        next_version(session, grant=grant, change=Reduction(cuts=unpaid, cents=cents), actor=actor, now=now)
    before()
    _move(session, grant, cents, actor=actor, now=now)


def lower(session: Session, *, grant: Grant, cents: int, actor: Actor, now: datetime) -> None:
    """The grant goes on with less: the last tranches that are still open bear it."""
    if not cents:
        return
    left, cuts = cents, []
    for each in reversed([each for each in standing_tranches(session, grant.id) if each.is_open]):
        if cut := min(left, each.cents):
            cuts.append((each.key, cut))
            left -= cut
    apply_change(session, grant=grant, change=Reduction(cuts=tuple(reversed(cuts)), cents=cents), actor=actor, now=now)
    _move(session, grant, cents, actor=actor, now=now)


def _move(session: Session, grant: Grant, cents: int, *, actor: Actor, now: datetime) -> None:
    award = account_of(session, AccountKind.AWARD, grant.id)
    budget = account_of(session, AccountKind.BUDGET, grant.budget_line_id)
    if not cents or award is None or budget is None:
        return
    grant.reduced_cents += cents
    transfer(
        session, debit=budget, credit=award, amount_cents=cents, posting=PostingKind.AWARD_REDUCED, subject=grant,
        actor=actor, now=now,
    )  # fmt: skip
