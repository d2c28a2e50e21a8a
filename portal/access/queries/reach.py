"""Which people an administrator or auditor may know of: their authority's staff, and members of its applicants."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from portal.access.models import OrganisationRegistration, Person, RoleGrant, TieRow
from portal.access.policy import ALLOWED, Action, Role, Tie
from portal.access.queries.people import MEMBER_TIES
from portal.core.actor import Actor

Known = ColumnElement[bool]


def authorities_where(actor: Actor, action: Action) -> frozenset[UUID]:
    """The authorities whose staff the actor is in a role that allows the action there."""
    allowed = {role.value for role, tie in ALLOWED[action] if tie is Tie.SAME_AUTHORITY}
    return frozenset(authority for role, authority in actor.roles if role in allowed)


def in_force(row: type[RoleGrant | TieRow], now: datetime) -> Known:
    """Begun and not ended."""
    return (row.since <= now) & or_(row.until.is_(None), row.until > now)


def not_ended(row: type[RoleGrant | TieRow], now: datetime) -> Known:
    """In force, or yet to begin."""
    return or_(row.until.is_(None), row.until > now)


def is_staff_of(authorities: Iterable[UUID], now: datetime, role: Role | None = None) -> Known:
    """People who hold a role there, or will."""
    held = select(RoleGrant.id).where(RoleGrant.person_id == Person.id, RoleGrant.authority_id.in_(authorities))
    held = held.where(not_ended(RoleGrant, now))
    return (held if role is None else held.where(RoleGrant.role == role)).exists()


def was_staff_of(authorities: Iterable[UUID]) -> Known:
    """People who held a role there at any time."""
    held = select(RoleGrant.id).where(RoleGrant.person_id == Person.id, RoleGrant.authority_id.in_(authorities))
    return held.exists()


def is_member_of_applicant(authorities: Iterable[UUID], now: datetime) -> Known:
    """People who belong to an organisation that registered something there."""
    ties = (
        select(TieRow.id)
        .join(OrganisationRegistration, OrganisationRegistration.organisation_id == TieRow.object_id)
        .where(TieRow.person_id == Person.id, TieRow.tie.in_(MEMBER_TIES), in_force(TieRow, now))
        .where(OrganisationRegistration.authority_id.in_(authorities))
    )
    return ties.exists()
