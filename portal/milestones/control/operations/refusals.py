"""What the control of costs refuses, in words."""

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.grants.apart import TwoPeople


class NotInControl(Conflict):
    """A report is controlled from its sending to its approval."""

    default = lazy_("This report is not under control now: it is being written, waits for an answer, or was decided.")


class BegunAlready(Conflict):
    """Lines are drawn once for each version."""

    default = lazy_("The lines of this version were drawn already: a draw is never repeated.")


class TooNear(Conflict):
    """Who helped a team, or scored it, does not judge its costs (P10, P18)."""

    default = lazy_("You coach this team, or evaluate its application: a colleague who does neither controls it.")


class NotToWiden(Conflict):
    """Lines that do not exist are not drawn."""

    default = lazy_("There is nothing more to draw: every line is among those to look at.")


class JudgedAlready(Conflict):
    """Whoever ticks lines on an old page does not undo what a colleague has found."""

    default = lazy_("A colleague has recorded an outcome meanwhile: nothing was changed. Look at the page again.")


class BeyondLimit(Conflict):
    """A part of the whole is measured on what stands of the whole."""

    default = lazy_("After what was cut, a kind of cost is beyond what the call bears of it.")


class NotBegun(Conflict):
    """First it is drawn what is looked at."""

    default = lazy_("Begin the control first: it is drawn which lines are looked at.")


class NotComplete(Conflict):
    """A control ends when everything drawn was looked at."""

    default = lazy_(
        "Some lines to look at, or some questions of the checklist, are still without an outcome; or too much was found"
        " for the other lines to stand: draw more of them."
    )


class ChangedSince(Conflict):
    """What was proposed is no longer what is found."""

    default = lazy_("The control changed after this page was shown: read it again. What changed is proposed anew.")


class NothingAsked(Conflict):
    """Only what was asked can be answered."""

    default = lazy_("Nothing is asked here now, or it was answered already.")


class TermRuns(Conflict):
    """The office goes on without an answer once the term is over."""

    default = lazy_("The term to answer still runs: wait for its end.")


violation("ck_control_proposal_two_people", TwoPeople)
