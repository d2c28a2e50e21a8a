"""What an evaluator and who applies have in common, as far as it may be a conflict. Pure: a person decides.

Only what both sides said of themselves is compared. A mailbox that anybody may have says nothing, nor does an address
that exists nowhere (RFC 2606).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from portal.access.rules.names import MAILBOXES, plain, telling

NOWHERE = ("example", "test", "invalid", "localhost", "example.com", "example.org", "example.net")
PARTICLES = frozenset(
    {"da", "dal", "dalla", "de", "dei", "degli", "del", "della", "delle", "di", "la", "le", "li", "lo"}
)
FISCAL_CODE = re.compile(r"\b[A-Z]{6}[0-9A-Z]{2}[A-Z][0-9A-Z]{2}[A-Z][0-9A-Z]{3}[A-Z]\b")
EMAIL = re.compile(r"[^\s@\"<>,;:\\]+@([a-z0-9.-]+\.[a-z]{2,})")

FORMER_WITHIN = timedelta(days=5 * 365)
"""Whoever left an organisation since then is in conflict with it without anybody's decision (P11, P18)."""


class Likeness(StrEnum):
    """Why somebody may be in conflict with an application."""

    MEMBER = "member"
    FORMER_MEMBER = "former_member"
    PARTNER = "partner"
    NAMED_ORGANISATION = "named_organisation"
    FISCAL_CODE = "fiscal_code"
    EMAIL_DOMAIN = "email_domain"
    ADDRESS = "address"
    COACH = "coach"
    FAMILY_AND_ADDRESS = "family_and_address"


@dataclass(frozen=True, slots=True)
class Place:
    """A street with its number, and the city."""

    street: str = ""
    city: str = ""

    @property
    def compared(self) -> str:
        """Both in plain words; nothing where one is missing."""
        street, city = plain(self.street), plain(self.city)
        return f"{street}, {city}" if street and city else ""


@dataclass(frozen=True)
class Somebody:
    """What is compared of one who evaluates. `organisations`: as they named them, one a line, by name or code."""

    name: str
    email: str = ""
    codes: frozenset[str] = frozenset()
    home: Place = Place()
    organisations: str = ""
    member_of: frozenset[UUID] = frozenset()
    was_member_of: frozenset[UUID] = frozenset()
    coaches: frozenset[UUID] = frozenset()

    @cached_property
    def family(self) -> frozenset[str]:
        """The words of the family name: all but the first word, which is the given name."""
        return frozenset(plain(self.name).split()[1:]) - PARTICLES

    @cached_property
    def named(self) -> frozenset[str]:
        """What they named: codes as they are, names by their telling words."""
        return frozenset(said for line in self.organisations.splitlines() if line.strip() for said in _said(line))


@dataclass(frozen=True)
class Applicant:
    """What is compared of who applies.

    `people`: each with where they live, or the seat of who applies. `others`: keys that a coach may be tied to.
    """

    organisation: UUID
    names: tuple[str, ...]
    partners: frozenset[UUID] = frozenset()
    partner_codes: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    places: tuple[Place, ...] = ()
    people: tuple[tuple[str, Place], ...] = ()
    others: frozenset[UUID] = frozenset()

    @cached_property
    def known_as(self) -> frozenset[str]:
        """Its codes and its partners', and every name by its telling words."""
        return self.codes | self.partner_codes | {" ".join(telling(name)) for name in self.names}


def likenesses(somebody: Somebody, applicant: Applicant) -> frozenset[Likeness]:
    """Everything the two have in common; the order in which anything is given changes nothing."""
    return frozenset(_found(somebody, applicant))


def _found(one: Somebody, other: Applicant) -> Iterator[Likeness]:
    if other.organisation in one.member_of:
        yield Likeness.MEMBER
    if other.organisation in one.was_member_of - one.member_of:
        yield Likeness.FORMER_MEMBER
    if other.partners & (one.member_of | one.was_member_of):
        yield Likeness.PARTNER
    if one.named & other.known_as:
        yield Likeness.NAMED_ORGANISATION
    if one.codes & other.codes:
        yield Likeness.FISCAL_CODE
    if domain_of(one.email) in other.domains - {""}:
        yield Likeness.EMAIL_DOMAIN
    if one.coaches & {other.organisation, *other.partners, *other.others}:
        yield Likeness.COACH
    yield from _where(one, other)


def _where(one: Somebody, other: Applicant) -> Iterator[Likeness]:
    home = one.home.compared
    if not home:
        return
    if home in {each.compared for each in other.places}:
        yield Likeness.ADDRESS
    if any(where.compared == home and one.family & set(plain(name).split()) for name, where in other.people):
        yield Likeness.FAMILY_AND_ADDRESS


def _said(line: str) -> Iterator[str]:
    code = re.sub(r"\W", "", line).upper()
    if len(code) in (11, 16) and any(each.isdigit() for each in code):
        yield code
    yield " ".join(telling(line))


def domain_of(email: str) -> str:
    """What follows the @, unless anybody may have an address there, or nobody has."""
    domain = email.rpartition("@")[2].strip().casefold()
    reserved = any(domain == each or domain.endswith(f".{each}") for each in NOWHERE)
    return "" if reserved or domain in MAILBOXES else domain


def domains_in(texts: Iterable[str]) -> frozenset[str]:
    """The domains of all addresses written in some texts."""
    found = {domain_of(f"@{domain}") for text in texts for domain in EMAIL.findall(text.casefold())}
    return frozenset(found - {""})


def codes_in(text: str) -> frozenset[str]:
    """Everything in a text that has the shape of a person's codice fiscale."""
    return frozenset(FISCAL_CODE.findall(text.upper()))
