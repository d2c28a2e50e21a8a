"""Files from the bank, kept as they came, and what each said of one payment."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Authority, Person
from portal.access.policy import Guard
from portal.core.db import Base, Cents, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.payments.bank.rules import Answer, BankFileKind, Outcome, Said, Trouble
from portal.payments.models import PaymentLine


class BankFile(Base):
    """One file of the bank. The same bytes are taken in once by an authority. Append-only."""

    __tablename__ = "bank_file"
    __table_args__ = (
        UniqueConstraint("authority_id", "sha256"),
        Index("ix_bank_file_authority_id_imported_at", "authority_id", "imported_at"),
        holding(lazy_("Files from the bank")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[BankFileKind] = mapped_column(value_enum(BankFileKind))
    sha256: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    bank_reference: Mapped[str] = mapped_column(String(35), info=impersonal)
    imported_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime]

    authority: Mapped[Authority] = relationship()
    file: Mapped[StoredFile] = relationship()
    importer: Mapped[Person | None] = relationship()
    messages: Mapped[list["BankMessage"]] = relationship(order_by="BankMessage.position", back_populates="bank_file")

    @property
    def guard(self) -> Guard:
        """Finance of its authority."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_secret=True)


class BankMessage(Base):
    """What a file said of one payment, and what followed. Only the answer of a person is ever added, once."""

    __tablename__ = "bank_message"
    __table_args__ = (
        UniqueConstraint("file_id", "position"),
        Index(
            "uq_bank_message_said_once", "authority_id", "fingerprint", unique=True,
            sqlite_where=text("outcome <> 'already'"), postgresql_where=text("outcome <> 'already'"),
        ),
        Index(
            "ix_bank_message_quarantine", "authority_id", "id",
            sqlite_where=text("outcome = 'quarantined' AND answered_at IS NULL"),
            postgresql_where=text("outcome = 'quarantined' AND answered_at IS NULL"),
        ),
        CheckConstraint("(outcome = 'quarantined') = (trouble IS NOT NULL)", name="quarantined_for_a_reason"),
        CheckConstraint("answered_at IS NULL OR outcome = 'quarantined'", name="answers_a_question"),
        CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answer_words IS NULL)",
            name="answered_in_words",
        ),
        CheckConstraint("answer <> 'matched' OR line_id IS NOT NULL", name="matched_with_a_payment"),
        holding(lazy_("What the bank said of payments")),
    )  # fmt: skip

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("bank_file.id"))
    position: Mapped[int]
    said: Mapped[Said] = mapped_column(value_enum(Said))
    code: Mapped[str] = mapped_column(String(4), info=impersonal)
    reference: Mapped[str] = mapped_column(String(35), info=impersonal)
    reason_code: Mapped[str | None] = mapped_column(String(4), info=impersonal)
    info: Mapped[str | None] = mapped_column(
        String(300), info=personal("payment", subject=NOBODY, erasure=kept(Because.REGISTERED))
    )
    amount_cents: Mapped[int | None] = mapped_column(Cents)
    is_euro: Mapped[bool] = mapped_column(default=True)
    day: Mapped[date | None]
    fingerprint: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[Outcome] = mapped_column(value_enum(Outcome))
    trouble: Mapped[Trouble | None] = mapped_column(value_enum(Trouble))
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment_line.id"), index=True)
    answer: Mapped[Answer | None] = mapped_column(value_enum(Answer))
    answer_words: Mapped[str | None] = mapped_column(
        String(500), info=personal("payment", subject="answered_by", erasure=kept(Because.REGISTERED))
    )
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    bank_file: Mapped[BankFile] = relationship(back_populates="messages")
    line: Mapped[PaymentLine | None] = relationship()
    answerer: Mapped[Person | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether a person must still look at it."""
        return self.outcome is Outcome.QUARANTINED and self.answered_at is None

    @property
    def guard(self) -> Guard:
        """Finance of its authority."""
        return Guard(authority_id=self.authority_id, objects=(self.file_id,), is_secret=True)
