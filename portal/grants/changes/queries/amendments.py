"""Reading requests to change a grant."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.grants.changes.queries.plans import plan_in_force
from portal.grants.changes.rules import AmendmentStatus, BudgetShift, Side
from portal.grants.models import Amendment, AmendmentFile, Grant
from portal.grants.queries import grant_to_change, grant_to_read, is_of_the_team


def amendments_of(session: Session, grant_id: UUID) -> Sequence[Amendment]:
    """The requests of a grant, the newest first."""
    query = select(Amendment).where(Amendment.grant_id == grant_id).options(joinedload(Amendment.asker))
    return session.scalars(query.order_by(Amendment.number.desc())).all()


def amendment_to_read(session: Session, actor: Actor, grant_id: UUID, amendment_id: UUID) -> tuple[Grant, Amendment]:
    """A request of a grant that the actor may read, with its files; NotFound otherwise."""
    grant = grant_to_read(session, actor, grant_id)
    query = select(Amendment).where(Amendment.id == amendment_id, Amendment.grant_id == grant_id)
    query = query.options(
        joinedload(Amendment.asker), joinedload(Amendment.decider),
        selectinload(Amendment.files).joinedload(AmendmentFile.file),
    )  # fmt: skip
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return grant, found


def amendment_to_change(
    session: Session, actor: Actor, action: Action, grant_id: UUID, amendment_id: UUID
) -> tuple[Grant, Amendment]:
    """The same, locked after its grant, for a change that the actor may make."""
    grant = grant_to_change(session, actor, action, grant_id)
    query = select(Amendment).where(Amendment.id == amendment_id, Amendment.grant_id == grant_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return grant, found


def freely_moved(session: Session, grant_id: UUID) -> int:
    """Cents that were moved in the budget without asking, all of them together."""
    query = select(Amendment).where(
        Amendment.grant_id == grant_id, Amendment.is_free, Amendment.status == AmendmentStatus.GRANTED
    )
    changes = (row.change for row in session.scalars(query.order_by(Amendment.number)))
    return sum(change.cents for change in changes if isinstance(change, BudgetShift))


def file_of_amendment(session: Session, actor: Actor, amendment_id: UUID, file_id: UUID) -> StoredFile:
    """A file of a request, to whoever reads its grant; NotFound otherwise (P13)."""
    query = (
        select(StoredFile, Amendment)
        .join(AmendmentFile, AmendmentFile.file_id == StoredFile.id)
        .join(Amendment, Amendment.id == AmendmentFile.amendment_id)
        .where(StoredFile.id == file_id, Amendment.id == amendment_id)
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    authorise(actor, Action.GRANT_READ, found[1])
    file: StoredFile = found[0]
    return file


def seen_of(session: Session, grant: Grant, row: Amendment) -> str:
    """What a page of a request shows, in a few characters: where the request stands, and on which plan."""
    version = plan_in_force(session, grant.id)
    return f"{row.status_at.timestamp():.6f}-{version.number if version else 0}"


def side_of(actor: Actor, grant: Grant) -> Side:
    """On which side somebody acts."""
    return Side.TEAM if is_of_the_team(actor, grant.organisation_id) else Side.OFFICE
