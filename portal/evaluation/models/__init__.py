"""Tables of the evaluation: commissions, assignments, declarations, scores, rankings, draws."""

from portal.evaluation.models.agreeing import AgreedMark, Assent, DiscussionNote
from portal.evaluation.models.clarifying import Clarification
from portal.evaluation.models.commissions import Commission, CommissionMember, SeatChange
from portal.evaluation.models.conflicts import (
    ConflictDeclaration,
    ConflictSuggestion,
    GeneralDeclaration,
    NamesShown,
    SuggestionDecision,
)
from portal.evaluation.models.departing import OutcomeLetter, RankingDeparture
from portal.evaluation.models.disclosing import DisclosureNotice, DisclosureRequest
from portal.evaluation.models.distributing import Distribution, EvaluatorTerms
from portal.evaluation.models.judging import (
    Assignment,
    Score,
    ScoreSheet,
)
from portal.evaluation.models.lifting import ConflictLifting, FileRelease
from portal.evaluation.models.observing import Observation, ObservationReply
from portal.evaluation.models.ranking import Ranking, RankingDraw, RankingRow
from portal.evaluation.models.reopening import ScoreReopening
from portal.evaluation.models.rounds import RoundChange
from portal.evaluation.models.sittings import Minutes, MinutesSignature, Presence, Sitting, SittingRemark

__all__ = [
    "AgreedMark",
    "Assent",
    "Assignment",
    "Clarification",
    "Commission",
    "CommissionMember",
    "ConflictDeclaration",
    "ConflictLifting",
    "ConflictSuggestion",
    "DisclosureNotice",
    "DisclosureRequest",
    "DiscussionNote",
    "Distribution",
    "EvaluatorTerms",
    "FileRelease",
    "GeneralDeclaration",
    "Minutes",
    "MinutesSignature",
    "NamesShown",
    "Observation",
    "ObservationReply",
    "OutcomeLetter",
    "Presence",
    "Ranking",
    "RankingDeparture",
    "RankingDraw",
    "RankingRow",
    "RoundChange",
    "Score",
    "ScoreReopening",
    "ScoreSheet",
    "SeatChange",
    "Sitting",
    "SittingRemark",
    "SuggestionDecision",
]
