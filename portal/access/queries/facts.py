"""Facts and the documents behind them: read through the organisation they belong to (P13)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import OfferedFact, VerifiedFact
from portal.access.policy import Action
from portal.access.queries.organisations import hold_organisation, organisation_seen
from portal.access.rules.facts import FactKind, OfferStatus
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile


def offer_for(
    session: Session, organisation_id: UUID, offer_id: UUID, actor: Actor, action: Action = Action.FACT_RECORD
) -> OfferedFact:
    """One document that members handed in, of this organisation, for this action; or NotFound."""
    organisation_seen(session, organisation_id, actor, action)
    query = select(OfferedFact).where(OfferedFact.id == offer_id, OfferedFact.organisation_id == organisation_id)
    options = (joinedload(OfferedFact.file), joinedload(OfferedFact.organisation))
    found = session.scalars(query.options(*options)).one_or_none()
    if found is None:
        raise NotFound
    return found


def offer_locked(session: Session, organisation_id: UUID, offer_id: UUID, actor: Actor) -> OfferedFact:
    """The same, to be decided: locked with its organisation until the transaction ends."""
    found = offer_for(session, organisation_id, offer_id, actor)
    hold_organisation(session, organisation_id)
    session.refresh(found)
    return found


def open_offers(session: Session, organisation_id: UUID, kind: FactKind) -> Sequence[OfferedFact]:
    """What waits for the office of this kind: one at most."""
    query = select(OfferedFact).where(
        OfferedFact.organisation_id == organisation_id,
        OfferedFact.kind == kind,
        OfferedFact.status == OfferStatus.OFFERED,
    )
    return session.scalars(query.order_by(OfferedFact.id)).all()


def fact_file(session: Session, organisation_id: UUID, fact_id: UUID, actor: Actor) -> StoredFile:
    """The file of a verified fact, for whoever may open the page of the organisation."""
    organisation_seen(session, organisation_id, actor)
    query = (
        select(StoredFile)
        .join(VerifiedFact, VerifiedFact.file_id == StoredFile.id)
        .where(VerifiedFact.id == fact_id, VerifiedFact.organisation_id == organisation_id)
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def documents_in_force(session: Session, organisation_id: UUID, today: date) -> dict[FactKind, VerifiedFact]:
    """The newest verified document of each kind that holds today and has its file."""
    query = (
        select(VerifiedFact)
        .where(VerifiedFact.organisation_id == organisation_id, VerifiedFact.file_id.is_not(None))
        .where(or_(VerifiedFact.valid_until.is_(None), VerifiedFact.valid_until >= today))
        .options(joinedload(VerifiedFact.file))
        .order_by(VerifiedFact.issued_on, VerifiedFact.id)
    )
    return {fact.kind: fact for fact in session.scalars(query)}
