"""Anchors: every day all heads are written to a file whose SHA-256 is kept and mailed.

The file is JSON, one head a line, in a fixed order; its first line names the day and the digest of the anchor before.
Whoever keeps a file can show later that a chain was rewritten; whoever keeps a digest, that a file was.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from portal.core.audit.hashes import canonical
from portal.core.audit.models import AuditEvent, AuditHead

AT_ONCE = 500


class Head(NamedTuple):
    """The last event of one object, as a line of the file tells it."""

    subject_type: str
    subject_id: str
    sequence: int
    hash: str


class NotAnAnchor(ValueError):
    """These bytes are not such a file."""


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """One file of heads, as bytes and as read."""

    content: bytes
    day: date
    previous: str
    heads: Sequence[Head]
    whole: str | None = None
    """The digest of the whole file, in an extract of it."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the file, as `sha256sum` prints it."""
        return hashlib.sha256(self.content).hexdigest()


def anchor_file(session: Session, *, day: date, previous: str) -> AnchorFile:
    """All heads as they stand, sorted by kind and key."""
    kinds = session.scalars(select(AuditHead.subject_type).distinct()).all()
    heads = [head for kind in sorted(kinds) for head in _heads_of(session, kind)]
    return AnchorFile(_written(f'"day":"{day.isoformat()}","previous":"{previous}"', heads), day, previous, heads)


def extract_of(file: AnchorFile, objects: Collection[tuple[str, str]]) -> bytes:
    """The heads of these objects alone, and the digest of the whole file: for whoever may not know of the others."""
    heads = [head for head in file.heads if head[:2] in objects]
    told = f'"day":"{file.day.isoformat()}","previous":"{file.previous}","whole":"{file.digest}"'
    return _written(told, heads)


def _written(told: str, heads: Sequence[Head]) -> bytes:
    lines = ",\n".join(canonical(head) for head in heads)
    return f'{{{told},"heads":[\n{lines}\n]}}\n'.encode()


def _heads_of(session: Session, kind: str) -> Iterator[Head]:
    query = select(AuditHead.subject_id, AuditHead.sequence, AuditHead.hash).where(AuditHead.subject_type == kind)
    for subject_id, sequence, found in session.execute(query.order_by(AuditHead.subject_id)):
        yield Head(kind, str(subject_id), sequence, found)


def read_anchor_file(content: bytes) -> AnchorFile:
    """A stored or kept file; raises NotAnAnchor."""
    try:
        told = json.loads(content)
        heads = [Head(str(kind), str(UUID(key)), int(number), str(found)) for kind, key, number, found in told["heads"]]
        whole = str(told["whole"]) if "whole" in told else None
        return AnchorFile(content, date.fromisoformat(told["day"]), str(told["previous"]), heads, whole)
    except (ValueError, TypeError, KeyError) as error:
        raise NotAnAnchor from error


def altered_since(session: Session, file: AnchorFile, heads: Sequence[Head]) -> Iterator[tuple[str, str]]:
    """Objects of which the trail no longer holds what the file says, with the fault; `heads` are those to look at."""
    for start in range(0, len(heads), AT_ONCE):
        some = heads[start : start + AT_ONCE]
        found = _hashes(session, some)
        for head in some:
            fault = _against(head, found.get(head[:3]), file.day)
            if fault is not None:
                yield f"{head.subject_type} {head.subject_id}", fault


def _hashes(session: Session, heads: Sequence[Head]) -> dict[tuple[str, str, int], str]:
    """The hash of each row at which one of these heads stood."""
    found: dict[tuple[str, str, int], str] = {}
    for kind in {head.subject_type for head in heads}:
        places = [(UUID(head.subject_id), head.sequence) for head in heads if head.subject_type == kind]
        query = select(AuditEvent.subject_id, AuditEvent.sequence, AuditEvent.hash).where(
            AuditEvent.subject_type == kind, tuple_(AuditEvent.subject_id, AuditEvent.sequence).in_(places)
        )
        found |= {(kind, str(key), number): row_hash for key, number, row_hash in session.execute(query)}
    return found


def _against(head: Head, found: str | None, day: date) -> str | None:
    if found is None:
        return f"row {head.sequence} is missing: the anchor of {day} ends there"
    if found != head.hash:
        return f"row {head.sequence}, or one before it, was rewritten after the anchor of {day}"
    return None
