"""Final accounts, each with the letter that tells it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.core.db import Base, Cents, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.grants.models import Grant
from portal.payments.closing.account import FinalBalance, public_share
from portal.payments.closing.rules import AccountStatus, Basis
from portal.register.models import ProtocolEntry

STANDS = text("status <> 'withdrawn'")


class FinalAccount(Stateful, Base):
    """What a grant is entitled to and what it got, on one day; its approval is the act that closes the grant.

    `project_cents`: what the whole project costs by its plan, 0 where the grant bears all of it.
    """

    __tablename__ = "final_account"
    __table_args__ = (
        UniqueConstraint("grant_id", "number"),
        Index("uq_final_account_live", "grant_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
        Index("ix_final_account_authority_id_status", "authority_id", "status"),
        CheckConstraint(
            "paid_cents - returned_cents + to_pay_cents - to_return_cents = entitled_cents", name="adds_up"
        ),
        CheckConstraint("to_pay_cents = 0 OR to_return_cents = 0", name="one_way"),
        CheckConstraint("freed_cents = granted_cents - paid_cents - to_pay_cents", name="frees_the_rest"),
        CheckConstraint(
            "to_pay_cents >= 0 AND to_return_cents >= 0 AND freed_cents >= 0 AND returned_cents >= 0",
            name="nothing_negative",
        ),
        CheckConstraint("entitled_cents BETWEEN 0 AND granted_cents - returned_cents", name="within_the_grant"),
        CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="two_people"),
        CheckConstraint(
            "(status = 'approved') = (approved_by IS NOT NULL) AND (approved_by IS NULL) = (approved_at IS NULL)",
            name="approved_by_somebody",
        ),
        CheckConstraint(
            "(status = 'approved') = (act_number IS NOT NULL) AND (act_number IS NULL) = (act_date IS NULL)",
            name="approved_by_an_act",
        ),
        holding(lazy_("Final accounts")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    number: Mapped[int]
    basis: Mapped[Basis] = mapped_column(value_enum(Basis))
    granted_cents: Mapped[int] = mapped_column(Cents)
    eligible_cents: Mapped[int] = mapped_column(Cents)
    project_cents: Mapped[int] = mapped_column(Cents)
    entitled_cents: Mapped[int] = mapped_column(Cents)
    paid_cents: Mapped[int] = mapped_column(Cents)
    returned_cents: Mapped[int] = mapped_column(Cents)
    withheld_cents: Mapped[int] = mapped_column(Cents)
    to_pay_cents: Mapped[int] = mapped_column(Cents)
    to_return_cents: Mapped[int] = mapped_column(Cents)
    freed_cents: Mapped[int] = mapped_column(Cents)
    """Back to the budget line with the approval."""
    note: Mapped[str] = mapped_column(
        Text, default="", info=personal("payment", subject="prepared_by", erasure=kept(Because.PROCEDURE))
    )
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    prepared_at: Mapped[datetime]
    act_number: Mapped[str | None] = mapped_column(String(80), info=impersonal)
    act_date: Mapped[date | None]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    approved_at: Mapped[datetime | None]
    status: Mapped[AccountStatus] = mapped_column(value_enum(AccountStatus), default=AccountStatus.PREPARED)
    status_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    grant: Mapped[Grant] = relationship()
    preparer: Mapped[Person] = relationship(foreign_keys=[prepared_by], viewonly=True)
    approver: Mapped[Person | None] = relationship(foreign_keys=[approved_by], viewonly=True)
    letter: Mapped["FinalAccountLetter | None"] = relationship(viewonly=True, uselist=False)

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def is_prepared(self) -> bool:
        """Whether it waits for a second person."""
        return self.status is AccountStatus.PREPARED

    @property
    def is_approved(self) -> bool:
        """Whether the act was taken."""
        return self.status is AccountStatus.APPROVED

    @property
    def balance(self) -> FinalBalance:
        """What was prepared, as the rules count it."""
        return FinalBalance(
            granted=self.granted_cents, eligible=self.eligible_cents, paid=self.paid_cents,
            returned=self.returned_cents, share=public_share(granted=self.granted_cents, total=self.project_cents),
            withheld=self.withheld_cents,
        )  # fmt: skip


class FinalAccountLetter(Base):
    """The letter that tells the recipient, registered and kept. Append-only."""

    __tablename__ = "final_account_letter"
    __table_args__ = (UniqueConstraint("account_id"), holding(lazy_("Letters with final accounts")))

    account_id: Mapped[UUID] = mapped_column(ForeignKey("final_account.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), index=True)
    made_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()
    protocol_entry: Mapped[ProtocolEntry] = relationship()
