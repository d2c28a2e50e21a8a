"""Nobody prepares or approves the final account of an organisation they belong to (P10)."""

from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.queries.members import ties_of_member
from portal.access.ties import hold_organisations
from portal.core.actor import Actor
from portal.grants.apart import OwnOrganisation, stand_apart
from portal.grants.models import Grant
from portal.grants.queries import grant_to_change


def grant_to_close(
    session: Session, *, grant_id: UUID, actor: Actor, action: Action, not_again: UUID | None = None
) -> Grant:
    """The grant, locked with its organisation, for somebody apart from it, and from the step before.

    Asked again under the lock: who became a member since the request began counts as one. Raises OwnOrganisation,
    TwoPeople.
    """
    grant = grant_to_change(session, actor, action, grant_id)
    hold_organisations(session, [grant.organisation_id])
    stand_apart(actor=actor, organisation_id=grant.organisation_id, not_again=not_again)
    if actor.person_id and ties_of_member(session, grant.organisation_id, actor.person_id):
        raise OwnOrganisation
    return grant
