"""What the pages of the trail show to whom; pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.core.instants import ROME

PAGE = 50
"""Rows of one page."""
REFUSED = "refused "
"""How the event of a refused money move begins."""
EVALUATION_SUBJECTS = frozenset({"assignment", "commission", "minutes", "ranking", "ranking_draw", "sitting"})
SCORED = "application.scored"
"""Told when the last evaluator is done: an applicant reads it only once the final ranking is published."""
RANKED = "application.rank_"
MEMBERSHIP = ("member.", "invitation.", "join_request.", "consortium.members")
"""How events begin that name members of an organisation and whoever asked to be one."""
SECURITY_SUBJECTS = (
    "person", "web_session", "role_grant", "role_proposal", "staff_invitation", "passkey", "totp", "recovery_code",
    "external_identity", "account_link", "link_request", "identity_provider", "authority",
)  # fmt: skip
"""What an administrator reads: sign-ins, roles, accounts, sessions; never content."""
EXPORTED = frozenset({"application", "grant_award"})
"""Objects whose trail can be taken away."""


class Kind(StrEnum):
    """What an event is about; the list is filtered by it."""

    APPLICATION = "application"
    EVALUATION = "evaluation"
    GRANT = "grant"
    MONEY = "money"
    COACHING = "coaching"
    ORGANISATION = "organisation"
    CALL = "call"
    ACCESS = "access"
    DOCUMENT = "document"
    REFUSAL = "refusal"
    TRAIL = "trail"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of a list; `after` is the last event of the page before."""

    kind: Kind | None = None
    person: UUID | None = None
    after: UUID | None = None
    about: str = ""
    by: str = ""
    day: date | None = None


def is_of_the_commission(subject_type: str, event: str) -> bool:
    """Whether the work of evaluators would be told by naming who acted (P12)."""
    return subject_type in EVALUATION_SUBJECTS or event == SCORED or event.startswith(RANKED)


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a day of Rome's calendar, and that of the next."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ROME))
    following = day + timedelta(days=1)
    return start, datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(ROME))
