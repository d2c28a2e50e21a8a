"""A stored file: what it is, where its bytes are, what is known of them; and the signatures that were read in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.moves import Move
from portal.core.privacy import NOBODY, Because, holding, impersonal, kept, personal
from portal.documents.rules import (
    KINDS,
    MAY_BE_SERVED,
    WEAK_DIGESTS,
    Coverage,
    Handling,
    ScanState,
    SignatureKind,
    Soundness,
)


class StoredFile(Base):
    """Bytes under a unique key. Two hashes, neither of which ever changes: of what arrived, and of what is kept.

    They differ where data of the author was taken out; what the portal made itself never arrived.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_received_sha256", "received_sha256"),
        Index("ix_stored_file_scan_state_uploaded_at", "scan_state", "uploaded_at"),
        CheckConstraint("size_bytes > 0", name="not_empty"),
        holding(lazy_("Files")),
    )

    name: Mapped[str] = mapped_column(
        String(200), info=personal("application", subject="uploaded_by", erasure=kept(Because.REGISTERED))
    )
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    received_sha256: Mapped[str | None] = mapped_column(String(64), info=impersonal)
    handling: Mapped[Handling] = mapped_column(
        value_enum(Handling), default=Handling.AS_SENT, server_default=Handling.AS_SENT.value
    )
    storage_key: Mapped[str] = mapped_column(String(100), unique=True)
    scan_state: Mapped[ScanState] = mapped_column(value_enum(ScanState), default=ScanState.NOT_SCANNED)
    scanned_at: Mapped[datetime | None]
    virus: Mapped[str | None] = mapped_column(String(120), info=impersonal)
    is_signed: Mapped[bool] = mapped_column(default=False, server_default="0")
    signatures_read_at: Mapped[datetime | None]
    uploaded_by: Mapped[UUID | None]
    uploaded_at: Mapped[datetime]

    signatures: Mapped[list["FileSignature"]] = relationship(order_by="FileSignature.position", back_populates="file")

    @property
    def may_lose_names(self) -> bool:
        """Whether it can be shown without who signed it: an envelope comes off, a signature inside a PDF does not."""
        return not self.is_signed or self.media_type != KINDS["pdf"].media_type

    @property
    def may_be_served(self) -> bool:
        """Whether its bytes may leave the store."""
        return self.scan_state in MAY_BE_SERVED

    @property
    def is_blocked(self) -> bool:
        """Whether a virus was found in it."""
        return self.scan_state is ScanState.INFECTED

    def make(self, move: Move[ScanState], *, at: datetime) -> None:
        """Note what the scanner said. Raises IllegalMove: a verdict is never changed."""
        self.scan_state = move.apply(self.scan_state)
        self.scanned_at = at


class FileSignature(Base):
    """One signature of a file as it was read, bound to the bytes by their hash. Append-only.

    The certificates are not compared with the national lists of trust: `soundness` is about the bytes alone.
    """

    __tablename__ = "file_signature"
    __table_args__ = (
        UniqueConstraint("file_id", "position"),
        CheckConstraint("position >= 1 AND layer >= 1", name="counted_from_one"),
        CheckConstraint("soundness = 'unreadable' OR digest <> ''", name="read_with_its_digest"),
        holding(lazy_("Digital signatures of files")),
    )

    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    position: Mapped[int]
    layer: Mapped[int] = mapped_column(default=1)
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[SignatureKind] = mapped_column(value_enum(SignatureKind))
    soundness: Mapped[Soundness] = mapped_column(value_enum(Soundness))
    coverage: Mapped[Coverage] = mapped_column(value_enum(Coverage))
    digest: Mapped[str] = mapped_column(String(20), default="", info=impersonal)
    signer_name: Mapped[str] = mapped_column(
        String(200), default="", info=personal("application", subject=NOBODY, erasure=kept(Because.REGISTERED))
    )
    signer_code: Mapped[str] = mapped_column(
        String(40), default="", info=personal("application", subject=NOBODY, erasure=kept(Because.REGISTERED))
    )
    issuer: Mapped[str] = mapped_column(String(200), default="", info=impersonal)
    serial: Mapped[str] = mapped_column(String(64), default="", info=impersonal)
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    stamped_at: Mapped[datetime | None]
    read_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(back_populates="signatures")

    @property
    def is_weak(self) -> bool:
        """Whether it rests on a digest that can be forged."""
        return self.digest in WEAK_DIGESTS

    @property
    def instant(self) -> datetime:
        """The instant at which the certificate is judged: stamped, else claimed, else of the reading."""
        return self.stamped_at or self.claimed_at or self.read_at

    @property
    def is_in_term(self) -> bool | None:
        """Whether the certificate was in its term then; None when it could not be read."""
        if self.valid_from is None or self.valid_until is None:
            return None
        return self.valid_from <= self.instant <= self.valid_until
