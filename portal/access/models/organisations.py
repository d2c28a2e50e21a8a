"""Organisations and groups: identifiers, account to be paid, facts the office has verified."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.access.rules import BankDetailsStatus, FactKind, LegalForm, Likeness, OfferStatus, OrganisationKind
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.documents.models import StoredFile

if TYPE_CHECKING:
    from portal.access.models.members import ConsortiumPartner

PLAIN = tuple(range(10))
DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def _digit(column: str, position: int, worth: tuple[int, ...]) -> str:
    cases = " ".join(f"WHEN '{digit}' THEN {worth[digit]}" for digit in range(10))
    return f"CASE substr({column}, {position}, 1) {cases} END"


def eleven_digits_checked(column: str) -> str:
    """SQL that holds when a column has eleven digits of which the last checks the others (DM 23/12/1976)."""
    total = " + ".join(_digit(column, at, DOUBLED if at % 2 == 0 else PLAIN) for at in range(1, 12))
    tens = ", ".join(str(ten) for ten in range(0, 100, 10))
    return f"(length({column}) = 11 AND COALESCE({total}, 1) IN ({tens}))"


ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
"""What the letters A to Z are worth at odd positions of a codice fiscale; a digit is worth what its letter is."""


def _character(column: str, position: int) -> str:
    worth = [(str(digit), ODD[digit] if position % 2 else digit) for digit in range(10)]
    worth += [(chr(ord("A") + place), ODD[place] if position % 2 else place) for place in range(26)]
    cases = " ".join(f"WHEN '{character}' THEN {value}" for character, value in worth)
    return f"CASE substr({column}, {position}, 1) {cases} END"


def sixteen_characters_checked(column: str) -> str:
    """SQL that holds when a column has sixteen characters of which the last checks the others (DM 23/12/1976)."""
    total = " + ".join(_character(column, at) for at in range(1, 16))
    letters = " ".join(f"WHEN '{chr(ord('A') + place)}' THEN {place}" for place in range(26))
    last = f"CASE substr({column}, 16, 1) {letters} END"
    return f"(length({column}) = 16 AND COALESCE(({total} - ({last})) % 26, 1) = 0)"


def _only_one(name: str, *columns: str, status: str) -> Index:
    where = text(f"status = '{status}'")
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


class Organisation(Base):
    """Who applies and receives: a legal entity, an informal group or a consortium.

    The key stays when a group becomes an entity. Of the identifiers a group and a consortium have none.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'informal_group') = (legal_form = 'informal_group')",
            name="an_informal_group_has_no_legal_form",
        ),
        CheckConstraint(
            "(kind = 'consortium') = (legal_form = 'temporary_association')",
            name="a_consortium_is_a_temporary_association",
        ),
        CheckConstraint(
            "kind = 'legal_entity' OR (fiscal_code IS NULL AND vat_number IS NULL AND runts_number IS NULL)",
            name="only_legal_entities_have_identifiers",
        ),
        CheckConstraint(
            f"fiscal_code IS NULL OR {sixteen_characters_checked('fiscal_code')}"
            f" OR {eleven_digits_checked('fiscal_code')}",
            name="fiscal_code_checked",
        ),
        CheckConstraint(f"vat_number IS NULL OR {eleven_digits_checked('vat_number')}", name="vat_number_checked"),
        CheckConstraint("runts_number BETWEEN 1 AND 9999999", name="runts_number_plausible"),
        Index("ix_organisation_name", "name"),
        holding(lazy_("Organisations and groups")),
    )

    kind: Mapped[OrganisationKind] = mapped_column(value_enum(OrganisationKind))
    legal_form: Mapped[LegalForm] = mapped_column(value_enum(LegalForm))
    name: Mapped[str] = mapped_column(String(200), info=impersonal)
    fiscal_code: Mapped[str | None] = mapped_column(String(16), unique=True, info=personal("contact"))
    vat_number: Mapped[str | None] = mapped_column(String(11), unique=True, info=personal("contact"))
    runts_number: Mapped[int | None] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(String(320), info=personal("contact"))
    pec: Mapped[str | None] = mapped_column(String(320), info=personal("contact"))
    phone: Mapped[str | None] = mapped_column(String(32), info=personal("contact"))
    website: Mapped[str | None] = mapped_column(String(300), info=impersonal)
    mission: Mapped[str | None] = mapped_column(Text, info=impersonal)
    address: Mapped[str | None] = mapped_column(String(300), info=personal("contact"))
    postal_code: Mapped[str | None] = mapped_column(String(5), info=personal("contact"))
    city: Mapped[str | None] = mapped_column(String(120), info=personal("contact"))
    province: Mapped[str | None] = mapped_column(String(2), info=personal("contact"))
    district: Mapped[str | None] = mapped_column(String(120), info=personal("contact"))
    representative_name: Mapped[str | None] = mapped_column(String(200), info=personal("representation"))
    representative_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The account of the legal representative, when they have one."""
    founded_on: Mapped[date | None]
    created_at: Mapped[datetime]
    incorporated_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    partners: Mapped[list["ConsortiumPartner"]] = relationship(
        primaryjoin="and_(Organisation.id == ConsortiumPartner.consortium_id, ConsortiumPartner.until.is_(None),"
        " ConsortiumPartner.agreed_at.is_not(None))",
        foreign_keys="ConsortiumPartner.consortium_id",
        order_by="ConsortiumPartner.role, ConsortiumPartner.agreed_at, ConsortiumPartner.id",
        viewonly=True,
    )
    """Of a consortium: the organisations that agreed to it, the lead first."""

    @property
    def guard(self) -> Guard:
        """Its members; staff reach it through the objects of their own authority."""
        return Guard(objects=(self.id,))

    @property
    def seat(self) -> str:
        """Street, CAP, city, province and quarter on one line."""
        province = f"({self.province})" if self.province else None
        town = " ".join(part for part in (self.postal_code, self.city, province) if part)
        return ", ".join(part for part in (self.address, town, self.district) if part)

    @property
    def is_informal(self) -> bool:
        """Whether it still has to become a legal entity."""
        return self.kind is OrganisationKind.INFORMAL_GROUP

    @property
    def is_consortium(self) -> bool:
        """Whether several organisations act together under this name."""
        return self.kind is OrganisationKind.CONSORTIUM


class OrganisationRegistration(Base):
    """An organisation registered a document with an authority: from then on its staff may open its page."""

    __tablename__ = "organisation_registration"
    __table_args__ = (
        UniqueConstraint("organisation_id", "authority_id"),
        Index("ix_organisation_registration_authority_id", "authority_id"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    since: Mapped[datetime]


class BankDetails(Stateful, Base):
    """The account to be paid; proposed by one person, verified by another. One waits, one is in force, at most."""

    __tablename__ = "bank_details"
    __table_args__ = (
        Index("ix_bank_details_organisation_id", "organisation_id"),
        CheckConstraint("verified_by IS NULL OR verified_by <> proposed_by", name="two_people"),
        CheckConstraint("status <> 'verified' OR verified_by IS NOT NULL", name="verified_by_somebody"),
        CheckConstraint("(status = 'rejected') = (rejected_by IS NOT NULL)", name="rejected_by_somebody"),
        _only_one("uq_bank_details_proposed", "organisation_id", status="proposed"),
        _only_one("uq_bank_details_verified", "organisation_id", status="verified"),
        holding(lazy_("Accounts to be paid")),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    iban: Mapped[str] = mapped_column(String(34), info=personal("payment"))
    holder: Mapped[str] = mapped_column(String(140), info=personal("payment"))
    status: Mapped[BankDetailsStatus] = mapped_column(value_enum(BankDetailsStatus))
    status_at: Mapped[datetime]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    rejected_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    rejection_reason: Mapped[str | None] = mapped_column(String(500), info=personal("payment", export="file"))

    organisation: Mapped[Organisation] = relationship()


class VerifiedFact(Base):
    """A fact about an organisation that the office has checked: source, date, expiry, file."""

    __tablename__ = "verified_fact"
    __table_args__ = (
        Index("ix_verified_fact_organisation_id", "organisation_id"),
        CheckConstraint("valid_until >= issued_on", name="expires_after_its_issue"),
        holding(lazy_("Verified facts")),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[FactKind] = mapped_column(value_enum(FactKind))
    source: Mapped[str] = mapped_column(String(300), info=impersonal)
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text, info=personal("facts", subject="recorded_by"))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship()


class OfferedFact(Stateful, Base):
    """A document that members handed in; the office verifies it into a fact, or refuses it with a reason."""

    __tablename__ = "offered_fact"
    __table_args__ = (
        Index("ix_offered_fact_organisation_id", "organisation_id"),
        CheckConstraint("status <> 'refused' OR refusal_reason IS NOT NULL", name="refused_with_a_reason"),
        CheckConstraint("(status = 'verified') = (fact_id IS NOT NULL)", name="verified_into_a_fact"),
        _only_one("uq_offered_fact_offered", "organisation_id", "kind", status="offered"),
        holding(lazy_("Documents handed in")),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[FactKind] = mapped_column(value_enum(FactKind))
    issued_on: Mapped[date]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    status: Mapped[OfferStatus] = mapped_column(value_enum(OfferStatus))
    status_at: Mapped[datetime]
    offered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    refusal_reason: Mapped[str | None] = mapped_column(String(500), info=personal("facts", subject="decided_by"))
    fact_id: Mapped[UUID | None] = mapped_column(ForeignKey("verified_fact.id"), index=True)

    file: Mapped[StoredFile] = relationship()
    organisation: Mapped[Organisation] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the office."""
        return self.status is OfferStatus.OFFERED


class LikenessVerdict(Base):
    """What an officer decided about two organisations that look alike; the pair is kept smaller key first."""

    __tablename__ = "likeness_verdict"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id", "authority_id"),
        Index("ix_likeness_verdict_second_id", "second_id"),
        Index("ix_likeness_verdict_authority_id", "authority_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        holding(lazy_("Organisations compared")),
    )

    first_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    likeness: Mapped[Likeness] = mapped_column(value_enum(Likeness))
    note: Mapped[str] = mapped_column(String(500), default="", info=personal("facts", subject="decided_by"))
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
