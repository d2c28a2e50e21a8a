"""Reading suspensions, proceedings and acts, and where the money of a grant stands."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.events import announce
from portal.documents.models import StoredFile
from portal.grants.changes.rules import OPEN_PROCEEDINGS, Money, TranchesAsked, TrancheSeen
from portal.grants.models import EndAct, Proceeding, Suspension
from portal.grants.queries import grant_to_read
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.rules import AccountKind, PostingKind

WITHIN = (AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID)


def suspension_of(session: Session, grant_id: UUID) -> Suspension | None:
    """The suspension that lasts."""
    query = select(Suspension).where(Suspension.grant_id == grant_id, Suspension.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def open_proceeding_of(session: Session, grant_id: UUID, *, locked: bool = False) -> Proceeding | None:
    """The proceedings that no act has closed."""
    query = select(Proceeding).where(Proceeding.grant_id == grant_id, Proceeding.status.in_(OPEN_PROCEEDINGS))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def proceedings_of(session: Session, grant_id: UUID) -> Sequence[Proceeding]:
    """All of them, the newest first."""
    query = select(Proceeding).where(Proceeding.grant_id == grant_id).options(joinedload(Proceeding.reply_file))
    return session.scalars(query.order_by(Proceeding.opened_at.desc(), Proceeding.id.desc())).all()


def acts_of(session: Session, grant_id: UUID) -> Sequence[EndAct]:
    """The acts that ended or lowered a grant, the newest first."""
    query = select(EndAct).where(EndAct.grant_id == grant_id)
    return session.scalars(query.order_by(EndAct.acted_at.desc(), EndAct.id.desc())).all()


def reply_file_of(session: Session, actor: Actor, grant_id: UUID, file_id: UUID) -> StoredFile:
    """The file of a reply, to whoever reads the grant; NotFound otherwise (P13)."""
    grant = grant_to_read(session, actor, grant_id)
    query = (
        select(StoredFile)
        .join(Proceeding, Proceeding.reply_file_id == StoredFile.id)
        .where(Proceeding.grant_id == grant.id, StoredFile.id == file_id)
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def standing_money(session: Session, grant_id: UUID) -> Money:
    """The balances of the accounts of a grant, and what acts have asked back that still stands on the paid one."""
    query = select(Account.id, Account.kind, Account.balance_cents).where(
        Account.owner_id == grant_id, Account.kind.in_(WITHIN)
    )
    held = {kind: (key, cents) for key, kind, cents in session.execute(query)}
    unreleased, on_its_way, paid = (held[kind][1] if kind in held else 0 for kind in WITHIN)
    asked = _asked_back(session, grant_id, held[AccountKind.PAID][0]) if AccountKind.PAID in held else 0
    return Money(unreleased, on_its_way, paid, asked)


def _asked_back(session: Session, grant_id: UUID, paid_id: UUID) -> int:
    """By acts, less what a recovery of one of them has taken off the account of what was paid, and still takes."""
    mirror = aliased(LedgerEntry)
    asked = select(func.coalesce(func.sum(EndAct.to_return_cents), 0)).where(EndAct.grant_id == grant_id)
    taken = select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0)).where(
        LedgerEntry.credit_id == paid_id, LedgerEntry.posting == PostingKind.RECOVERY_DECIDED,
        LedgerEntry.subject_id.in_(select(EndAct.id).where(EndAct.grant_id == grant_id)),
        ~select(mirror.id).where(mirror.reverses_id == LedgerEntry.id).exists(),
    )  # fmt: skip
    by_acts, by_recoveries = session.execute(select(asked.scalar_subquery(), taken.scalar_subquery())).one()
    return max(int(by_acts) - int(by_recoveries), 0)


def standing_tranches(session: Session, grant_id: UUID) -> list[TrancheSeen]:
    """The tranches that stand, in their order, as whoever keeps them tells."""
    asked = TranchesAsked(grant_id)
    announce(session, asked)
    return asked.found
