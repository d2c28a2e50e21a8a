"""Reading people, organisations and ties."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from portal.access.models import (
    Authority,
    BankDetails,
    Organisation,
    Person,
    RoleGrant,
    Seal,
    SignInFailure,
    TieRow,
    VerifiedFact,
)
from portal.access.policy import Role, Tie
from portal.access.rules import FAILURE_WINDOW, BankDetailsStatus, FactKind
from portal.core.actor import Actor
from portal.core.errors import NotFound

READERS_OF_REHEARSALS = (Role.OFFICER, Role.AUDITOR)
"""Whoever holds one at an authority reads what is rehearsed in its twin, like an auditor there."""
MEMBER_TIES = (Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER)


Held = Select[Any, Any, Any, Any, Any]


def token_hash(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def email_hash(email: str) -> str:
    """What is stored of an address that failed to sign in."""
    return hashlib.sha256(email.strip().casefold().encode("utf-8", "surrogatepass")).hexdigest()


def actor_of(
    session: Session, person: Person, now: datetime, session_id: UUID | None = None, strong_at: datetime | None = None
) -> Actor:
    """The person with the roles, ties and seals in force now: one statement."""
    found = session.execute(_held(), {"whose": person.id, "at": now}).all()
    own = {row[1:3] for row in found if row[3] is None}
    return Actor(
        person_id=person.id,
        name=person.name,
        roles=frozenset(row[1:3] for row in found if row[0] == 1),
        ties=frozenset(row[1:3] for row in found if row[0] == 0),
        rehearsals=frozenset(row[2] for row in found if row[0] == 2),
        session_id=session_id,
        strong_at=strong_at,
        read_at=now,
        standing_in=frozenset(row[1:4] for row in found if row[3] is not None and row[1:3] not in own),
        sealed={row[2]: row[4] for row in sorted(found, key=lambda row: row[4] or now) if row[0] == 3},
    )


@cache
def _held() -> CompoundSelect[Any, Any, Any, Any, Any]:
    """The statement of `actor_of`, put together once: every request asks it. Seals are everybody's, and tell types."""
    nobody = type_coerce(null(), RoleGrant.stands_in_for.type)
    seals: Held = select(literal(3), literal(""), Seal.object_id, nobody, Seal.until)
    seals = seals.where(Seal.until >= bindparam("at"))
    roles: Held = select(
        literal(1), cast(RoleGrant.role, String), RoleGrant.authority_id, RoleGrant.stands_in_for, null()
    )
    ties: Held = select(literal(0), cast(TieRow.tie, String), TieRow.object_id, null(), null())
    twins: Held = select(literal(2), literal(""), Authority.id, null(), null()).join(
        RoleGrant, RoleGrant.authority_id == Authority.twin_of_id
    )
    twins = _in_force(twins.where(RoleGrant.role.in_(READERS_OF_REHEARSALS)), RoleGrant)
    return union_all(seals, _in_force(roles, RoleGrant), _in_force(ties, TieRow), twins)


def _in_force(query: Held, dated: type[RoleGrant | TieRow]) -> Held:
    ends = or_(dated.until.is_(None), dated.until > bindparam("at"))
    return query.where(dated.person_id == bindparam("whose"), dated.since <= bindparam("at"), ends)


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, whatever its case."""
    return session.scalars(select(Person).where(Person.email == email.strip().casefold())).one_or_none()


def recent_failures(session: Session, email: str, now: datetime) -> int:
    """Failed sign-ins of this address within the window of the lockout."""
    query = select(func.count(SignInFailure.id)).where(
        SignInFailure.email_hash == email_hash(email), SignInFailure.at > now - FAILURE_WINDOW
    )
    return int(session.scalar(query) or 0)


def organisations_of(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The organisations and groups the actor belongs to, by name."""
    ids = {tied for tie, tied in actor.ties if tie in MEMBER_TIES}
    query = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name, Organisation.id)
    return session.scalars(query).all()


def organisation(session: Session, organisation_id: UUID) -> Organisation:
    """One organisation, or NotFound."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def people_tied(session: Session, object_id: UUID, ties: Sequence[Tie], now: datetime) -> Sequence[Person]:
    """People tied to an object now, by name."""
    query = (
        select(Person)
        .join(TieRow, TieRow.person_id == Person.id)
        .where(
            TieRow.object_id == object_id,
            TieRow.tie.in_(ties),
            TieRow.since <= now,
            or_(TieRow.until.is_(None), TieRow.until > now),
        )
        .order_by(Person.name, Person.id)
    )
    return session.scalars(query).unique().all()


def people_by_object(
    session: Session, object_ids: Iterable[UUID], ties: Sequence[Tie], now: datetime
) -> list[tuple[UUID, Tie, Person]]:
    """People with an open account tied to any of these objects now: object, tie and person, by object, then by name."""
    query = (
        select(TieRow.object_id, TieRow.tie, Person)
        .join(Person, Person.id == TieRow.person_id)
        .where(TieRow.object_id.in_(list(object_ids)), TieRow.tie.in_(ties), Person.disabled_at.is_(None))
        .where(TieRow.since <= now, or_(TieRow.until.is_(None), TieRow.until > now))
        .order_by(TieRow.object_id, Person.name, Person.id, TieRow.tie)
    )
    return [(object_id, how, person) for object_id, how, person in session.execute(query)]


def people_with_role(session: Session, role: Role, authority_id: UUID, now: datetime) -> Sequence[Person]:
    """Staff of an authority in this role now, by name."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == role, RoleGrant.authority_id == authority_id, RoleGrant.since <= now)
        .where(or_(RoleGrant.until.is_(None), RoleGrant.until > now), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return session.scalars(query).unique().all()


def bank_details_in_force(session: Session, organisation_id: UUID) -> BankDetails | None:
    """The verified account of an organisation, if any."""
    query = select(BankDetails).where(
        BankDetails.organisation_id == organisation_id, BankDetails.status == BankDetailsStatus.VERIFIED
    )
    return session.scalars(query.order_by(BankDetails.proposed_at.desc())).first()


def bank_details_proposed(session: Session, organisation_id: UUID) -> BankDetails | None:
    """The account that waits for a second person, if any."""
    query = select(BankDetails).where(
        BankDetails.organisation_id == organisation_id, BankDetails.status == BankDetailsStatus.PROPOSED
    )
    return session.scalars(query.order_by(BankDetails.proposed_at.desc())).first()


def latest_fact(session: Session, organisation_id: UUID, kind: FactKind) -> VerifiedFact | None:
    """The newest verified fact of this kind."""
    query = select(VerifiedFact).where(VerifiedFact.organisation_id == organisation_id, VerifiedFact.kind == kind)
    return session.scalars(query.order_by(VerifiedFact.issued_on.desc(), VerifiedFact.id.desc())).first()


def authority_by_code(session: Session, code: str) -> Authority | None:
    """The authority with this code."""
    return session.scalars(select(Authority).where(Authority.code == code)).one_or_none()
