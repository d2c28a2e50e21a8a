"""The words for states and outcomes, apart from the stored values."""

from collections.abc import Mapping

from portal.core.i18n import lazy_
from portal.evaluation.afterwards import DepartureCause, DisclosureStatus, ObservationKind, RankingCause
from portal.evaluation.clarifying import ClarificationStatus
from portal.evaluation.ranking import Outcome
from portal.evaluation.rules import AssignmentStatus, RankingStatus, Seat
from portal.evaluation.sittings import SittingStatus
from portal.evaluation.suggesting import Likeness

ASSIGNMENT_LABELS: Mapping[AssignmentStatus, tuple[object, str]] = {
    AssignmentStatus.ASSIGNED: (lazy_("conflict to declare"), "warning"),
    AssignmentStatus.FREE_OF_CONFLICT: (lazy_("to score"), "progress"),
    AssignmentStatus.REOPENED: (lazy_("to score again"), "warning"),
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
    Outcome.LEFT: (lazy_("has left the ranking"), "neutral"),
}
CLARIFICATION_LABELS: Mapping[ClarificationStatus, tuple[object, str]] = {
    ClarificationStatus.ASKED: (lazy_("to decide"), "warning"),
    ClarificationStatus.PASSED_ON: (lazy_("waits for the applicant"), "progress"),
    ClarificationStatus.NOT_PASSED_ON: (lazy_("not passed on"), "neutral"),
    ClarificationStatus.ANSWERED: (lazy_("answered"), "success"),
}
CAUSE_LABELS: Mapping[RankingCause, object] = {
    RankingCause.COMPUTED: lazy_("computed"),
    RankingCause.SCROLLED: lazy_("run down again"),
    RankingCause.NOW_FOR_THEN: lazy_("now for then, after a judgment"),
}
DEPARTURE_LABELS: Mapping[DepartureCause, object] = {
    DepartureCause.RENUNCIATION: lazy_("renunciation"),
    DepartureCause.FORFEITURE: lazy_("forfeiture"),
    DepartureCause.REVOCATION: lazy_("revocation"),
}
KIND_LABELS: Mapping[ObservationKind, object] = {
    ObservationKind.OBSERVATION: lazy_("Observations"),
    ObservationKind.REVIEW: lazy_("Request for review (istanza di riesame)"),
}
DISCLOSURE_LABELS: Mapping[DisclosureStatus, tuple[object, str]] = {
    DisclosureStatus.RECEIVED: (lazy_("to decide"), "warning"),
    DisclosureStatus.GRANTED: (lazy_("granted"), "success"),
    DisclosureStatus.GRANTED_PARTLY: (lazy_("granted in part"), "info"),
    DisclosureStatus.REFUSED: (lazy_("refused"), "neutral"),
}
SEAT_LABELS: Mapping[Seat, object] = {
    Seat.CHAIR: lazy_("chair"),
    Seat.MEMBER: lazy_("member"),
    Seat.SECRETARY: lazy_("secretary"),
    Seat.SUBSTITUTE: lazy_("substitute"),
}
SITTING_LABELS: Mapping[SittingStatus, tuple[object, str]] = {
    SittingStatus.CONVENED: (lazy_("convened"), "info"),
    SittingStatus.OPENED: (lazy_("open now"), "progress"),
    SittingStatus.CLOSED: (lazy_("held and closed"), "neutral"),
    SittingStatus.CANCELLED: (lazy_("called off"), "neutral"),
}
NOT_SELECTED: tuple[object, str] = (lazy_("suitable, not admitted"), "info")
"""Who is suitable and has no place, in a phase whose winners go on to the next."""


def outcome_labels(*, selects: bool) -> Mapping[Outcome, tuple[object, str]]:
    """The words of outcomes and how they are shown, in a phase that selects for the next one or gives grants."""
    return {**OUTCOME_LABELS, Outcome.SUITABLE_NOT_FUNDED: NOT_SELECTED} if selects else OUTCOME_LABELS


LIKENESS_TOLD: Mapping[Likeness, object] = {
    Likeness.MEMBER: lazy_("belongs to who applies"),
    Likeness.FORMER_MEMBER: lazy_("belonged to who applies, years ago"),
    Likeness.PARTNER: lazy_("belongs, or belonged, to a partner"),
    Likeness.NAMED_ORGANISATION: lazy_("named this organisation, or a partner, as one of theirs"),
    Likeness.FISCAL_CODE: lazy_("the same codice fiscale appears in the application"),
    Likeness.EMAIL_DOMAIN: lazy_("an e-mail address of the same domain"),
    Likeness.ADDRESS: lazy_("the same address"),
    Likeness.COACH: lazy_("coaches, or coached, this team"),
    Likeness.FAMILY_AND_ADDRESS: lazy_("somebody with the same family name at the same address"),
}
"""What the portal noticed, in words that tell nothing of the other side."""
