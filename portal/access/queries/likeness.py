"""Organisations that look alike, among those known to one authority: nothing of another authority comes in."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, literal, select, union_all
from sqlalchemy.orm import Session

from portal.access.models import (
    Authority,
    BankDetails,
    ConsortiumPartner,
    LikenessVerdict,
    Organisation,
    OrganisationRegistration,
    Person,
    TieRow,
)
from portal.access.policy import Action, Guard, Role, authorise
from portal.access.queries.people import MEMBER_TIES
from portal.access.rules.bank import BankDetailsStatus
from portal.access.rules.likeness import Cluster, Resemblance, Traits, clusters, resemblance, resembling, resembling_one
from portal.core.actor import Actor
from portal.core.errors import NotFound

MOST_SHOWN = 40
READERS = (Role.OFFICER, Role.AUDITOR)
COMPARED = (
    Organisation.id, Organisation.name, Organisation.fiscal_code, Organisation.vat_number, Organisation.email,
    Organisation.phone, Organisation.website, Organisation.address, Organisation.city,
    Organisation.representative_name, Organisation.representative_id,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfAuthority:
    """What officers decide for their authority; a secret to all others."""

    authority: Authority

    @property
    def guard(self) -> Guard:
        """Staff of that authority."""
        return Guard(authority_id=self.authority.id, is_secret=True)


@dataclass(frozen=True, slots=True)
class LikenessPage:
    """What waits for an officer's word, the strongest first, and what was said before."""

    seen: OfAuthority
    authorities: Sequence[Authority]
    clusters: Sequence[Cluster]
    total: int
    verdicts: Sequence[LikenessVerdict]
    organisations: dict[UUID, Organisation]
    people: dict[str, str]


@dataclass(frozen=True, slots=True)
class PairPage:
    """Two organisations side by side: why they look alike (None: nothing says so any more), and the verdict."""

    seen: OfAuthority
    first: Organisation
    second: Organisation
    found: Resemblance | None
    verdict: LikenessVerdict | None
    people: dict[str, str]


def likeness_page(session: Session, actor: Actor, code: str | None) -> LikenessPage:
    """The page of one authority of the actor: the one asked for, else the first by name; NotFound for others."""
    mine = {authority for role, authority in actor.roles if role in READERS}
    query = select(Authority).where(Authority.id.in_(mine)).order_by(Authority.name, Authority.id)
    authorities = session.scalars(query).all()
    wanted = next((each for each in authorities if code in (None, each.code)), None)
    if wanted is None:
        raise NotFound
    seen = OfAuthority(wanted)
    authorise(actor, Action.LIKENESS_READ, seen)
    verdicts = _verdicts(session, wanted.id)
    decided = {(each.first_id, each.second_id) for each in verdicts}
    known = known_traits(session, wanted.id)
    open_pairs = [pair for pair in resembling(known.traits) if (pair.first_id, pair.second_id) not in decided]
    groups = clusters(open_pairs)
    shown, told = groups[:MOST_SHOWN], verdicts[:MOST_SHOWN]
    ids = {key for group in shown for key in group.ids} | {
        key for each in told for key in (each.first_id, each.second_id)
    }
    return LikenessPage(
        seen=seen,
        authorities=authorities,
        clusters=shown,
        total=len(groups),
        verdicts=told,
        organisations=_organisations(session, ids),
        people=known.people,
    )


def pair_page(
    session: Session, code: str, ids: tuple[UUID, UUID], actor: Actor, action: Action = Action.LIKENESS_READ
) -> PairPage:
    """Two organisations that the authority knows, in the order of their keys; or NotFound."""
    authority = session.scalars(select(Authority).where(Authority.code == code)).one_or_none()
    if authority is None:
        raise NotFound
    seen = OfAuthority(authority)
    authorise(actor, action, seen)
    first_id, second_id = sorted(ids)
    known = known_traits(session, authority.id, {first_id, second_id})
    if len(known.traits) != 2:
        raise NotFound
    found = resemblance(*known.traits)
    return PairPage(
        seen=seen,
        first=session.get_one(Organisation, first_id),
        second=session.get_one(Organisation, second_id),
        found=found,
        verdict=verdict_of(session, authority.id, first_id, second_id),
        people=known.people,
    )


