"""Who signs an agreement, and which version is in force when."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from portal.grants.rules import GrantStatus

LONGEST_REASON = 2000
BEFORE = frozenset({GrantStatus.READY})
AFTERWARDS = frozenset({GrantStatus.ACTIVE, GrantStatus.SUSPENDED, GrantStatus.CLOSING})
"""While a grant runs its agreement changes by an addendum."""


class Side(StrEnum):
    """Who signs: the recipient first, the office last."""

    RECIPIENT = "recipient"
    OFFICE = "office"


class Doubt(StrEnum):
    """What is not certain of a digital signature that is intact and of the right document."""

    UNKNOWN_SIGNER = "unknown_signer"
    OTHER_SIGNER = "other_signer"
    CERTIFICATE_DATES = "certificate_dates"
    TRUST = "trust"


class Version(Protocol):
    """A version of an agreement, as far as its term goes."""

    @property
    def version(self) -> int: ...

    @property
    def countersigned_at(self) -> datetime | None: ...


V = TypeVar("V", bound=Version)


def in_force_at(versions: Iterable[V], instant: datetime) -> V | None:
    """The version in force at an instant: the last one that both sides had signed by then; None before the first."""
    signed = [(each.countersigned_at, each.version, each) for each in versions if each.countersigned_at is not None]
    reached = [found for found in signed if found[0] <= instant]
    return max(reached, key=lambda found: found[:2])[2] if reached else None
