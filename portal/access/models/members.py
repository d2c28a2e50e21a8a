"""How people come to an organisation, and organisations to a consortium."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models.organisations import Organisation
from portal.access.policy import Tie
from portal.access.rules import PartnerRole
from portal.core.db import Base, value_enum
from portal.core.privacy import personal

LIVE = text("until IS NULL")
OPEN = text("decided_at IS NULL")


class Invitation(Base):
    """A place in an organisation offered to an address; accepted by whoever holds the link, signed in."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("tie IN ('owner', 'editor', 'viewer', 'reporter')", name="to_be_a_member"),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(320), index=True, info=personal("membership", retention="1y"))
    tie: Mapped[Tie] = mapped_column(value_enum(Tie))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()


class JoinRequest(Base):
    """Somebody asks to be let into an organisation; those who represent it decide."""

    __tablename__ = "join_request"
    __table_args__ = (
        Index("ix_join_request_organisation_id", "organisation_id"),
        Index(
            "uq_join_request_open",
            "person_id",
            "organisation_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name="decided_or_not"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    message: Mapped[str] = mapped_column(String(500), info=personal("membership", retention="1y"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]

    organisation: Mapped[Organisation] = relationship()


class ConsortiumPartner(Base):
    """An organisation in a consortium, dated; it counts once its own people have agreed. One leads at a time."""

    __tablename__ = "consortium_partner"
    __table_args__ = (
        Index("ix_consortium_partner_consortium_id", "consortium_id"),
        Index("ix_consortium_partner_organisation_id", "organisation_id"),
        Index(
            "uq_consortium_partner_live",
            "consortium_id",
            "organisation_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index(
            "uq_consortium_partner_lead",
            "consortium_id",
            unique=True,
            sqlite_where=text("until IS NULL AND role = 'lead'"),
            postgresql_where=text("until IS NULL AND role = 'lead'"),
        ),
        CheckConstraint("consortium_id <> organisation_id", name="not_itself"),
    )

    consortium_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[PartnerRole] = mapped_column(value_enum(PartnerRole))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    until: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
