"""Why a grant is not closed."""

from collections.abc import Sequence

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.grants.apart import TwoPeople
from portal.payments.closing.rules import Matter


class StillOpen(Conflict):
    """Something has to be settled first; `matters` says what."""

    default = lazy_("Something is still open on this grant. The page says what, and what to do about each.")

    def __init__(self, matters: Sequence[Matter]) -> None:
        super().__init__()
        self.matters = list(matters)


class ChangedSincePrepared(Conflict):
    """The account is no longer what was prepared, or shown."""

    default = lazy_("The money or the costs of this grant changed after the account was shown. Prepare it again.")


class AccountStands(Conflict):
    """One final account at a time."""

    default = lazy_("A final account of this grant stands already. Reload the page.")


violation("uq_final_account_live", AccountStands)
violation("final_account.grant_id", AccountStands)
violation("ck_final_account_two_people", TwoPeople)
