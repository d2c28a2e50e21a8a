"""A paper that the portal makes: kept with its hash and registered as sent out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.documents.models import StoredFile
from portal.documents.operations import store_bytes
from portal.register.models import ProtocolEntry
from portal.register.operations import register_document
from portal.register.rules import Direction


def registered_letter(
    session: Session, *, authority_id: UUID, name: str, content: bytes, subject: str, counterpart: str, actor: Actor,
    now: datetime,
) -> tuple[StoredFile, ProtocolEntry]:  # fmt: skip
    """The file of a tagged PDF and its number in the authority's register, both with their keys."""
    file = store_bytes(session, name=name, media_type="application/pdf", content=content, actor=actor, now=now)
    entry = register_document(
        session, authority_id=authority_id, direction=Direction.OUTGOING, subject=subject, counterpart=counterpart,
        sha256=file.sha256, actor=actor, now=now,
    )  # fmt: skip
    session.flush()
    return file, entry
