"""Invariants of agreements: what was signed is the document, and its clauses are of its own office."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.documents.models import StoredFile
from portal.grants.models import (
    Agreement,
    AgreementArticle,
    AgreementSignature,
    Grant,
    LibraryText,
    LibraryVersion,
)


def broken(session: Session) -> Iterator[str]:
    """One line for each agreement that says one thing and is another."""
    yield from _signed_otherwise(session)
    yield from _foreign_clauses(session)


def _signed_otherwise(session: Session) -> Iterator[str]:
    query = (
        select(Grant.reference, Agreement.version)
        .join(Agreement, Agreement.grant_id == Grant.id)
        .join(AgreementSignature, AgreementSignature.agreement_id == Agreement.id)
        .join(StoredFile, StoredFile.id == Agreement.file_id)
        .where(or_(AgreementSignature.sha256 != StoredFile.sha256, AgreementSignature.given_at < Agreement.prepared_at))
        .order_by(Grant.reference, Agreement.version)
        .distinct()
    )
    for reference, version in session.execute(query):
        yield f"agreements: version {version} of {reference} was signed as another document, or before it was prepared"


def _foreign_clauses(session: Session) -> Iterator[str]:
    query = (
        select(Grant.reference, Agreement.version)
        .join(Agreement, Agreement.grant_id == Grant.id)
        .join(AgreementArticle, AgreementArticle.agreement_id == Agreement.id)
        .join(LibraryVersion, LibraryVersion.id == AgreementArticle.version_id)
        .join(LibraryText, LibraryText.id == LibraryVersion.text_id)
        .join(Authority, Authority.id == Grant.authority_id)
        .where(LibraryText.authority_id != func.coalesce(Authority.twin_of_id, Authority.id))
        .order_by(Grant.reference, Agreement.version)
        .distinct()
    )
    for reference, version in session.execute(query):
        yield f"agreements: version {version} of {reference} is made of clauses of another office"
