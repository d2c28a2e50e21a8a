"""Organisations and groups: identifiers, account to be paid, facts the office has verified."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.access.rules import BankDetailsStatus, FactKind, LegalForm, Likeness, OfferStatus, OrganisationKind
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.privacy import personal

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
            f"fiscal_code IS NULL OR length(fiscal_code) = 16 OR {eleven_digits_checked('fiscal_code')}",
            name="fiscal_code_checked",
        ),
        CheckConstraint(f"vat_number IS NULL OR {eleven_digits_checked('vat_number')}", name="vat_number_checked"),
        CheckConstraint("runts_number BETWEEN 1 AND 9999999", name="runts_number_plausible"),
        Index("ix_organisation_name", "name"),
    )

    kind: Mapped[OrganisationKind] = mapped_column(value_enum(OrganisationKind))
    legal_form: Mapped[LegalForm] = mapped_column(value_enum(LegalForm))
    name: Mapped[str] = mapped_column(String(200))
    fiscal_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    vat_number: Mapped[str | None] = mapped_column(String(11), unique=True)
    runts_number: Mapped[int | None] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(String(320), info=personal("contact"))
    pec: Mapped[str | None] = mapped_column(String(320), info=personal("contact"))
    phone: Mapped[str | None] = mapped_column(String(32), info=personal("contact"))
    website: Mapped[str | None] = mapped_column(String(300))
    mission: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(300))
    postal_code: Mapped[str | None] = mapped_column(String(5))
    city: Mapped[str | None] = mapped_column(String(120))
    province: Mapped[str | None] = mapped_column(String(2))
    district: Mapped[str | None] = mapped_column(String(120))
    representative_name: Mapped[str | None] = mapped_column(String(200), info=personal("representation"))
    representative_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The account of the legal representative, when they have one."""
    founded_on: Mapped[date | None]
    created_at: Mapped[datetime]
    incorporated_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def guard(self) -> Guard:
        """Its members; staff reach it through the objects of their own authority."""
        return Guard(objects=(self.id,))

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
    """The account to be paid; proposed by one person, verified by another."""

    __tablename__ = "bank_details"
    __table_args__ = (
        Index("ix_bank_details_organisation_id", "organisation_id"),
        CheckConstraint("verified_by IS NULL OR verified_by <> proposed_by", name="two_people"),
        CheckConstraint("status <> 'verified' OR verified_by IS NOT NULL", name="verified_by_somebody"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    iban: Mapped[str] = mapped_column(String(34), info=personal("payment", export="finance"))
    holder: Mapped[str] = mapped_column(String(140), info=personal("payment", export="finance"))
    status: Mapped[BankDetailsStatus] = mapped_column(value_enum(BankDetailsStatus))
    status_at: Mapped[datetime]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation] = relationship()


class VerifiedFact(Base):
    """A fact about an organisation that the office has checked: source, date, expiry, file."""

    __tablename__ = "verified_fact"
    __table_args__ = (Index("ix_verified_fact_organisation_id", "organisation_id"),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[FactKind] = mapped_column(value_enum(FactKind))
    source: Mapped[str] = mapped_column(String(300))
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class OfferedFact(Stateful, Base):
    """A document that members handed in; the office verifies it into a fact, or refuses it with a reason."""

    __tablename__ = "offered_fact"
    __table_args__ = (
        Index("ix_offered_fact_organisation_id", "organisation_id"),
        CheckConstraint("status <> 'refused' OR refusal_reason IS NOT NULL", name="refused_with_a_reason"),
        CheckConstraint("(status = 'verified') = (fact_id IS NOT NULL)", name="verified_into_a_fact"),
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
    refusal_reason: Mapped[str | None] = mapped_column(String(500))
    fact_id: Mapped[UUID | None] = mapped_column(ForeignKey("verified_fact.id"), index=True)


class LikenessVerdict(Base):
    """What an officer decided about two organisations that look alike; the pair is kept smaller key first."""

    __tablename__ = "likeness_verdict"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id", "authority_id"),
        Index("ix_likeness_verdict_second_id", "second_id"),
        Index("ix_likeness_verdict_authority_id", "authority_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
    )

    first_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    likeness: Mapped[Likeness] = mapped_column(value_enum(Likeness))
    note: Mapped[str] = mapped_column(String(500), default="")
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
