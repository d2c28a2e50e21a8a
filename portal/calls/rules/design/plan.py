"""What every grant of a call starts from: milestones, tranches with their gates, coaching."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portal.calls.rules.design.money import in_cents
from portal.questionnaires.rules.design import Exact, Text


class GateName(StrEnum):
    """What must hold before a tranche is paid; `payments` holds an interpreter for each that is not in NOT_YET."""

    AGREEMENT_SIGNED = "agreement_signed"
    INCORPORATED = "incorporated"
    CUP = "cup"
    PUBLISHED = "published"
    IBAN_VERIFIED = "iban_verified"
    DURC = "durc"
    MILESTONES_ACCEPTED = "milestones_accepted"
    COACHING_CONFIRMED = "coaching_confirmed"
    GUARANTEE_ACTIVE = "guarantee_active"
    SPENDING_JUSTIFIED = "spending_justified"
    TAX_DEBTS_CHECKED = "tax_debts_checked"
    AID_REGISTERED = "aid_registered"
    NO_IRREGULARITY = "no_irregularity"
    REPORT_APPROVED = "report_approved"
    ACTIVITY_FOUND = "activity_found"


class TrancheBasis(StrEnum):
    """What a tranche is computed from: a share of the grant, or the costs already borne."""

    SHARE = "share"
    REIMBURSEMENT = "reimbursement"


@dataclass(frozen=True)
class IndicatorTarget(Exact):
    """What a milestone counts, and how much of it each grant promises; its report says how much was reached."""

    key: str
    name: Text
    target: Decimal
    unit: Text | None = None


@dataclass(frozen=True)
class MilestoneTemplate(Exact):
    """A milestone that every grant of the call starts from; `month` counts from the agreement."""

    key: str
    title: Text
    deliverable: Text
    month: int
    weight: int = 0
    indicators: list[IndicatorTarget] = field(default_factory=list)


@dataclass(frozen=True)
class TrancheTemplate(Exact):
    """A share of the grant (per cent) or an amount (euro), the milestone it waits for, and its gates.

    Amounts are the same for every grant, and are set apart first: shares are of what they leave.
    `minimum_spent`: per cent of the earlier tranches that must be spent and justified. `guarantee_months`: how long
    after the end of the project the guarantee of an advance must last. A tranche by reimbursement pays the grant's part
    of the approved costs, within what the plan gives it and those before it.
    """

    key: str
    name: Text
    share: Decimal | None = field(default=None, kw_only=True)
    amount: Decimal | None = field(default=None, kw_only=True)
    gates: list[GateName]
    milestone: str | None = None
    basis: TrancheBasis = TrancheBasis.SHARE
    minimum_spent: Decimal | None = None
    guarantee_months: int | None = None

    @property
    def amount_cents(self) -> int:
        """The fixed amount, in cents; 0 for a share."""
        return in_cents(self.amount or Decimal(0))


@dataclass(frozen=True)
class CoachingTopic(Exact):
    """What sessions with a coach are about, to be ticked in their log."""

    key: str
    name: Text


@dataclass(frozen=True)
class CoachingAllowance(Exact):
    """Minutes of coaching for each grant; after `silence_days` a held session counts as confirmed.

    `topics` stand in place of those of the house.
    """

    allowance_minutes: int
    silence_days: int = 7
    minimum_confirmed_minutes: int = 0
    topics: list[CoachingTopic] = field(default_factory=list)
