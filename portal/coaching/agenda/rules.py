"""Meetings to come: their states, moves and limits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.moves import Move


class AppointmentStatus(StrEnum):
    """Times are proposed, one is agreed; then it is held (logged), missed or cancelled."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


LIVE = frozenset({AppointmentStatus.PROPOSED, AppointmentStatus.AGREED})
AGREE = Move("agree", LIVE, AppointmentStatus.AGREED)
CANCEL = Move("cancel", LIVE, AppointmentStatus.CANCELLED)
HOLD = Move("hold", frozenset({AppointmentStatus.AGREED}), AppointmentStatus.HELD)
MISS = Move("miss", frozenset({AppointmentStatus.AGREED}), AppointmentStatus.MISSED)

MOST_TIMES = 5
LONGEST_PLACE, LONGEST_LINK, LONGEST_REASON = 200, 500, 2000
FARTHEST = timedelta(days=366)


def checked_proposals(times: Sequence[datetime], now: datetime) -> list[datetime]:
    """The times in order, each once. Invalid of `times` for none, too many, one that has passed or is far away."""
    found = sorted(set(times))
    if not found:
        raise Invalid(lazy_("Write one day and time at least."), "time_1")
    if len(found) > MOST_TIMES:
        raise Invalid(lazy_("Propose %(most)d times at most.", most=MOST_TIMES), "time_1")
    if found[0] <= now:
        raise Invalid(lazy_("A time to come is wanted: one of these has passed."), "time_1")
    if found[-1] > now + FARTHEST:
        raise Invalid(lazy_("Propose times within a year."), "time_1")
    return found


def checked_link(link: str) -> str:
    """The address of a room for calls, or nothing. Invalid of `link` for what does not begin with https://."""
    if link and (not link.startswith("https://") or len(link) > LONGEST_LINK or any(each.isspace() for each in link)):
        raise Invalid(lazy_("The link begins with https:// and has no spaces."), "link")
    return link
