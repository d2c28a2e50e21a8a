"""What the gates of a tranche look at, as small facts. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.calls.rules import GateName
from portal.payments.guarantees.rules import Covering
from portal.payments.taxes.rules import DebtAnswer

WAITS = "waits"
"""The fact of an account whose change waits for a second person."""


@dataclass(frozen=True, slots=True)
class Spending:
    """The grant's part of approved costs, against what earlier tranches must have seen spent."""

    justified_cents: int = 0
    needed_cents: int = 0


@dataclass(frozen=True, slots=True)
class Reports:
    """Approved cost reports against the tranches that each wait for one; what a reimbursement comes to."""

    approved: int = 0
    needed: int = 0
    due_cents: int | None = None
    """None for a tranche that is a share of the grant."""


@dataclass(frozen=True, slots=True)
class TaxDebts:
    """The newest answer on the payee's tax debts; `above_cents` is the threshold, `days` is how long it holds.

    `beside_cents` is on its way to the same payee, or paid today: dividing a payment does not spare the check.
    """

    amount_cents: int = 0
    above_cents: int = 0
    answer: DebtAnswer | None = None
    days: int = 0
    beside_cents: int = 0

    @property
    def together_cents(self) -> int:
        """This payment with those beside it."""
        return self.amount_cents + self.beside_cents

    @property
    def is_asked(self) -> bool:
        """Whether the payment is large enough to be checked."""
        return self.together_cents > self.above_cents


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gates look at, as it stands on `today` (Rome's calendar).

    `account_rests_until`: a changed account is paid only after its cooling time (P10).
    """

    today: date
    agreement_in_force: bool
    is_informal: bool
    cup: str | None
    published_at: datetime | None
    verified_iban: str | None
    iban_waits: bool
    account_rests_until: datetime | None
    durc_valid_until: date | None
    open_milestones: tuple[str, ...]
    confirmed_minutes: int
    minimum_minutes: int
    aid_code: str | None = None
    """The code (COR) that the register of State aid gave to the grant."""
    aid_waits: bool = False
    """Whether the grant is aid whose code is not known: one that is no aid to its recipient has none."""
    guarantee: Covering | None = None
    """How far the advance is covered; None where the end of the project is not known."""
    spending: Spending = Spending()
    reports: Reports = Reports()
    tax: TaxDebts = TaxDebts()
    open_irregularities: int = 0
    activity_known: bool = True
    """Whether the office decided if the recipient carries on an economic activity, where tax would be withheld."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: open or closed, with the fact that decides (already a word, a day or minutes)."""

    name: GateName
    is_open: bool
    fact: object = None
