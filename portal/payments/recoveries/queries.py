"""Reading recoveries."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.grants.queries import grant_to_change
from portal.payments.recoveries.models import Recovery, RecoveryPart, RecoveryReceipt
from portal.payments.recoveries.rules import STANDING


def recoveries_of(session: Session, grant_id: UUID) -> Sequence[Recovery]:
    """All of a grant, the newest first, with parts, instalments and receipts."""
    query = (
        select(Recovery)
        .where(Recovery.grant_id == grant_id)
        .options(
            selectinload(Recovery.parts).joinedload(RecoveryPart.tranche), selectinload(Recovery.instalments),
            selectinload(Recovery.receipts).joinedload(RecoveryReceipt.recorder), joinedload(Recovery.decider),
        )
        .order_by(Recovery.number.desc())
    )  # fmt: skip
    return session.scalars(query).all()


def recovery_for(session: Session, recovery_id: UUID, actor: Actor, action: Action) -> Recovery:
    """One recovery for an act of this actor, locked with its grant; or NotFound."""
    grant_id = session.scalar(select(Recovery.grant_id).where(Recovery.id == recovery_id))
    if grant_id is None:
        raise NotFound
    grant_to_change(session, actor, action, grant_id)
    query = select(Recovery).where(Recovery.id == recovery_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def receipt_for(session: Session, receipt_id: UUID, actor: Actor, action: Action) -> RecoveryReceipt:
    """One receipt for an act of this actor, its recovery and grant locked; or NotFound."""
    recovery_id = session.scalar(select(RecoveryReceipt.recovery_id).where(RecoveryReceipt.id == receipt_id))
    if recovery_id is None:
        raise NotFound
    recovery_for(session, recovery_id, actor, action)
    query = select(RecoveryReceipt).where(RecoveryReceipt.id == receipt_id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def recovery_seen(session: Session, recovery_id: UUID, actor: Actor, action: Action) -> Recovery:
    """One recovery for whoever may do this with it; NotFound otherwise."""
    query = select(Recovery).where(Recovery.id == recovery_id).options(joinedload(Recovery.grant))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def receipt_seen(session: Session, receipt_id: UUID, actor: Actor, action: Action) -> RecoveryReceipt:
    """One receipt for whoever may do this with it; NotFound otherwise."""
    loaded = joinedload(RecoveryReceipt.recovery).joinedload(Recovery.grant)
    found = session.scalars(
        select(RecoveryReceipt).where(RecoveryReceipt.id == receipt_id).options(loaded)
    ).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def recovery_of_account(session: Session, account_id: UUID) -> bool:
    """Whether the money of a final account was asked back."""
    query = select(Recovery.id).where(Recovery.final_account_id == account_id, Recovery.status.in_(STANDING))
    return session.scalars(query).first() is not None
