"""The words for states and outcomes, apart from the stored values."""

from collections.abc import Mapping

from portal.core.i18n import lazy_
from portal.evaluation.ranking import Outcome
from portal.evaluation.rules import AssignmentStatus, RankingStatus, Seat

ASSIGNMENT_LABELS: Mapping[AssignmentStatus, tuple[object, str]] = {
    AssignmentStatus.ASSIGNED: (lazy_("conflict to declare"), "warning"),
    AssignmentStatus.FREE_OF_CONFLICT: (lazy_("to score"), "progress"),
    AssignmentStatus.FINALISED: (lazy_("scored"), "success"),
    AssignmentStatus.RECUSED: (lazy_("stepped back"), "neutral"),
}
RANKING_LABELS: Mapping[RankingStatus, tuple[object, str]] = {
    RankingStatus.DRAFTED: (lazy_("not published yet"), "neutral"),
    RankingStatus.PROVISIONAL: (lazy_("provisional"), "warning"),
    RankingStatus.FINAL: (lazy_("final"), "success"),
    RankingStatus.SUPERSEDED: (lazy_("replaced by a later version"), "neutral"),
}
RANKING_TITLES: Mapping[RankingStatus, object] = {
    RankingStatus.DRAFTED: lazy_("Ranking not published yet"),
    RankingStatus.PROVISIONAL: lazy_("Provisional ranking"),
    RankingStatus.FINAL: lazy_("Final ranking"),
    RankingStatus.SUPERSEDED: lazy_("Ranking replaced by a later version"),
}
OUTCOME_LABELS: Mapping[Outcome, tuple[object, str]] = {
    Outcome.FUNDED: (lazy_("funded"), "success"),
    Outcome.FUNDED_PARTIALLY: (lazy_("funded in part"), "success"),
    Outcome.SELECTED: (lazy_("admitted to the next phase"), "success"),
    Outcome.SUITABLE_NOT_FUNDED: (lazy_("suitable, not funded"), "info"),
    Outcome.NOT_SUITABLE: (lazy_("not suitable"), "neutral"),
    Outcome.INADMISSIBLE: (lazy_("not admissible"), "neutral"),
}
SEAT_LABELS: Mapping[Seat, object] = {Seat.CHAIR: lazy_("chair"), Seat.MEMBER: lazy_("member")}
NOT_SELECTED: tuple[object, str] = (lazy_("suitable, not admitted"), "info")
"""Who is suitable and has no place, in a phase whose winners go on to the next."""


def outcome_labels(*, selects: bool) -> Mapping[Outcome, tuple[object, str]]:
    """The words of outcomes and how they are shown, in a phase that selects for the next one or gives grants."""
    return {**OUTCOME_LABELS, Outcome.SUITABLE_NOT_FUNDED: NOT_SELECTED} if selects else OUTCOME_LABELS
