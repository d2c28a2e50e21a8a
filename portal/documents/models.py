"""A stored file: what it is, where its bytes are, what is known of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.documents.rules import ScanState


class StoredFile(Base):
    """Bytes under a unique key; the hash is taken at arrival and never changes."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="not_empty"),
        holding(lazy_("Files")),
    )

    name: Mapped[str] = mapped_column(
        String(200), info=personal("application", subject="uploaded_by", erasure=kept(Because.REGISTERED))
    )
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    storage_key: Mapped[str] = mapped_column(String(100), unique=True)
    scan_state: Mapped[ScanState] = mapped_column(value_enum(ScanState), default=ScanState.NOT_SCANNED)
    uploaded_by: Mapped[UUID | None]
    uploaded_at: Mapped[datetime]
