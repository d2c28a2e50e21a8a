"""Invariants of accounts and documents: who verified them did not belong, and a fact holds the file handed in."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.models import BankDetails, OfferedFact, TieRow, VerifiedFact
from portal.access.queries.people import MEMBER_TIES
from portal.access.rules import BankDetailsStatus


def broken(session: Session) -> Iterator[str]:
    """One line for each account and document that was verified as it must not be."""
    yield from _accounts(session)
    yield from _facts(session)


def _accounts(session: Session) -> Iterator[str]:
    """Nobody verified the account of an organisation they belonged to then (P10)."""
    when = BankDetails.status_at
    query = (
        select(BankDetails.id)
        .join(TieRow, (TieRow.person_id == BankDetails.verified_by) & (TieRow.object_id == BankDetails.organisation_id))
        .where(BankDetails.status == BankDetailsStatus.VERIFIED, TieRow.tie.in_(MEMBER_TIES))
        .where(TieRow.since <= when, or_(TieRow.until.is_(None), TieRow.until > when))
    )
    for account_id in session.scalars(query.distinct().order_by(BankDetails.id)):
        yield f"access: account {account_id} was verified by a member of its organisation"


def _facts(session: Session) -> Iterator[str]:
    """A document that was verified became a fact of the same organisation and kind, with the same file (P13)."""
    differs = or_(
        VerifiedFact.organisation_id != OfferedFact.organisation_id,
        VerifiedFact.kind != OfferedFact.kind,
        VerifiedFact.file_id.is_distinct_from(OfferedFact.file_id),
    )
    query = select(OfferedFact.id).join(VerifiedFact, VerifiedFact.id == OfferedFact.fact_id).where(differs)
    for offer_id in session.scalars(query.order_by(OfferedFact.id)):
        yield f"access: document {offer_id} was verified into a fact that is not its own"
