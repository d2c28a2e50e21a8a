"""The twin of an authority and everybody in it: made once, invented, and unable to sign in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, Person, RoleGrant
from portal.access.policy import Role
from portal.access.queries import actor_of, person_by_email
from portal.access.queries.twins import twin_of
from portal.access.rules import OrganisationKind
from portal.calls.rules import AuthorityInfo
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import NotFound
from portal.core.mail import NOWHERE
from portal.rehearsal.cast import Part
from portal.rehearsal.codes import entity_code, iban_code
from portal.rehearsal.models import Rehearsal
from portal.rehearsal.words import full_name, steady

NO_PASSWORD = "!"  # noqa: S105 - what no password hashes to
MARK = "PROVA"
LONGEST_CODE, LONGEST_NAME = 32, 200
STAFF: tuple[tuple[str, Role], ...] = (
    ("author", Role.OFFICER),
    ("officer", Role.OFFICER),
    ("chair", Role.CHAIR),
    ("maker", Role.FINANCE_MAKER),
    ("approver", Role.FINANCE_APPROVER),
    ("coach", Role.COACH),
)
"""Two officers, since nobody approves what they wrote; evaluators as many as the call asks for."""


def domain_of(rehearsal_id: UUID) -> str:
    """Where the addresses of everybody in a rehearsal end; always of the same length."""
    return f"@{rehearsal_id.hex}.prova{NOWHERE}"


DOMAIN_LENGTH = len(domain_of(UUID(int=0)))


def twin_for(session: Session, authority: Authority, *, actor: Actor, now: datetime) -> Authority:
    """The twin of an authority, made at its first rehearsal: its own register, its own ledger, no look of its own."""
    found = twin_of(session, authority.id)
    if found is not None:
        return found
    twin = Authority(
        code=authority.code[: LONGEST_CODE - 6] + "-prova", name=f"{authority.name[: LONGEST_NAME - 8]} – {MARK}",
        twin_of_id=authority.id, iban=iban_code(0), bic="BPBAIT3BXXX", office=authority.office,
        email=f"ufficio@{authority.code}.prova{NOWHERE}", register_code=MARK,
    )  # fmt: skip
    session.add(twin)
    session.flush()
    record(session, at=now, actor=actor, event="authority.twin_made", subject=authority, after={"twin": twin.id})
    return twin


def info_of(twin: Authority) -> AuthorityInfo:
    """The twin as the file of its calls names it."""
    return AuthorityInfo(code=twin.code, name=twin.name, iban=twin.iban, bic=twin.bic)


@dataclass(frozen=True)
class Troupe:
    """The invented people and applicants of one rehearsal, found by their addresses."""

    session: Session
    rehearsal: Rehearsal

    @property
    def domain(self) -> str:
        """Where all their addresses end: nobody's."""
        return domain_of(self.rehearsal.id)

    def person(self, key: str) -> Person:
        """Somebody by key, or NotFound."""
        found = person_by_email(self.session, key + self.domain)
        if found is None:
            raise NotFound
        return found

    def actor(self, key: str, now: datetime) -> Actor:
        """Somebody as an operation receives them."""
        self.session.flush()
        return actor_of(self.session, self.person(key), now, strong_at=now)

    def owner_of(self, organisation_id: UUID, now: datetime) -> Actor:
        """Whoever represents an applicant."""
        return self.actor(self.key_of(organisation_id), now)

    def key_of(self, organisation_id: UUID) -> str:
        """The key of an applicant."""
        return self.session.get_one(Organisation, organisation_id).email.partition("@")[0]

    def organisation(self, part: Part) -> Organisation:
        """The applicant that plays a part, whatever it became: by its address; a consortium has that of its lead."""
        key = f"{part.key}-lead" if part.is_consortium else part.key
        is_consortium = Organisation.kind == OrganisationKind.CONSORTIUM
        mine = is_consortium if part.is_consortium else ~is_consortium
        return self.session.scalars(select(Organisation).where(Organisation.email == key + self.domain, mine)).one()

    def invite(self, key: str, *, now: datetime, role: Role | None = None) -> Person:
        """Invent somebody, with a staff role of the twin; an address that exists is somebody already here."""
        found = person_by_email(self.session, key + self.domain)
        return found or self._invent(key, role, now)

    def _invent(self, key: str, role: Role | None, now: datetime) -> Person:
        name = full_name(f"{self.rehearsal.id}{key}")
        person = Person(email=key + self.domain, name=name, password_hash=NO_PASSWORD, created_at=now)
        self.session.add(person)
        self.session.flush()
        record(self.session, at=now, actor=SYSTEM, event="person.created", subject=person)
        if role is not None:
            grant = RoleGrant(person_id=person.id, role=role, since=now, authority_id=self.rehearsal.twin_id)
            self.session.add(grant)
            record(self.session, at=now, actor=SYSTEM, event="role.granted", subject=grant, after={"role": role})
        return person

    def fiscal_code(self, key: str) -> str:
        """A codice fiscale that no organisation here has."""
        number = steady(f"{self.rehearsal.id}{key}", 9_000_000)
        while self.session.scalar(select(Organisation.id).where(Organisation.fiscal_code == entity_code(number))):
            number += 1
        return entity_code(number)

    def people(self) -> Select[UUID]:
        """The keys of everybody who was invented for this rehearsal."""
        return select(Person.id).where(Person.email.endswith(self.domain))

    def send_home(self, now: datetime) -> None:
        """End every role and disable everybody: nobody of this rehearsal acts any more."""
        mine = self.people()
        ended = update(RoleGrant).where(RoleGrant.person_id.in_(mine), RoleGrant.until.is_(None))
        self.session.execute(ended.values(until=now), execution_options={"synchronize_session": False})
        gone = update(Person).where(Person.id.in_(mine)).values(disabled_at=now)
        self.session.execute(gone, execution_options={"synchronize_session": False})


def evaluators_of(count: int) -> list[str]:
    """The keys of evaluators beside the chair, so many that the commission is odd and large enough."""
    others = max(count - 1, 2)
    return [f"evaluator-{place}" for place in range(1, others + others % 2 + 1)]
