"""The state of a grant follows its money: closed once nothing is open, open again where money moved after all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.i18n import lazy_
from portal.core.moves import Move
from portal.grants.changes.rules import EndKind
from portal.grants.models import EndAct, Grant
from portal.grants.operations.news import tell_grant_team
from portal.grants.rules import ALL_RETURNED, CLOSE, OPEN_AGAIN, RECOVER, GrantStatus
from portal.ledger.operations import transfer
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind, PostingKind
from portal.payments.closing.matters import UNSENT, counted
from portal.payments.closing.rules import Matter
from portal.payments.models import Tranche
from portal.payments.operations.cancelling import locked_tranches, take_release_back
from portal.payments.recoveries.claims import unasked_account, unasked_acts
from portal.payments.recoveries.models import Recovery
from portal.payments.recoveries.rules import RecoveryStatus
from portal.payments.rules import TrancheStatus

OVER = frozenset({TrancheStatus.PAID, TrancheStatus.CANCELLED})
ENDS = {EndKind.RENUNCIATION: GrantStatus.RENOUNCED, EndKind.REVOCATION: GrantStatus.REVOKED}
IGNORED = frozenset({UNSENT, Matter.AMENDMENT.value, Matter.MILESTONE.value})
"""What holds back the account, not what follows from it."""


def follow(session: Session, *, grant: Grant, now: datetime) -> None:
    """Make the move that the money of a grant asks for, if any; it is nobody's act, and stands in the trail."""
    move = _move(session, grant)
    if move is None:
        return
    before = {"status": grant.status}
    grant.make(move, at=now)
    session.flush()
    record(session, at=now, actor=SYSTEM, event=f"grant.{move.name}", subject=grant, before=before,
           after={"status": grant.status})  # fmt: skip
    if move is CLOSE:
        message = lazy_("Your grant %(reference)s is closed: nothing is left to be paid or returned.",
                        reference=grant.reference)  # fmt: skip
        tell_grant_team(session, grant=grant, message=message, now=now)


def _move(session: Session, grant: Grant) -> Move[GrantStatus] | None:
    match grant.status:
        case GrantStatus.CLOSING:
            return CLOSE if _is_settled(session, grant.id) else None
        case GrantStatus.CLOSED:
            return None if _is_settled(session, grant.id) else OPEN_AGAIN
        case GrantStatus.RECOVERING:
            return None if _is_owed(session, grant.id) else ALL_RETURNED[_end_of(session, grant.id)]
        case GrantStatus.RENOUNCED | GrantStatus.REVOKED:
            return RECOVER if _is_owed(session, grant.id) else None
        case _:
            return None


def _is_settled(session: Session, grant_id: UUID) -> bool:
    """Whether the last payment was made, and everything asked back is there."""
    if counted(session, grant_id).keys() - IGNORED:
        return False
    waiting = select(func.count(Tranche.id)).where(Tranche.grant_id == grant_id, Tranche.status.not_in(OVER))
    unasked = select(func.count()).select_from(unasked_account(grant_id).subquery())
    return session.scalar(select(waiting.scalar_subquery() + unasked.scalar_subquery())) == 0


def _is_owed(session: Session, grant_id: UUID) -> bool:
    """Whether an ended grant has money to return: asked back and not there, or by an act and not asked back yet."""
    asked = select(func.count(Recovery.id)).where(
        Recovery.grant_id == grant_id, Recovery.status == RecoveryStatus.DECIDED
    )
    unasked = select(func.count()).select_from(unasked_acts(grant_id).subquery())
    return session.scalar(select(asked.scalar_subquery() + unasked.scalar_subquery())) != 0


def free_what_came_back(session: Session, *, grant: Grant, actor: Actor, now: datetime) -> None:
    """A payment that the bank gave back after the grant was over is not made again: its money goes to the budget."""
    for tranche in locked_tranches(session, grant_id=grant.id):
        if tranche.status is not TrancheStatus.FAILED:
            continue
        take_release_back(session, tranche=tranche, actor=actor, now=now)
        award = account_of(session, AccountKind.AWARD, grant.id)
        budget = account_of(session, AccountKind.BUDGET, grant.budget_line_id)
        if award is not None and budget is not None:
            transfer(
                session, debit=budget, credit=award, amount_cents=tranche.planned_cents,
                posting=PostingKind.BUDGET_RESTORED, subject=tranche, actor=actor, now=now,
            )  # fmt: skip


def _end_of(session: Session, grant_id: UUID) -> GrantStatus:
    """What the act made of the grant."""
    query = select(EndAct.kind).where(EndAct.grant_id == grant_id, EndAct.kind.in_(ENDS))
    return ENDS[session.scalars(query.order_by(EndAct.acted_at.desc(), EndAct.id.desc())).first() or EndKind.REVOCATION]
