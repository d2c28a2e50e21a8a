"""Invariants of the trail: every chain holds, and every anchor agrees with it (P15)."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.core.audit import verify, verify_anchors
from portal.reporting.trail.kept import stored


def broken(session: Session) -> Iterator[str]:
    """One line for the first bad row of each chain, and for each anchor that is missing, altered or contradicted."""
    yield from verify(session)
    yield from verify_anchors(session, stored)
