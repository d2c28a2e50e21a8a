"""The ranking (*graduatoria*) engine: pure, exact, and the same whatever order its input comes in."""

from portal.evaluation.ranking.canonical import digest, input_json, output_json, read_input
from portal.evaluation.ranking.compute import compute_ranking
from portal.evaluation.ranking.explain import explain
from portal.evaluation.ranking.given import Assignment, Candidate, RankingInput, Recusal, Score
from portal.evaluation.ranking.refusals import (
    Cell,
    NobodyScored,
    PointsOutOfRange,
    ScoresMissing,
    ScoresTwice,
    ScoresUnexpected,
    SheetsFaulty,
)
from portal.evaluation.ranking.results import (
    JOINT,
    TOTAL,
    CriterionMean,
    LineResult,
    Outcome,
    RankedResult,
    Ranking,
    Reason,
    ReasonCode,
    Separation,
)
from portal.evaluation.ranking.scheme import Criterion, EdgeRule, Line, Rounding, Scheme, TieBreak, TieRule

__all__ = [
    "JOINT",
    "TOTAL",
    "Assignment",
    "Candidate",
    "Cell",
    "Criterion",
    "CriterionMean",
    "EdgeRule",
    "Line",
    "LineResult",
    "NobodyScored",
    "Outcome",
    "PointsOutOfRange",
    "RankedResult",
    "Ranking",
    "RankingInput",
    "Reason",
    "ReasonCode",
    "Recusal",
    "Rounding",
    "Scheme",
    "Score",
    "ScoresMissing",
    "ScoresTwice",
    "ScoresUnexpected",
    "Separation",
    "SheetsFaulty",
    "TieBreak",
    "TieRule",
    "compute_ranking",
    "digest",
    "explain",
    "input_json",
    "output_json",
    "read_input",
]
