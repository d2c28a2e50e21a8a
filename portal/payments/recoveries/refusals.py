"""Why nothing is asked back, or no money is recorded."""

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.ledger.operations import NotEnough


class NothingToAskBack(Conflict):
    """No act, irregularity or account says that money is to be returned."""

    default = lazy_("Nothing says that this money is to be returned, or its recovery was decided already.")


class ChangedSinceShown(Conflict):
    """The act is bound to the plan that was on the screen."""

    default = lazy_("The plan changed after the page was shown. Look at it again, then decide.")


class MoneyCameBack(Conflict):
    """A recovery is reversed before any of its money is there."""

    default = lazy_("Money of this recovery was recorded: reverse its receipts first, from the latest back.")


class IrregularityClosed(Conflict):
    """Its outcome says that money is asked back."""

    default = lazy_("The irregularity that it follows from is closed: open it again first.")


class NotTheLatest(Conflict):
    """Receipts are reversed from the last one back."""

    default = lazy_("Only the latest receipt of a recovery can be reversed.")


class AskedBackAndReturned(NotEnough):
    """A payment comes back twice: from the bank, and from its recipient."""

    default = lazy_(
        "This payment was asked back, and money of it came from the recipient: take those receipts out first, if they"
        " are the same money."
    )


class KnownReference(Conflict):
    """One movement of the bank is recorded once."""

    default = lazy_("This movement of the bank was already recorded, with another amount, day or recovery.")


violation("uq_recovery_receipt_reference", KnownReference)
violation("uq_recovery_end_act", NothingToAskBack)
violation("uq_recovery_irregularity", NothingToAskBack)
violation("uq_recovery_final_account", NothingToAskBack)
