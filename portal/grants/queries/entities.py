"""Reading what groups recorded of the legal entity that they became, before a later phase of their call."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.policy import Action
from portal.applications.gates import gates_of
from portal.applications.models import Application
from portal.applications.queries import application_for
from portal.applications.rules import ApplicationStatus
from portal.calls.rules import PhaseGate
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.grants.models import Incorporation


def must_become_entity(application: Application) -> bool:
    """Whether the next phase opens to this applicant once it is a legal entity."""
    later = application.phase.later
    if later is None or application.status is not ApplicationStatus.SELECTED:
        return False
    return PhaseGate.INCORPORATED in gates_of(application.call.design, later.key, application.entered_as)


def group_of(session: Session, application_id: UUID, actor: Actor, action: Action) -> Application:
    """An application whose group becomes an entity before the next phase, for this action; NotFound otherwise."""
    application = application_for(session, application_id, actor, action)
    if not must_become_entity(application):
        raise NotFound
    return application


def incorporation_of(session: Session, application_id: UUID, *, locked: bool = False) -> Incorporation | None:
    """What the group of an application recorded, if anything."""
    query = select(Incorporation).where(Incorporation.application_id == application_id)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    else:
        query = query.options(joinedload(Incorporation.deed))
    return session.scalars(query).one_or_none()


def deed_of(session: Session, application_id: UUID, actor: Actor) -> StoredFile:
    """The deed that a group recorded, for whoever reads its application; NotFound where there is none."""
    group_of(session, application_id, actor, Action.APPLICATION_READ)
    found = incorporation_of(session, application_id)
    if found is None or found.deed is None:
        raise NotFound
    return found.deed


def organisation_with_fiscal_code(session: Session, fiscal_code: str) -> Organisation | None:
    """Whoever has this fiscal code already."""
    return session.scalars(select(Organisation).where(Organisation.fiscal_code == fiscal_code)).one_or_none()
