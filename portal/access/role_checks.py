"""Invariants of roles (P10, P18): two people, nobody oneself, no role beside one that excludes it, stand-ins end."""

from collections.abc import Iterator
from itertools import combinations
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.models import RoleGrant
from portal.access.rules.roles import TWO_PERSON_ROLES, excluded_by


def broken(session: Session) -> Iterator[str]:
    """One line for each role that was given or is held as it must not be."""
    grants = session.scalars(select(RoleGrant).order_by(RoleGrant.authority_id, RoleGrant.person_id, RoleGrant.since))
    by_person: dict[tuple[UUID, UUID], list[RoleGrant]] = {}
    for grant in grants:
        by_person.setdefault((grant.authority_id, grant.person_id), []).append(grant)
        yield from _wrongly_given(grant)
    for held in by_person.values():
        yield from _excluding(held)
    yield from _outliving(session)


def _wrongly_given(grant: RoleGrant) -> Iterator[str]:
    name = f"roles: grant {grant.id} ({grant.role.value})"
    if grant.person_id in (grant.granted_by, grant.confirmed_by):
        yield f"{name} was given by the person who holds it"
    if grant.role in TWO_PERSON_ROLES and grant.granted_by is not None and grant.confirmed_by is None:
        yield f"{name} was given by one person"


def _excluding(held: list[RoleGrant]) -> Iterator[str]:
    for one, other in combinations(held, 2):
        if excluded_by(one.role, [other.role]) is not None and _overlap(one, other):
            yield f"roles: person {one.person_id} holds {one.role.value} beside {other.role.value}"


def _overlap(one: RoleGrant, other: RoleGrant) -> bool:
    begins = max(one.since, other.since)
    return all(each.until is None or each.until > begins for each in (one, other))


def _outliving(session: Session) -> Iterator[str]:
    """Whoever stands in holds the role no longer than the person they stand in for."""
    own = select(RoleGrant).where(RoleGrant.stands_in_for.is_(None)).subquery()
    held = select(own.c.id).where(
        own.c.person_id == RoleGrant.stands_in_for, own.c.authority_id == RoleGrant.authority_id,
        own.c.role == RoleGrant.role, own.c.since <= RoleGrant.since,
        or_(own.c.until.is_(None), own.c.until >= RoleGrant.until),
    )  # fmt: skip
    query = select(RoleGrant).where(RoleGrant.stands_in_for.is_not(None), ~held.exists())
    for grant in session.scalars(query.order_by(RoleGrant.id)):
        yield f"roles: stand-in {grant.id} outlives the role it stands in for"
