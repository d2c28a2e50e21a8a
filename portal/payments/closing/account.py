"""The final account of a grant: what it is entitled to, what it got, what follows. Pure.

balance = min(grant, eligible cost × public share) − paid (`domain.md` §2). What is granted is a ceiling, never a right
to be paid for what was not spent; money that came back to the call is no longer of the grant.
"""

from dataclasses import dataclass
from fractions import Fraction

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class FinalBalance:
    """Cents: what was granted, what was found eligible, what left the award (gross), what of it came back for good.

    `share`: public money in the cost. `withheld`: tax that went to the State: nobody asks it
    back.
    """

    granted: int
    eligible: int
    paid: int
    returned: int = 0
    share: Fraction = WHOLE
    withheld: int = 0

    @property
    def ceiling(self) -> int:
        """The grant, less what came back of it."""
        return self.granted - self.returned

    @property
    def entitled(self) -> int:
        """What the grant pays: the public share of the eligible cost, within its ceiling; never less than the tax.

        The fraction of a cent is not paid.
        """
        return max(self.withheld, min(self.ceiling, int(self.eligible * self.share)))

    @property
    def kept(self) -> int:
        """What the recipient has."""
        return self.paid - self.returned

    @property
    def balance(self) -> int:
        """What is still to be paid; below zero: what is to be returned."""
        return self.entitled - self.kept

    @property
    def to_pay(self) -> int:
        """The last payment."""
        return max(self.balance, 0)

    @property
    def to_return(self) -> int:
        """What is to be asked back."""
        return max(-self.balance, 0)

    @property
    def freed(self) -> int:
        """What goes back to the call at once: awarded, never paid, and not to be paid."""
        return self.granted - self.paid - self.to_pay


def public_share(*, granted: int, total: int) -> Fraction:
    """The public money in each euro of the project; all of it where the grant bears the whole budget."""
    return Fraction(granted, total) if total > granted else WHOLE
