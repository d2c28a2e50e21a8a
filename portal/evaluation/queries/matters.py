"""An application before its commission, as its chair and secretary meet it; a conflict with it closes it to them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, Guard, authorise
from portal.applications.models import Application
from portal.calls.models import Call
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Assignment, Commission
from portal.evaluation.queries.naming import kept_from


@dataclass(frozen=True, slots=True)
class Matter:
    """One application and the commission that judges it. Its existence is a secret to all others."""

    application: Application
    commission_id: UUID

    @property
    def guard(self) -> Guard:
        """By authority, by tie to the application, by seat on the commission."""
        objects = (self.application.id, self.commission_id)
        return Guard(authority_id=self.application.authority_id, objects=objects, is_secret=True)


def matter_for(session: Session, application_id: UUID, actor: Actor, action: Action) -> Matter:
    """The application where the actor may do this to it; else NotFound."""
    query = (
        select(Application, Commission.id)
        .join(Commission, Commission.phase_id == Application.phase_id)
        .where(Application.id == application_id)
        .options(
            joinedload(Application.call).joinedload(Call.authority),
            joinedload(Application.organisation),
            joinedload(Application.phase),
        )
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    matter = Matter(found[0], found[1])
    if application_id in kept_from(session, actor, matter.application.phase_id):
        raise NotFound
    authorise(actor, action, matter)
    return matter


def assignment_for_chair(session: Session, assignment_id: UUID, actor: Actor, action: Action) -> Assignment:
    """Somebody's assignment, locked, as chair or office may act upon it; else NotFound."""
    query = select(Assignment).where(Assignment.id == assignment_id).with_for_update(of=Assignment)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    matter_for(session, found.application_id, actor, action)
    return found
