"""What follows the first ranking: observations, versions after the final one, who leaves it, access to its documents.

Pure: states, moves, terms in days.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from portal.core.moves import Move

DECIDE_DAYS = 30
"""Within so many days a request for access is decided (art. 25, c. 4 L. 241/1990)."""
OBJECT_DAYS = 10
"""Counter-interested parties may object within so many days (art. 3 D.P.R. 184/2006)."""


class RankingCause(StrEnum):
    """Why a version was made: computed in the course of things, or after the final one."""

    COMPUTED = "computed"
    SCROLLED = "scrolled"
    NOW_FOR_THEN = "now_for_then"


class DepartureCause(StrEnum):
    """Why a winner leaves a final ranking, each by an act."""

    RENUNCIATION = "renunciation"
    FORFEITURE = "forfeiture"
    REVOCATION = "revocation"


class ObservationKind(StrEnum):
    """What an applicant writes on a provisional ranking."""

    OBSERVATION = "observation"
    REVIEW = "review"


class DisclosureStatus(StrEnum):
    """A request for access: received, then decided with reasons, for all that was asked or for a part."""

    RECEIVED = "received"
    GRANTED = "granted"
    GRANTED_PARTLY = "granted_partly"
    REFUSED = "refused"


D = DisclosureStatus
DECIDED = {each: Move(each.value, frozenset({D.RECEIVED}), each) for each in (D.GRANTED, D.GRANTED_PARTLY, D.REFUSED)}
RELEASED = frozenset({D.GRANTED, D.GRANTED_PARTLY})
"""Those that open a bundle."""


@dataclass(frozen=True, slots=True)
class SetApart:
    """How much was set apart for each of these applications already: whoever keeps grants fills `cents` in."""

    application_ids: frozenset[UUID]
    cents: dict[UUID, int] = field(default_factory=dict)
