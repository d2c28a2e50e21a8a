"""How people come to an organisation, and organisations to a consortium."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models.organisations import Organisation
from portal.access.models.people import Person
from portal.access.policy import Guard, Tie
from portal.access.rules import PartnerRole
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import address, holding, personal, replaced
from portal.core.privacy.purposes import INVITATIONS_KEPT

LIVE = text("until IS NULL")
OPEN = text("decided_at IS NULL")
NOT_USED = text("accepted_at IS NULL AND withdrawn_at IS NULL")


class Invitation(Base):
    """A place in an organisation offered to an address; accepted by whoever holds the link, signed in."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("tie IN ('owner', 'editor', 'viewer', 'reporter')", name="to_be_a_member"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="accepted_or_withdrawn"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_by_somebody"),
        Index(
            "uq_invitation_open",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=NOT_USED,
            postgresql_where=NOT_USED,
        ),
        holding(lazy_("Invitations"), kept=INVITATIONS_KEPT, since="expires_at"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(
        String(320),
        index=True,
        info=personal("membership", subject=address("email"), erasure=replaced("erased-{id}@erased.invalid")),
    )
    tie: Mapped[Tie] = mapped_column(value_enum(Tie))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    inviter: Mapped[Person] = relationship(foreign_keys=[invited_by])

    @property
    def guard(self) -> Guard:
        """Whoever holds the link may open it, save somebody in conflict with the organisation."""
        return Guard(objects=(self.organisation_id,), is_public=True)

    def is_open(self, now: datetime) -> bool:
        """Whether its link still leads in."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


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
        holding(lazy_("Requests to be let in"), kept=INVITATIONS_KEPT, since="decided_at"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    message: Mapped[str] = mapped_column(String(500), info=personal("membership"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]

    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


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
        CheckConstraint("(agreed_at IS NULL) = (agreed_by IS NULL)", name="agreed_by_somebody"),
        CheckConstraint("role <> 'lead' OR agreed_at IS NOT NULL", name="the_lead_has_agreed"),
        CheckConstraint("lead_offered_at IS NULL OR agreed_at IS NOT NULL", name="the_lead_is_offered_to_partners"),
        holding(lazy_("Partners of consortia")),
    )

    consortium_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[PartnerRole] = mapped_column(value_enum(PartnerRole))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    lead_offered_at: Mapped[datetime | None]
    """The lead has offered it to lead in its place."""
    lead_offered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime | None]

    consortium: Mapped[Organisation] = relationship(foreign_keys=[consortium_id])
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], lazy="joined", innerjoin=True)

    @property
    def is_lead(self) -> bool:
        """Whether it holds the mandate and receives the money."""
        return self.role is PartnerRole.LEAD

    @property
    def took_over_at(self) -> datetime | None:
        """When it took the lead over from another; None for whoever leads from the beginning."""
        return self.since if self.is_lead and self.since > self.consortium.created_at else None
