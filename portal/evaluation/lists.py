"""The lists that a ranking is published in (`domain.md` §1.5), and whose name stands in them. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from portal.access.rules.organisations import OrganisationKind
from portal.calls.rules import CallDesign
from portal.core.i18n import lazy_
from portal.evaluation.ranking import WON, Outcome


class PublishedList(StrEnum):
    """The six lists, and that of winners who have left; a reserve comes before what else an application is."""

    FUNDED = "funded"
    FUNDED_PARTIALLY = "funded_partially"
    SUITABLE_NOT_FUNDED = "suitable_not_funded"
    WITH_RESERVE = "with_reserve"
    NOT_SUITABLE = "not_suitable"
    INADMISSIBLE = "inadmissible"
    LEFT = "left"


LIST_LABELS: Mapping[PublishedList, object] = {
    PublishedList.FUNDED: lazy_("Admitted and funded"),
    PublishedList.FUNDED_PARTIALLY: lazy_("Admitted and funded in part"),
    PublishedList.SUITABLE_NOT_FUNDED: lazy_("Suitable, not funded"),
    PublishedList.WITH_RESERVE: lazy_("Admitted with a reserve"),
    PublishedList.NOT_SUITABLE: lazy_("Not suitable"),
    PublishedList.INADMISSIBLE: lazy_("Not admissible"),
    PublishedList.LEFT: lazy_("Left the ranking"),
}
SELECTION_LABELS: Mapping[PublishedList, object] = {
    **LIST_LABELS,
    PublishedList.FUNDED: lazy_("Admitted to the next phase"),
    PublishedList.SUITABLE_NOT_FUNDED: lazy_("Suitable, not admitted"),
}
"""The same where winners go on to another phase."""
SIX = tuple(PublishedList)[:6]
NAMED = WON | {Outcome.SUITABLE_NOT_FUNDED, Outcome.LEFT}
"""The outcomes published with the applicant's name; the others by reference alone."""


def list_of(outcome: str, *, with_reserve: bool) -> PublishedList:
    """The list an application is published in."""
    if with_reserve and (outcome in WON or outcome == Outcome.SUITABLE_NOT_FUNDED):
        return PublishedList.WITH_RESERVE
    return PublishedList.FUNDED if outcome == Outcome.SELECTED else PublishedList(outcome)


def labels_of(*, selects: bool) -> Mapping[PublishedList, object]:
    """What the lists are called."""
    return SELECTION_LABELS if selects else LIST_LABELS


def is_named(design: CallDesign, kind: str, outcome: str) -> bool:
    """Whether the applicant's name is published (art. 26, c. 4 and 27 D.Lgs 33/2013).

    Never below the minimum; nor a group of people without a legal form where the call speaks of their hardship.
    """
    if outcome not in NAMED:
        return False
    return design.marginality is None or kind != OrganisationKind.INFORMAL_GROUP
