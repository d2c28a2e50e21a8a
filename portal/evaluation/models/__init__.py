"""Tables of the evaluation: commissions, assignments, declarations, scores, rankings, draws."""

from portal.evaluation.models.judging import (
    Assignment,
    Commission,
    CommissionMember,
    ConflictDeclaration,
    Score,
    ScoreSheet,
)
from portal.evaluation.models.ranking import Ranking, RankingDraw, RankingRow

__all__ = [
    "Assignment",
    "Commission",
    "CommissionMember",
    "ConflictDeclaration",
    "Ranking",
    "RankingDraw",
    "RankingRow",
    "Score",
    "ScoreSheet",
]
