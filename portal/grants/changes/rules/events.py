"""What this room announces of changes, and what it asks of upper rooms."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.core.actor import Actor
from portal.grants.changes.rules.plan import Change


@dataclass(frozen=True, slots=True)
class GrantAmended:
    """The plan has changed: whoever keeps milestones or tranches follows."""

    grant_id: UUID
    change: Change
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantSuspended:
    """Nothing is reported or paid until it is resumed."""

    grant_id: UUID
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantResumed:
    """It goes on."""

    grant_id: UUID
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantEnded:
    """It is over by an act: what was not paid becomes free again."""

    grant_id: UUID
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class TrancheSeen:
    """A tranche that stands, as far as an act is concerned: still open to change, with the bank, paid, or released."""

    key: str
    cents: int
    is_open: bool = False
    is_with_the_bank: bool = False
    is_paid: bool = False


@dataclass(frozen=True, slots=True)
class TranchesAsked:
    """Which tranches stand: whoever keeps them fills `found` in, in their order."""

    grant_id: UUID
    found: list[TrancheSeen] = field(default_factory=list)
