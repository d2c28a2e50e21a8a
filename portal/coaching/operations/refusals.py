"""What coaching refuses, in words; the constraints of the database speak through them."""

from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.grants.apart import TwoPeople


class NotFunded(Conflict):
    """Only funded teams, and those on their way to the next phase, are accompanied."""

    default = lazy_("A coach accompanies applications that are funded or admitted to the next phase: this one is not.")


class HasACoach(Conflict):
    """One live engagement for each application."""

    default = lazy_("This team has its coach already.")


class Overlapping(Conflict):
    """A coach is in one place at a time (P21)."""

    default = lazy_("You have logged another session at this time. Check day, time and minutes.")


class AlreadyConfirmed(Conflict):
    """A confirmed session does not change any more (P21)."""

    default = lazy_("This session is confirmed: it does not change any more.")


violation("overlapping session", Overlapping)
violation("confirmed session", AlreadyConfirmed)
violation("uq_engagement_live", HasACoach)
violation("ck_coaching_session_two_people", TwoPeople)
violation("ck_coaching_session_not_in_the_future", lambda: Invalid(lazy_("A session is logged once it is over.")))
violation("session logged", lambda: Conflict(lazy_("What was logged does not change: take it back and log it anew.")))
