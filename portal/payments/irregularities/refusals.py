"""Why an irregularity does not move."""

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.grants.apart import TwoPeople


class ClosedAlready(Conflict):
    """Nothing is said of a closed one."""

    default = lazy_("This irregularity is closed: the office has to open it again first.")


class StillOpen(Conflict):
    """Only a closed one is opened again."""

    default = lazy_("This irregularity is open already.")


class StillHeard(Conflict):
    """The recipient is heard first."""

    default = lazy_("The recipient may still reply: only “nothing was wrong” can be said before the term is over.")


class NothingRecovered(Conflict):
    """The act comes first."""

    default = lazy_("No money is asked back for this irregularity yet: decide the recovery first, then close it.")


class RecoveryStands(Conflict):
    """The outcome agrees with the act."""

    default = lazy_("Money is asked back for this irregularity: close it so, or take the recovery back first.")


class NothingToReport(Conflict):
    """Below the threshold, or reported already."""

    default = lazy_("This irregularity is not to be reported, or was reported already.")


violation("ck_irregularity_two_people", TwoPeople)
