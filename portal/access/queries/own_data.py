"""What is held about one person, in words and whole; requests about personal data; what will go when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import (
    Authority,
    OrganisationRegistration,
    OwnCopy,
    Person,
    PrivacyRequest,
    TieRow,
)
from portal.access.policy import Action, Role, authorise
from portal.access.queries.accounts import own_person
from portal.access.queries.people import MEMBER_TIES, email_hash
from portal.core.actor import Actor
from portal.core.audit import AuditEvent
from portal.core.db import Base
from portal.core.errors import NotFound
from portal.core.privacy import PURPOSES, Purpose
from portal.core.privacy.copies import Held, acts_of, copied, held, plain, referred_to
from portal.core.privacy.erasing import mentions, names
from portal.core.privacy.nature import tables, tags_of
from portal.core.privacy.reach import Identity, own_rows
from portal.core.privacy.treatment import Export, Fate
from portal.core.privacy.words import field_words, table_words

MOST_ANSWERED = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of record about the person: what it is called, how many, the newest values where they get a copy."""

    records: object
    field: object
    rows: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What is held for one purpose: what they get a copy of, and what stands in the papers of a procedure."""

    purpose: Purpose
    own: list[Line]
    in_files: list[Line]


@dataclass(frozen=True, slots=True)
class OwnData:
    """The page of one's own data."""

    sections: list[Section]
    references: list[Line]
    requests: Sequence[PrivacyRequest]
    copies: Sequence[OwnCopy]


def identity_of(session: Session, person: Person, *, former: bool = False) -> Identity:
    """Whom to look for. With `former`, under every name and address the account had that no other account has now."""
    addresses, names = {person.email}, set()
    if former:
        addresses |= _once(session, person, "person.email_changed", "email")
        names = _once(session, person, "person.renamed", "name") - {person.name}
        others = select(Person.email, Person.name).where(
            or_(Person.email.in_(addresses), Person.name.in_(names)), Person.id != person.id
        )
        for email, name in session.execute(others).all():
            addresses.discard(email)
            names.discard(name)
    hashes = frozenset(email_hash(address) for address in addresses)
    return Identity(person.id, person.name, frozenset(addresses), hashes, frozenset(names))


def _once(session: Session, person: Person, event: str, key: str) -> set[str]:
    """What the account was once called, or where it was reached: as its own trail tells."""
    own = (AuditEvent.subject_type == Person.__tablename__) & (AuditEvent.subject_id == person.id)
    changed = select(AuditEvent).where(own, AuditEvent.event == event).order_by(AuditEvent.sequence)
    told = [values for row in session.scalars(changed) for values in (row.before, row.after) if values]
    return {str(values[key]) for values in told if values.get(key)}


def own_data(session: Session, actor: Actor) -> OwnData:
    """Everything that the page of one's own data shows."""
    person = own_person(session, actor)
    who = identity_of(session, person)
    asked = select(PrivacyRequest).where(PrivacyRequest.person_id == person.id)
    copies = select(OwnCopy).where(OwnCopy.person_id == person.id)
    return OwnData(
        sections=_sections(held(session, Base.metadata, who)),
        references=[
            Line(table_words(Base.metadata.tables[table]), "", rows, ())
            for table, rows in referred_to(session, Base.metadata, who)
        ],
        requests=session.scalars(asked.order_by(PrivacyRequest.asked_at.desc(), PrivacyRequest.id.desc())).all(),
        copies=session.scalars(copies.order_by(OwnCopy.asked_at.desc(), OwnCopy.id.desc())).all(),
    )


def _sections(found: list[Held]) -> list[Section]:
    by_purpose: dict[str, Section] = {key: Section(purpose, [], []) for key, purpose in PURPOSES.items()}
    for each in found:
        section = by_purpose[each.purpose]
        (section.own if each.export is Export.SUBJECT else section.in_files).append(_line(each))
    return [section for section in by_purpose.values() if section.own or section.in_files]


def _line(each: Held) -> Line:
    table = Base.metadata.tables[each.table]
    return Line(table_words(table), field_words(table.columns[each.column]), each.rows, each.values)


def rows_held(session: Session, person: Person) -> int:
    """How long the copy would be: so many values and acts."""
    who = identity_of(session, person)
    counted = sum(each.rows for each in held(session, Base.metadata, who))
    return counted + sum(rows for _table, rows in referred_to(session, Base.metadata, who))


