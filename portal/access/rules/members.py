"""Members of an organisation: limits of invitations and requests, and what is announced of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

INVITATION_LASTS = timedelta(days=14)
MOST_OPEN_INVITATIONS = 20
"""Of one organisation."""
MOST_INVITATIONS = 10
"""Sent in an hour by one organisation, or by one person for all of theirs."""
MOST_REQUESTS = 5
"""To be let in, sent in an hour by one person, whether or not what they name exists."""
COUNTED_WITHIN = timedelta(hours=1)
MOST_OF_ONE_NAME = 5
"""Groups of the same name whose people are asked."""
LONGEST_MESSAGE = 500
LONGEST_REASON = 500


class Membership(StrEnum):
    """What happened to somebody's place in an organisation."""

    JOINED = "joined"
    CHANGED = "changed"
    REMOVED = "removed"
    LEFT = "left"
    APPOINTED = "appointed"


@dataclass(frozen=True, slots=True)
class MemberJoining:
    """Somebody is about to become a member: whoever must keep the two apart refuses by raising (P10, P18).

    `organisation_ids` are the organisation and the consortia that it belongs to; `asks` says whether the person
    itself is asking, so that nobody else reads why.
    """

    person_id: UUID
    organisation_ids: tuple[UUID, ...]
    asks: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MembershipAsked:
    """Somebody asks to be let in."""

    organisation_id: UUID
    person_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class MembershipAnswered:
    """A request to be let in was decided."""

    organisation_id: UUID
    person_id: UUID
    is_accepted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MembershipChanged:
    """The place of somebody in an organisation changed; `by` did it, and said why where that is asked."""

    organisation_id: UUID
    person_id: UUID
    what: Membership
    by: UUID | None
    at: datetime
    why: str | None = None
