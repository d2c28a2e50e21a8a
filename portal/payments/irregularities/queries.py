"""Which irregularities are open, those of a grant, and one with its story."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.grants.models import Grant
from portal.grants.queries import grant_to_change
from portal.payments.irregularities.models import Irregularity, IrregularityStep
from portal.payments.recoveries.models import Recovery
from portal.payments.recoveries.rules import STANDING


def open_by_grant(grant_ids: Iterable[UUID]) -> Select[UUID, int]:
    """How many irregularities of each of these grants are open; a grant without one is not in the answer."""
    query = select(Irregularity.grant_id, func.count(Irregularity.id).label("open_count"))
    return query.where(Irregularity.grant_id.in_(grant_ids), Irregularity.closed_at.is_(None)).group_by(
        Irregularity.grant_id
    )


def irregularities_of(session: Session, grant_id: UUID) -> Sequence[Irregularity]:
    """All of a grant, those that are open first, then the newest."""
    query = select(Irregularity).where(Irregularity.grant_id == grant_id)
    return session.scalars(query.order_by(Irregularity.closed_at.is_not(None), Irregularity.id.desc())).all()


def irregularity_seen(session: Session, irregularity_id: UUID, actor: Actor, action: Action) -> Irregularity:
    """One with its story, for whoever may do this with it; NotFound otherwise."""
    steps = selectinload(Irregularity.steps)
    story = (steps.joinedload(IrregularityStep.maker), steps.joinedload(IrregularityStep.file))
    grant = joinedload(Irregularity.grant)
    loaded = (grant.joinedload(Grant.call), grant.joinedload(Grant.organisation), joinedload(Irregularity.file))
    query = select(Irregularity).where(Irregularity.id == irregularity_id).options(*loaded, *story)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def irregularity_for(session: Session, irregularity_id: UUID, actor: Actor, action: Action) -> Irregularity:
    """One for an act of this actor, locked after its grant; or NotFound."""
    grant_id = session.scalar(select(Irregularity.grant_id).where(Irregularity.id == irregularity_id))
    if grant_id is None:
        raise NotFound
    grant_to_change(session, actor, action, grant_id)
    query = select(Irregularity).where(Irregularity.id == irregularity_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def standing_recovery(session: Session, irregularity_id: UUID) -> Recovery | None:
    """The recovery that was decided for it and not taken back."""
    query = select(Recovery).where(Recovery.irregularity_id == irregularity_id, Recovery.status.in_(STANDING))
    return session.scalars(query).one_or_none()


def file_of_irregularity(session: Session, irregularity_id: UUID, file_id: UUID, actor: Actor) -> StoredFile:
    """The evidence or a file of a reply, for whoever reads it; NotFound otherwise (P13)."""
    found = irregularity_seen(session, irregularity_id, actor, Action.IRREGULARITY_READ)
    files = (found.file, *(step.file for step in found.steps))
    file = next((each for each in files if each is not None and each.id == file_id), None)
    if file is None:
        raise NotFound
    return file
