"""Verifying the anchors: their own chain, their files, and the trail against what each of them says."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.audit.anchors import AnchorFile, Head, NotAnAnchor, altered_since, read_anchor_file
from portal.core.audit.hashes import GENESIS
from portal.core.audit.models import AuditAnchor
from portal.core.audit.verification import UNREADABLE, Count

LATEST = timedelta(days=2)
"""An anchor older than this means that none is taken any more."""
Reader = Callable[[str], bytes | None]
"""The bytes under a storage key, or None when there are none."""


def verify_anchors(
    session: Session, read: Reader, *, today: date | None = None, count: Count | None = None
) -> Iterator[str]:
    """Yield a line for each anchor that is missing or altered, and for each object rewritten since one.

    With `today`, also when no anchor is taken any more.
    """
    count = count or Count()
    last: AuditAnchor | None = None
    known: set[Head] = set()
    told: set[str] = set()
    try:
        anchors = session.scalars(select(AuditAnchor).order_by(AuditAnchor.number)).all()
    except UNREADABLE:
        yield "audit_anchor: a row cannot be read: it is altered"
        return
    for anchor in anchors:
        count.anchors += 1
        yield from _links(anchor, last)
        file, fault = _stored(anchor, read)
        if fault:
            yield fault
        if file is not None:
            yield from _compared(session, file, known, told)
            known = set(file.heads)
        last = anchor
    if today is not None:
        yield from _after(last, read, today)


def verify_kept(session: Session, content: bytes, name: str) -> Iterator[str]:
    """Yield a line for whatever differs from a file that the auditor kept, whole or as an extract."""
    try:
        file = read_anchor_file(content)
    except NotAnAnchor:
        yield f"{name} is not a file of anchors: download it again"
        return
    row = session.scalars(select(AuditAnchor).where(AuditAnchor.day == file.day)).one_or_none()
    if row is None:
        yield f"the anchor of {file.day} is missing: {name} says that it was taken"
    elif row.digest != (told := file.whole or file.digest):
        yield f"the anchor of {file.day} has the digest {row.digest}, but {name} has {told}"
    yield from _compared(session, file, set(), set())


def _links(anchor: AuditAnchor, last: AuditAnchor | None) -> Iterator[str]:
    number, digest = (last.number, last.digest) if last else (0, GENESIS)
    if anchor.number != number + 1:
        yield f"anchor {number + 1} is missing: after it stands that of {anchor.day}"
    elif anchor.previous_digest != digest:
        before = f"the anchor of {last.day}" if last else "the first anchor"
        yield f"{before} is altered: that of {anchor.day} points to another digest"


def _stored(anchor: AuditAnchor, read: Reader) -> tuple[AnchorFile | None, str | None]:
    content = read(anchor.key)
    if content is None:
        return None, f"the file of the anchor of {anchor.day} is missing: {anchor.key}"
    try:
        file = read_anchor_file(content)
    except NotAnAnchor:
        return None, f"the file of the anchor of {anchor.day} is altered: {anchor.key}"
    if (file.digest, file.day, file.previous) != (anchor.digest, anchor.day, anchor.previous_digest):
        return file, f"the anchor of {anchor.day} and its file disagree: {anchor.key}"
    return file, None


def _compared(session: Session, file: AnchorFile, known: set[Head], told: set[str]) -> Iterator[str]:
    """Heads that the file before had too were looked at already; each object is named once."""
    fresh = [head for head in file.heads if head not in known]
    for subject, fault in altered_since(session, file, fresh):
        if subject not in told:
            told.add(subject)
            yield f"{subject}: {fault}"


def _after(last: AuditAnchor | None, read: Reader, today: date) -> Iterator[str]:
    if last is None:
        return
    for days in range(1, min((today - last.day).days, LATEST.days) + 1):
        day = last.day + timedelta(days=days)
        if read(f"audit/{day.isoformat()}.json") is not None:
            yield f"the anchor of {day} is missing: its file is in the store"
    if today - last.day > LATEST:
        yield f"the last anchor is of {last.day}: no worker has taken one since"