def likeness_count(session: Session, organisation_id: UUID, authority_id: UUID) -> int:
    """How many organisations look like this one to an authority that knows both, and wait for a word."""
    everybody = known_traits(session, authority_id).traits
    subject = next((traits for traits in everybody if traits.id == organisation_id), None)
    if subject is None:
        return 0
    found = resembling_one(subject, everybody)
    if not found:
        return 0
    decided = {(each.first_id, each.second_id) for each in _verdicts(session, authority_id)}
    return sum((pair.first_id, pair.second_id) not in decided for pair in found)


def verdict_of(session: Session, authority_id: UUID, first_id: UUID, second_id: UUID) -> LikenessVerdict | None:
    """What was said of a pair, smaller key first."""
    query = select(LikenessVerdict).where(
        LikenessVerdict.authority_id == authority_id,
        LikenessVerdict.first_id == first_id,
        LikenessVerdict.second_id == second_id,
    )
    return session.scalars(query).one_or_none()


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of the organisations an authority knows, by key, and the names of their people."""

    traits: list[Traits]
    people: dict[str, str]


def known_traits(session: Session, authority_id: UUID, only: Iterable[UUID] | None = None) -> Known:
    """What is compared of the organisations an authority knows: two statements, however many there are."""
    known = select(OrganisationRegistration.organisation_id).where(
        OrganisationRegistration.authority_id == authority_id
    )
    if only is not None:
        known = known.where(OrganisationRegistration.organisation_id.in_(list(only)))
    shared, people = _shared(session, known)
    query = select(*COMPARED).where(Organisation.id.in_(known)).order_by(Organisation.id)
    return Known([_traits(row, shared[row.id.hex]) for row in session.execute(query)], people)


def _traits(row: Any, shared: dict[str, set[str]]) -> Traits:
    return Traits(
        id=row.id,
        name=row.name,
        codes=frozenset(code for code in (row.fiscal_code, row.vat_number) if code),
        email=row.email.casefold(),
        phone=row.phone or "",
        website=row.website or "",
        street=row.address or "",
        city=row.city or "",
        representative=row.representative_name or "",
        representative_id=row.representative_id,
        people=frozenset(shared["person"]),
        accounts=frozenset(shared["account"]),
        parts=frozenset(shared["part"]),
    )


Shared = dict[str, dict[str, set[str]]]


def _shared(session: Session, known: Any) -> tuple[Shared, dict[str, str]]:
    """People, fingerprints of accounts and partners by organisation, and people's names: one statement.

    Keys stay text here (32 hexadecimal digits): to make thousands of them objects would take longer than to compare.
    """
    people = (
        select(cast(TieRow.object_id, String), literal("person"), cast(TieRow.person_id, String), Person.name)
        .join(Person, Person.id == TieRow.person_id)
        .where(TieRow.object_id.in_(known), TieRow.tie.in_(MEMBER_TIES), TieRow.until.is_(None))
    )
    accounts = select(
        cast(BankDetails.organisation_id, String), literal("account"), cast(BankDetails.iban, String), literal("")
    ).where(BankDetails.organisation_id.in_(known), BankDetails.status != BankDetailsStatus.REJECTED)
    parts = select(
        cast(ConsortiumPartner.consortium_id, String), literal("part"),
        cast(ConsortiumPartner.organisation_id, String), literal(""),
    ).where(ConsortiumPartner.consortium_id.in_(known))  # fmt: skip
    found: Shared = defaultdict(lambda: defaultdict(set))
    names: dict[str, str] = {}
    for key, what, value, name in session.execute(union_all(people, accounts, parts)):
        bare = hashlib.sha256(value.encode()).hexdigest() if what == "account" else value.replace("-", "")
        found[key.replace("-", "")][what].add(bare)
        if what == "person":
            names[bare] = name
    return found, names


def _verdicts(session: Session, authority_id: UUID) -> Sequence[LikenessVerdict]:
    query = select(LikenessVerdict).where(LikenessVerdict.authority_id == authority_id)
    return session.scalars(query.order_by(LikenessVerdict.decided_at.desc(), LikenessVerdict.id.desc())).all()


def _organisations(session: Session, ids: Iterable[UUID]) -> dict[UUID, Organisation]:
    query = select(Organisation).where(Organisation.id.in_(list(ids))).order_by(Organisation.id)
    return {found.id: found for found in session.scalars(query)}
