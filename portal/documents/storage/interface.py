"""What every store does: the least that folders and S3-compatible servers have in common."""

import re
from typing import Protocol

KEY = re.compile(r"(?:quarantine/)?[0-9a-f]{32}|audit/[0-9]{4}-[0-9]{2}-[0-9]{2}\.json")
"""A random key, under `quarantine/` once a virus was found; or the heads of the audit trail on one day, under a name
that an auditor finds by hand."""
QUARANTINE = "quarantine/"
LONGEST_LINK = 300
"""Seconds for which a presigned address may hold (P13)."""


class NotStored(Exception):
    """There are no bytes under this key."""


class Storage(Protocol):
    """Bytes under unique keys: written once, never changed. Every method raises Unavailable when the store is down."""

    def put(self, key: str, content: bytes) -> None:
        """Store bytes; on return they survive a crash."""

    def get(self, key: str) -> bytes:
        """The bytes; NotStored when there are none."""

    def presigned(self, key: str, *, name: str, seconds: int = LONGEST_LINK) -> str | None:
        """An address that opens these bytes, as an attachment, for at most five minutes; None where there is none."""

    def delete(self, key: str) -> None:
        """Remove the bytes; nothing happens when there are none."""

    def ready(self) -> str | None:
        """None when files can be stored now, else one line on what is wrong."""


def checked(key: str) -> str:
    """The key, if it is one of ours: nothing else ever becomes a path."""
    if not KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key
