"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.operations.members import KeptApart
from portal.access.rules.members import MemberJoining
from portal.core.i18n import lazy_
from portal.grants.changes.rules import GrantAmended, GrantEnded, Reduction, TranchesAsked, TrancheSeen
from portal.grants.models import Grant
from portal.payments.models import Tranche
from portal.payments.operations.cancelling import cancel_tranches, lower_tranches
from portal.payments.rules import SENT, UNDER_WAY, TrancheStatus


def keep_payers_apart(session: Session, event: MemberJoining) -> None:
    """Whoever proposed or approved a payment that is under way does not become a member of who is paid (P10)."""
    theirs = or_(Tranche.proposed_by == event.person_id, Tranche.approved_by == event.person_id)
    query = (
        select(Tranche.id)
        .join(Grant, Grant.id == Tranche.grant_id)
        .where(theirs, Grant.organisation_id.in_(event.organisation_ids), Tranche.status.in_(UNDER_WAY))
    )
    if session.scalars(query.limit(1)).first() is None:
        return
    why = lazy_(
        "You proposed or approved a payment to this organisation that is still under way: you cannot become a member"
        " before it is paid (rule P10)."
    )
    raise KeptApart(why if event.asks else None)


def tell_tranches(session: Session, event: TranchesAsked) -> None:
    """Which tranches of a grant stand, for whoever is about to lower or end it."""
    query = select(Tranche).where(Tranche.grant_id == event.grant_id, Tranche.status != TrancheStatus.CANCELLED)
    event.found.extend(
        TrancheSeen(
            each.key, each.amount_cents, is_open=not each.is_released, is_with_the_bank=each.status in SENT,
            is_paid=each.status is TrancheStatus.PAID,
        )
        for each in session.scalars(query.order_by(Tranche.number))
    )  # fmt: skip


def follow_the_plan(session: Session, event: GrantAmended) -> None:
    """The grant was lowered: the tranches that are still open bear it."""
    if isinstance(event.change, Reduction):
        lower_tranches(session, grant_id=event.grant_id, cuts=dict(event.change.cuts), actor=event.actor, now=event.at)


def cancel_what_is_left(session: Session, event: GrantEnded) -> None:
    """A grant that is over pays nothing more; what was released and not sent to the bank is taken back."""
    cancel_tranches(session, grant_id=event.grant_id, actor=event.actor, now=event.at)
