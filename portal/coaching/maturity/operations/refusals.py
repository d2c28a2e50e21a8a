"""What maturity refuses, in words; the constraints of the database speak through them."""

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation


class AlreadyFinal(Conflict):
    """A rating is given once."""

    default = lazy_("This rating was given: it does not change any more.")


class NotOpenYet(Conflict):
    """Nobody rates before the day."""

    default = lazy_("This moment has not come yet: its day stands on the page of the team.")


class TeamIsGone(Conflict):
    """Only teams whose grant is under way, or came to its end, are rated."""

    default = lazy_("This grant is over before its time: its team is not rated any more.")


class StaleRating(Conflict):
    """Another version came in between."""

    default = lazy_(
        "This rating was changed in another window and nothing was saved. Saving again keeps what is written here."
    )


violation("final rating", AlreadyFinal)
violation("uq_maturity_rating_assessment_id", StaleRating)
