"""The entry by which the money of a tranche left its award."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.ledger.models import LedgerEntry
from portal.ledger.rules import PostingKind
from portal.payments.models import Tranche


def standing_release(session: Session, tranche: Tranche) -> LedgerEntry:
    """The release that counts: of several that were taken back and approved anew, the one nobody reversed."""
    mirror = aliased(LedgerEntry)
    query = select(LedgerEntry).where(
        LedgerEntry.subject_id == tranche.id, LedgerEntry.posting == PostingKind.RELEASE_APPROVED,
        ~select(mirror.id).where(mirror.reverses_id == LedgerEntry.id).exists(),
    )  # fmt: skip
    return session.scalars(query).one()
