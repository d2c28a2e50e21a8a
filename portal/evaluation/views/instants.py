"""Day and hour as they were typed, by Rome's clock."""

from datetime import datetime

from portal.calls.rules.times import NoSuchTime, instant_of
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.instants import ROME


def instant_at(wall: datetime) -> datetime:
    """The instant of a wall time in Rome. Raises Invalid for an hour that summer time skips or doubles."""
    try:
        return instant_of(wall, ROME)
    except NoSuchTime as error:
        words = lazy_("Clocks change at this hour: choose another one.")
        raise Invalid(words, "starts_at") from error
