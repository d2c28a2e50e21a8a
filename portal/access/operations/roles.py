"""Staff roles: granted, dated, ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import RoleGrant
from portal.access.policy import Role
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_


def grant_role(
    session: Session, *, person_id: UUID, role: Role, authority_id: UUID, actor: Actor, now: datetime
) -> RoleGrant:
    """Give a staff role in one authority; nobody grants to oneself (also a CHECK)."""
    if person_id == actor.person_id:
        raise Conflict(lazy_("Nobody grants a role to themselves: ask another administrator."))
    grant = RoleGrant(person_id=person_id, role=role, authority_id=authority_id, granted_by=actor.person_id, since=now)
    session.add(grant)
    record(session, at=now, actor=actor, event="role.granted", subject=grant, after={"role": role})
    return grant
