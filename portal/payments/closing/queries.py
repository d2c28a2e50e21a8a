"""Reading final accounts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.grants.models import Grant
from portal.grants.queries import grant_to_change
from portal.payments.closing.models import FinalAccount, FinalAccountLetter
from portal.payments.closing.rules import AccountStatus


def accounts_of(session: Session, grant_id: UUID) -> Sequence[FinalAccount]:
    """All of a grant, the newest first, with people and letters."""
    letter = joinedload(FinalAccount.letter)
    query = (
        select(FinalAccount)
        .where(FinalAccount.grant_id == grant_id)
        .options(
            joinedload(FinalAccount.preparer), joinedload(FinalAccount.approver),
            letter.joinedload(FinalAccountLetter.file), letter.joinedload(FinalAccountLetter.protocol_entry),
        )
        .order_by(FinalAccount.number.desc())
    )  # fmt: skip
    return session.scalars(query).all()


def live_account(session: Session, grant_id: UUID) -> FinalAccount | None:
    """The one that stands: prepared, or approved."""
    query = select(FinalAccount).where(
        FinalAccount.grant_id == grant_id, FinalAccount.status != AccountStatus.WITHDRAWN
    )
    return session.scalars(query).one_or_none()


def approved_account(session: Session, grant_id: UUID) -> FinalAccount | None:
    """The one by which the grant is being closed, or was."""
    found = live_account(session, grant_id)
    return found if found is not None and found.is_approved else None


def account_for(session: Session, account_id: UUID, actor: Actor, action: Action) -> FinalAccount:
    """One account for an act of this actor, locked with its grant; or NotFound."""
    grant_id = session.scalar(select(FinalAccount.grant_id).where(FinalAccount.id == account_id))
    if grant_id is None:
        raise NotFound
    grant_to_change(session, actor, action, grant_id)
    query = select(FinalAccount).where(FinalAccount.id == account_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def account_seen(session: Session, account_id: UUID, actor: Actor, action: Action) -> FinalAccount:
    """One account for whoever may do this with it; NotFound otherwise."""
    loaded = joinedload(FinalAccount.grant).joinedload(Grant.organisation)
    found = session.scalars(select(FinalAccount).where(FinalAccount.id == account_id).options(loaded)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found
