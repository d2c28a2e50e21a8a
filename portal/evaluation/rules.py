"""Assignments, conflicts, rankings: their states and moves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.core.moves import Move


class AssignmentStatus(StrEnum):
    """An evaluator first declares, then scores; a recused one never sees the proposal."""

    ASSIGNED = "assigned"
    FREE_OF_CONFLICT = "free_of_conflict"
    FINALISED = "finalised"
    RECUSED = "recused"


A = AssignmentStatus
DECLARE_FREE = Move("declare_free", frozenset({A.ASSIGNED}), A.FREE_OF_CONFLICT)
RECUSE = Move("recuse", frozenset({A.ASSIGNED, A.FREE_OF_CONFLICT}), A.RECUSED)
FINALISE = Move("finalise", frozenset({A.FREE_OF_CONFLICT}), A.FINALISED)


LIVE = (A.ASSIGNED, A.FREE_OF_CONFLICT, A.FINALISED)
"""Assignments that count, in the order of what they ask for."""
MAY_READ = frozenset({A.FREE_OF_CONFLICT, A.FINALISED})
"""Only from here on does the proposal exist for the evaluator (P11)."""


class RankingStatus(StrEnum):
    """Each version of a ranking is immutable once published."""

    DRAFTED = "drafted"
    PROVISIONAL = "provisional"
    FINAL = "final"
    SUPERSEDED = "superseded"


PUBLISH_PROVISIONAL = Move("publish_provisional", frozenset({RankingStatus.DRAFTED}), RankingStatus.PROVISIONAL)
PUBLISH_FINAL = Move("publish_final", frozenset({RankingStatus.PROVISIONAL}), RankingStatus.FINAL)
SUPERSEDE = Move("supersede", frozenset({RankingStatus.DRAFTED, RankingStatus.PROVISIONAL}), RankingStatus.SUPERSEDED)


class Seat(StrEnum):
    """A place on the commission."""

    CHAIR = "chair"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class RankingPublished:
    """A ranking became provisional or final."""

    ranking_id: UUID
    is_final: bool
    at: datetime