def own_document(session: Session, person: Person, *, now: datetime) -> dict[str, Any]:
    """The copy of one's own data as plain JSON: own rows, acts, and what stands in the papers of procedures."""
    who = identity_of(session, person)
    return {
        "format": 1,
        "made_at": plain(now),
        "person": {"id": str(person.id), "name": person.name, "email": person.email},
        "records": [
            {"table": table.name, "title": str(table_words(table)), "rows": rows}
            for table, rows in copied(session, Base.metadata, who)
        ],
        "acts": [
            {"table": table.name, "title": str(table_words(table)), "what": column, "rows": rows}
            for table, column, rows in acts_of(session, Base.metadata, who)
        ],
        "trail": _own_trail(session, person.id),
        "in_files": [
            {"table": each.table, "field": each.column, "purpose": each.purpose, "rows": each.rows}
            for each in held(session, Base.metadata, who)
            if each.export is not Export.SUBJECT
        ],
    }


def _own_trail(session: Session, person_id: UUID) -> list[dict[str, object]]:
    """What one did, without the values: they may be of others."""
    rows = (AuditEvent.at, AuditEvent.event, AuditEvent.subject_type, AuditEvent.subject_id, AuditEvent.actor_roles)
    query = select(*rows).where(AuditEvent.actor_id == person_id).order_by(AuditEvent.at, AuditEvent.id)
    names = ("at", "event", "object", "id", "as")
    return [dict(zip(names, map(plain, row), strict=True)) for row in session.execute(query)]


def own_copy(session: Session, copy_id: UUID, actor: Actor) -> OwnCopy:
    """A copy that was made for whoever asks, or NotFound."""
    found = session.get(OwnCopy, copy_id)
    if found is None or found.person_id != actor.person_id or found.content is None:
        raise NotFound
    return found


def authorities_that_hold(session: Session, actor: Actor) -> Sequence[Authority]:
    """The authorities to ask, by name: those that know one's organisations or gave one a role; else all of them."""
    tied = select(TieRow.object_id).where(TieRow.person_id == actor.person_id, TieRow.tie.in_(MEMBER_TIES))
    known = select(OrganisationRegistration.authority_id).where(OrganisationRegistration.organisation_id.in_(tied))
    given = {authority for _, authority in actor.roles}
    query = select(Authority).where(or_(Authority.id.in_(known), Authority.id.in_(given)))
    found = session.scalars(query.order_by(Authority.name, Authority.id)).all()
    every = select(Authority).where(Authority.twin_of_id.is_(None))
    return found or session.scalars(every.order_by(Authority.name, Authority.id)).all()


def requests_by_term(session: Session, actor: Actor) -> Sequence[PrivacyRequest]:
    """Requests to the authorities of a data protection officer: those that wait by their term, then those answered."""
    mine = PrivacyRequest.authority_id.in_(actor.authorities_as(Role.DATA_PROTECTION_OFFICER))
    query = select(PrivacyRequest).where(mine).options(joinedload(PrivacyRequest.person))
    order = (PrivacyRequest.decided_at.is_not(None), PrivacyRequest.due_at, PrivacyRequest.id)
    return session.scalars(query.order_by(*order).limit(MOST_ANSWERED)).all()


def open_requests(session: Session, actor: Actor) -> Sequence[PrivacyRequest]:
    """Requests that wait for an answer of this data protection officer, by their term."""
    authorities = actor.authorities_as(Role.DATA_PROTECTION_OFFICER)
    if not authorities:
        return ()
    mine = PrivacyRequest.authority_id.in_(authorities)
    query = select(PrivacyRequest).where(mine, PrivacyRequest.decided_at.is_(None))
    return session.scalars(query.order_by(PrivacyRequest.due_at, PrivacyRequest.id)).all()


def request_for(session: Session, request_id: UUID, actor: Actor, *, lock: bool = False) -> PrivacyRequest:
    """One request for its data protection officer, or NotFound; `lock` holds it for the answer."""
    query = select(PrivacyRequest).where(PrivacyRequest.id == request_id).options(joinedload(PrivacyRequest.person))
    found = session.scalars(query.with_for_update(of=PrivacyRequest) if lock else query).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.PRIVACY_DECIDE, found)
    return found


def events_about(session: Session, who: Identity) -> list[UUID]:
    """Events of the trail whose values are the person's: about the account and what goes with it, or naming them."""
    own = (AuditEvent.subject_type == Person.__tablename__) & (AuditEvent.subject_id == who.person_id)
    going = [
        (AuditEvent.subject_type == table.name)
        & AuditEvent.subject_id.in_(select(table.c.id).where(own_rows(table, who)))
        for table in tables(Base.metadata)
        if any(tag.erasure.fate is Fate.DELETE for _, tag in tags_of(table))
    ]
    found = set(session.scalars(select(AuditEvent.id).where(or_(own, *going))))
    values = (AuditEvent.before, AuditEvent.after, AuditEvent.reason)
    maybe = select(AuditEvent.id, *values).where(or_(*(mentions(column, who) for column in values)))
    found |= {row[0] for row in session.execute(maybe) if names(list(row[1:]), who)}
    return sorted(found)
