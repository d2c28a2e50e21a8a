"""What sessions are about: the topics of a call, else those of the house."""

from collections.abc import Iterable
from enum import StrEnum

from portal.calls.rules import CallDesign
from portal.core.i18n import in_language, lazy_


class Topic(StrEnum):
    """What coaches know and teams need."""

    GOVERNANCE = "governance"
    TEAM = "team"
    ECONOMY = "economy"
    FUNDING = "funding"
    ACCOUNTS = "accounts"
    IMPACT = "impact"
    DISTRICT = "district"
    COMMUNICATION = "communication"


NAMES = {
    Topic.GOVERNANCE: lazy_("statute and legal form"),
    Topic.TEAM: lazy_("the team"),
    Topic.ECONOMY: lazy_("economic model"),
    Topic.FUNDING: lazy_("raising funds"),
    Topic.ACCOUNTS: lazy_("accounts and reports"),
    Topic.IMPACT: lazy_("impact"),
    Topic.DISTRICT: lazy_("roots in the quarter"),
    Topic.COMMUNICATION: lazy_("communication"),
}


def topics_of(design: CallDesign) -> dict[str, object]:
    """The topics to choose from, with their words, in order."""
    if design.coaching.topics:
        return {topic.key: in_language(topic.name) for topic in design.coaching.topics}
    return {topic.value: name for topic, name in NAMES.items()}


def words_of(keys: Iterable[str], design: CallDesign) -> list[object]:
    """The words of these topics; a key that the call no longer has stands for itself."""
    known = topics_of(design)
    return [known.get(key, key) for key in keys]
