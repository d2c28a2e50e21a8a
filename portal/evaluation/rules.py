"""Assignments, conflicts, rankings: their states and moves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.core.moves import Move


class AssignmentStatus(StrEnum):
    """An evaluator first declares, then scores; a recused one never sees the proposal.

    What was final and opened again is for its evaluator to write anew; the earlier version counts until then.
    """

    ASSIGNED = "assigned"
    FREE_OF_CONFLICT = "free_of_conflict"
    FINALISED = "finalised"
    REOPENED = "reopened"
    RECUSED = "recused"


A = AssignmentStatus
DECLARE_FREE = Move("declare_free", frozenset({A.ASSIGNED}), A.FREE_OF_CONFLICT)
RECUSE = Move("recuse", frozenset({A.ASSIGNED, A.FREE_OF_CONFLICT, A.REOPENED}), A.RECUSED)
RECUSE_FINAL = Move("recuse_final", frozenset({A.FINALISED}), A.RECUSED)
"""A conflict was found after the scores were closed: they count no longer."""
ASK_ANEW = Move("ask_anew", frozenset({A.FREE_OF_CONFLICT}), A.ASSIGNED)
"""The names changed: nothing is shown until the evaluator has declared on them."""
GIVE_BACK = Move("give_back", frozenset({A.RECUSED}), A.ASSIGNED)
"""The conflict was lifted, or the evaluator sits again: they declare anew before anything opens."""
FINALISE = Move("finalise", frozenset({A.FREE_OF_CONFLICT, A.REOPENED}), A.FINALISED)
REOPEN = Move("reopen", frozenset({A.FINALISED}), A.REOPENED)

LIVE = (A.ASSIGNED, A.FREE_OF_CONFLICT, A.REOPENED, A.FINALISED)
"""Assignments that count, in the order of what they ask for."""
MAY_READ = frozenset({A.FREE_OF_CONFLICT, A.REOPENED, A.FINALISED})
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
PUBLISH_RECTIFIED = Move("publish_rectified", frozenset({RankingStatus.DRAFTED}), RankingStatus.FINAL)
"""A version after the final one: it is final by its own act."""
REPLACE_FINAL = Move("replace_final", frozenset({RankingStatus.FINAL}), RankingStatus.SUPERSEDED)


class Seat(StrEnum):
    """A place on the commission."""

    CHAIR = "chair"
    MEMBER = "member"
    SECRETARY = "secretary"
    SUBSTITUTE = "substitute"


VOTING = frozenset({Seat.CHAIR, Seat.MEMBER})
"""The seats that score and vote; a secretary keeps the minutes, a substitute waits to be called in."""


@dataclass(frozen=True, slots=True)
class RankingPublished:
    """A ranking became provisional or final."""

    ranking_id: UUID
    is_final: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class AssignmentBegins:
    """Applications of a phase are about to be given out: whoever may not have them leaves before that."""

    phase_id: UUID
    at: datetime
