"""Why a grant does not change, in words."""

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.grants.apart import TwoPeople


class NotUnderWay(Conflict):
    """Plans are changed while the project is under way."""

    default = lazy_("The plan changes only while the grant is active or suspended.")


class RequestChanged(Conflict):
    """What would be decided is no longer what was shown."""

    default = lazy_("The request or the plan changed after the page was shown. Look at the effect again.")


class OtherSide(Conflict):
    """A request is completed or taken back by the side that made it."""

    default = lazy_("Only the side that made this request can complete it or take it back.")


class NotThisEnd(Conflict):
    """From this state a grant cannot come to this end."""

    default = lazy_("A grant in this state cannot come to this end. Reload the page and choose again.")


class ProceedingOpen(Conflict):
    """One proceeding at a time."""

    default = lazy_("Proceedings on this grant are open already: close them first.")


class NoProceeding(Conflict):
    """There is nothing to reply to, to close or to drop."""

    default = lazy_("No proceedings are open on this grant. Reload the page.")


class WaitsForReply(Conflict):
    """The recipient is heard first."""

    default = lazy_("The recipient may still reply: the act follows the reply, or the end of the term.")


class PaymentWithTheBank(Conflict):
    """Nobody knows yet whether it is paid."""

    default = lazy_("A payment of this grant is with the bank: record first whether it was paid.")


class ChangedSinceShown(Conflict):
    """The effect is no longer the one that was shown."""

    default = lazy_("The money of this grant moved after the page was shown. Look at the effect again.")


violation("ck_grant_amendment_two_people", TwoPeople)
violation("uq_grant_proceeding_live", ProceedingOpen)
violation("grant_proceeding.grant_id", ProceedingOpen)
