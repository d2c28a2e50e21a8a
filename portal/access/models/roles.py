"""Staff roles and ties: dated rows that every filter reads."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.policy import Guard, Role, Tie
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Term, address, holding, personal


class RoleGrant(Base):
    """A staff role of one person in one authority, dated; a stand-in's has an end and names who is absent."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("ix_role_grant_person_id", "person_id"),
        CheckConstraint("person_id <> granted_by", name="nobody_grants_to_oneself"),
        CheckConstraint("person_id <> confirmed_by AND granted_by <> confirmed_by", name="two_people"),
        CheckConstraint(
            "granted_by IS NULL OR confirmed_by IS NOT NULL"
            " OR role NOT IN ('finance_maker', 'finance_approver', 'administrator')",
            name="grave_roles_by_two_people",
        ),
        CheckConstraint("stands_in_for IS NULL OR until IS NOT NULL", name="a_stand_in_ends"),
        CheckConstraint("stands_in_for <> person_id", name="nobody_stands_in_for_oneself"),
        holding(lazy_("Roles")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    role: Mapped[Role] = mapped_column(value_enum(Role))
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None: by a command on the server."""
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    stands_in_for: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str | None] = mapped_column(String(500), info=personal("roles"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    end_reason: Mapped[str | None] = mapped_column(String(500), info=personal("roles"))

    @property
    def guard(self) -> Guard:
        """Staff of its authority; a secret to all others."""
        return Guard(authority_id=self.authority_id, is_secret=True)


class RoleProposal(Base):
    """A role that waits for a second person; once decided, it stays as it was decided."""

    __tablename__ = "role_proposal"
    __table_args__ = (
        CheckConstraint("person_id <> proposed_by OR stands_in_for IS NOT NULL", name="nobody_proposes_oneself"),
        CheckConstraint("proposed_by <> decided_by OR accepted = false", name="two_people"),
        CheckConstraint("person_id <> decided_by OR accepted = false", name="nobody_accepts_oneself"),
        CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name="decided_or_not"),
        CheckConstraint("stands_in_for IS NULL OR until IS NOT NULL", name="a_stand_in_ends"),
        holding(lazy_("Roles proposed")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    role: Mapped[Role] = mapped_column(value_enum(Role))
    stands_in_for: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime | None]
    """None: from the decision on."""
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), info=personal("roles"))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    decision_reason: Mapped[str | None] = mapped_column(String(500), info=personal("roles"))

    @property
    def guard(self) -> Guard:
        """Staff of its authority; a secret to all others."""
        return Guard(authority_id=self.authority_id, is_secret=True)


class StaffInvitation(Base):
    """An address without an account that was asked to register, so that it can be given a role afterwards."""

    __tablename__ = "staff_invitation"
    __table_args__ = holding(lazy_("Invitations to staff"), kept=Term(years=1), since="invited_at")

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    email: Mapped[str] = mapped_column(
        String(320), index=True, info=personal("roles", subject=address("email"), retention="1y", erasure="delete")
    )
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    """A role was given, or the invitation was dropped."""


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
        holding(lazy_("Memberships and assignments")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    tie: Mapped[Tie] = mapped_column(value_enum(Tie))
    object_type: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[UUID]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
