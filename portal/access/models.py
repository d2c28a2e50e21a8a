"""Authorities, people, their roles and ties, sessions, organisations with bank details and verified facts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard, Role, Tie
from portal.access.rules import BankDetailsStatus, FactKind, LegalForm, OrganisationKind
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.privacy import personal


class Authority(Base):
    """A metropolitan city (or its municipality) that runs calls on this instance."""

    __tablename__ = "authority"

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    istat_code: Mapped[str | None] = mapped_column(String(6))
    fiscal_code: Mapped[str | None] = mapped_column(String(11))
    office: Mapped[str | None] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(String(320))
    iban: Mapped[str | None] = mapped_column(String(34))
    bic: Mapped[str | None] = mapped_column(String(11))

    @property
    def guard(self) -> Guard:
        """Staff of the authority itself."""
        return Guard(authority_id=self.id)


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "person"

    email: Mapped[str] = mapped_column(String(320), unique=True, info=personal("sign-in"))
    name: Mapped[str] = mapped_column(String(200), info=personal("sign-in"))
    password_hash: Mapped[str] = mapped_column(String(200), info=personal("sign-in", export="never"))
    locale: Mapped[str] = mapped_column(String(2), default="it")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A staff role of one person in one authority, dated."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("ix_role_grant_person_id", "person_id"),
        CheckConstraint("person_id <> granted_by", name="nobody_grants_to_oneself"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    role: Mapped[Role] = mapped_column(value_enum(Role))
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class TieRow(Base):
    """What binds a person to an object, dated; written by the room that creates it, read by every filter."""

    __tablename__ = "tie"
    __table_args__ = (
        Index("ix_tie_person_id", "person_id"),
        Index("ix_tie_object_id", "object_id"),
        Index(
            "uq_tie_live",
            "person_id",
            "tie",
            "object_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    tie: Mapped[Tie] = mapped_column(value_enum(Tie))
    object_type: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[UUID]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class WebSession(Base):
    """A sign-in: signing out, disabling the person or an expiry ends it at the next request."""

    __tablename__ = "web_session"
    __table_args__ = (Index("ix_web_session_person_id", "person_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(String(200), default="", info=personal("security", retention="1y"))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_end: Mapped[datetime]
    absolute_end: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A failed sign-in; the address is kept only as a hash, whether or not an account has it."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_email_hash_at", "email_hash", "at"),)

    email_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Organisation(Base):
    """Who applies and receives: a legal entity or an informal group. The key stays when a group becomes an entity."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'informal_group') = (legal_form = 'informal_group')",
            name="an_informal_group_has_no_legal_form",
        ),
        CheckConstraint("kind <> 'informal_group' OR fiscal_code IS NULL", name="an_informal_group_has_no_fiscal_code"),
    )

    kind: Mapped[OrganisationKind] = mapped_column(value_enum(OrganisationKind))
    legal_form: Mapped[LegalForm] = mapped_column(value_enum(LegalForm))
    name: Mapped[str] = mapped_column(String(200))
    fiscal_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    email: Mapped[str] = mapped_column(String(320), info=personal("contact"))
    address: Mapped[str | None] = mapped_column(String(300))
    city: Mapped[str | None] = mapped_column(String(120))
    district: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    incorporated_on: Mapped[date | None]

    @property
    def guard(self) -> Guard:
        """Its members; staff reach it through the objects of their own authority."""
        return Guard(objects=(self.id,))

    @property
    def is_informal(self) -> bool:
        """Whether it still has to become a legal entity."""
        return self.kind is OrganisationKind.INFORMAL_GROUP


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
    """A fact about an organisation that the office has checked: source, date, expiry."""

    __tablename__ = "verified_fact"
    __table_args__ = (Index("ix_verified_fact_organisation_id", "organisation_id"),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[FactKind] = mapped_column(value_enum(FactKind))
    source: Mapped[str] = mapped_column(String(300))
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
