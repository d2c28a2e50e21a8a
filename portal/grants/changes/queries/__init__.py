"""Reading what changed in a grant."""

from portal.grants.changes.queries.amendments import (
    amendment_to_change,
    amendment_to_read,
    amendments_of,
    file_of_amendment,
    freely_moved,
    seen_of,
    side_of,
)
from portal.grants.changes.queries.ends import (
    acts_of,
    open_proceeding_of,
    proceedings_of,
    reply_file_of,
    standing_money,
    standing_tranches,
    suspension_of,
)
from portal.grants.changes.queries.plans import plan_in_force, plan_on, versions_of

__all__ = [
    "acts_of",
    "amendment_to_change",
    "amendment_to_read",
    "amendments_of",
    "file_of_amendment",
    "freely_moved",
    "open_proceeding_of",
    "plan_in_force",
    "plan_on",
    "proceedings_of",
    "reply_file_of",
    "seen_of",
    "side_of",
    "standing_money",
    "standing_tranches",
    "suspension_of",
    "versions_of",
]
