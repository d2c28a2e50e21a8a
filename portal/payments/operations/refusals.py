"""Why money does not move."""

from portal.core.errors import Conflict, Forbidden
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.payments.gates import Gate
from portal.payments.models import Tranche


class GatesClosed(Conflict):
    """Some gate of the tranche is closed; `gates` are the closed ones."""

    default = lazy_("Not all conditions of this tranche are met. The page shows which, and how to mend each.")

    def __init__(self, gates: list[Gate], tranche: Tranche | None = None) -> None:
        message = None
        if tranche is not None:
            message = lazy_(
                "Not all conditions of %(reference)s, tranche %(number)s are met any more. Open it to see which, or"
                " leave it out.",
                reference=tranche.grant.reference,
                number=tranche.number,
            )
        super().__init__(message)
        self.gates = gates


class GrantNotPayable(Conflict):
    """Only a grant under way is paid."""

    default = lazy_("This grant is not under way: no money can move towards it.")


class EarlierTrancheOpen(Conflict):
    """Tranches are released in their order."""

    default = lazy_("The tranche before this one has not been released yet.")


class ChangedSinceSeen(Conflict):
    """Approval is bound to the version that was on the approver's screen."""

    default = lazy_("This tranche changed after you opened the page. Look at it again, then approve.")


class AmountChanged(Conflict):
    """What a reimbursement comes to is not what was asked for."""

    default = lazy_(
        "More or less of the costs is approved than when this tranche was asked for. Send it back: it is asked for"
        " again with the amount of today."
    )


class SamePerson(Forbidden):
    """Maker and checker are two people (P10; also a CHECK)."""

    default = lazy_("You proposed this payment: another person must approve it.")


class TakenBackByMaker(Forbidden):
    """What a second person decided is not undone by the first."""

    default = lazy_("You proposed this payment: who approved it, or another approver, takes the approval back.")


class LaterTrancheMoved(Conflict):
    """Tranches are released in their order, and go back in the order that is opposite."""

    default = lazy_("A later tranche was asked for already: send it back first, then take this approval back.")


class SentByOneself(Forbidden):
    """Who approved a payment, or said that it failed, does not send it (P10; also a trigger)."""

    default = lazy_(
        "You approved one of these payments, or recorded that the bank did not make it: another person of finance makes"
        " this file. So nobody can pay alone, or twice."
    )


class PaysOneself(Forbidden):
    """Nobody moves money towards an organisation they belong to."""

    default = lazy_("You belong to the organisation that would be paid: somebody else must do this.")


class AlreadyOrdered(Conflict):
    """One live payment for each tranche."""

    default = lazy_("One of these tranches is already in a payment file.")


class NoAccountToPayFrom(Conflict):
    """The authority has no account."""

    default = lazy_("The authority has no account to pay from: ask the administrator to record its IBAN.")


class AccountNotVerified(Conflict):
    """A recipient's account is missing, or a change of it freezes payments."""

    default = lazy_("A recipient has no verified account, or a change of it is waiting: verify it first.")


class NotForTheBank(Conflict):
    """The bank's schema would refuse the file."""

    default = lazy_(
        "The bank would refuse this file: check the names of the account holders, and the account of the authority."
    )


violation("ck_tranche_maker_is_not_checker", SamePerson)
violation("uq_payment_line_live", AlreadyOrdered)
violation("payment_line_by_another", SentByOneself)
violation("tranche_withholding", ChangedSinceSeen)
