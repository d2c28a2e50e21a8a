"""Guarantees that stand."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Date, Select, case, cast, null, select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.payments.guarantees.models import Guarantee
from portal.payments.guarantees.rules import GuaranteeStatus


def covers_of(grant_ids: Iterable[UUID]) -> Select[UUID, int, object]:
    """Grant, cents and last day (none: renewed by itself) of each guarantee that stands."""
    until = case((Guarantee.renews, cast(null(), Date())), else_=Guarantee.valid_until).label("until")
    query = select(Guarantee.grant_id, Guarantee.amount_cents.label("cents"), until)
    return query.where(Guarantee.grant_id.in_(grant_ids), Guarantee.status == GuaranteeStatus.VERIFIED)


def guarantees_of(session: Session, grant_id: UUID) -> Sequence[Guarantee]:
    """The guarantees of a grant, the newest first."""
    query = select(Guarantee).where(Guarantee.grant_id == grant_id)
    people = (joinedload(Guarantee.recorder), joinedload(Guarantee.verifier), joinedload(Guarantee.file))
    return session.scalars(query.options(*people).order_by(Guarantee.recorded_at.desc(), Guarantee.id)).all()


def guarantee_seen(
    session: Session, guarantee_id: UUID, actor: Actor, action: Action, *, lock: bool = False
) -> Guarantee:
    """One guarantee, for an act of this actor; `lock`: until the transaction ends. Or NotFound."""
    query = select(Guarantee).where(Guarantee.id == guarantee_id).options(joinedload(Guarantee.grant, innerjoin=True))
    if lock:
        query = query.with_for_update(of=Guarantee).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def file_of_guarantee(session: Session, guarantee_id: UUID, actor: Actor) -> StoredFile:
    """Its text, for whoever may read the grant's guarantees."""
    return guarantee_seen(session, guarantee_id, actor, Action.GUARANTEE_READ).file
