"""Several organisations that act together (ATS): who leads, what their members may, what is announced.

The members of every organisation of a consortium are its members, so that each rule that keeps people apart from an
applicant or a recipient holds for all of them. Whoever represents the lead represents the consortium.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.access.policy import Tie
from portal.access.rules.organisations import PartnerRole
from portal.core.actor import Actor

MOST_PARTNERS = 20
FEWEST_ORGANISATIONS = 2
"""A consortium applies with its lead and one partner at least."""

BY_STRENGTH = (Tie.OWNER, Tie.EDITOR, Tie.REPORTER, Tie.VIEWER)
"""What a member may, the most first."""

TIE_TO_CONSORTIUM: dict[PartnerRole, dict[Tie, Tie]] = {
    PartnerRole.LEAD: {
        Tie.OWNER: Tie.OWNER,
        Tie.EDITOR: Tie.EDITOR,
        Tie.REPORTER: Tie.REPORTER,
        Tie.VIEWER: Tie.VIEWER,
    },
    PartnerRole.PARTNER: {
        Tie.OWNER: Tie.EDITOR,
        Tie.EDITOR: Tie.VIEWER,
        Tie.REPORTER: Tie.VIEWER,
        Tie.VIEWER: Tie.VIEWER,
    },
}
"""What somebody's tie to a lead or a partner makes them in the consortium."""


class ConsortiumNews(StrEnum):
    """What happened in a consortium; `organisation_id` of the event is whom it happened to."""

    INVITED = "invited"
    WITHDRAWN = "withdrawn"
    AGREED = "agreed"
    DECLINED = "declined"
    LEFT = "left"
    LEAD_OFFERED = "lead_offered"
    LEAD_REFUSED = "lead_refused"
    LEAD_CHANGED = "lead_changed"


@dataclass(frozen=True, slots=True)
class ConsortiumChanged:
    """Somebody was invited into a consortium, agreed, left, or took the lead."""

    consortium_id: UUID
    organisation_id: UUID
    what: ConsortiumNews
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that an upper room says on the page of a consortium, and where more of it stands."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class PartnersShown:
    """Somebody opens the page of a consortium: whoever knows of promised partners fills `found` in."""

    consortium_id: UUID
    partners: Sequence[Any]
    """The places of those that agreed."""
    actor: Actor
    found: list[Remark] = field(default_factory=list)


def strongest(ties: Iterable[Tie]) -> Tie:
    """The tie that allows most."""
    return min(ties, key=BY_STRENGTH.index)


def ties_to_consortium(members: Iterable[tuple[UUID, PartnerRole, Tie]]) -> dict[UUID, Tie]:
    """What each person of its organisations is in a consortium: the strongest of what their ties give."""
    found: dict[UUID, list[Tie]] = {}
    for person_id, role, tie in members:
        found.setdefault(person_id, []).append(TIE_TO_CONSORTIUM[role][tie])
    return {person_id: strongest(ties) for person_id, ties in found.items()}
