"""The plan of a grant as it is in force, and the changes that lead from one version to the next. Pure, in cents."""

from dataclasses import dataclass
from datetime import date

from portal.questionnaires.rules import Text


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """What the project spends on one category."""

    key: str
    name: Text
    cents: int


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """What a milestone counts, and how much is promised, in hundredths of one."""

    key: str
    name: Text
    hundredths: int
    unit: Text | None = None


@dataclass(frozen=True, slots=True)
class PlannedMilestone:
    """A milestone, by when; its weight is per cent of the project, and its targets are reported on."""

    key: str
    title: str
    due_on: date
    weight: int = 0
    targets: tuple[PlannedTarget, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedTranche:
    """A part of the grant."""

    key: str
    name: Text
    cents: int


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that does the project with the recipient."""

    name: str
    fiscal_code: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What both sides hold to from one instant to the next version."""

    starts_on: date
    ends_on: date | None
    granted_cents: int
    budget: tuple[BudgetLine, ...] = ()
    milestones: tuple[PlannedMilestone, ...] = ()
    tranches: tuple[PlannedTranche, ...] = ()
    partners: tuple[Partner, ...] = ()

    @property
    def total_cents(self) -> int:
        """What the project costs by its budget."""
        return sum(line.cents for line in self.budget)


@dataclass(frozen=True, slots=True)
class BudgetShift:
    """Money moves from one category of costs to another: the total stays."""

    source: str
    target: str
    cents: int


@dataclass(frozen=True, slots=True)
class Extension:
    """The project ends later."""

    ends_on: date


@dataclass(frozen=True, slots=True)
class PartnerChange:
    """A partner leaves, another one comes, or both."""

    leaves: str = ""
    enters: Partner | None = None


@dataclass(frozen=True, slots=True)
class MilestoneChange:
    """A milestone has another title, another day, other targets (by key, in hundredths), or several of these."""

    key: str
    title: str
    due_on: date
    targets: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reduction:
    """The grant is lowered: how much of each tranche goes, by key."""

    cuts: tuple[tuple[str, int], ...] = ()
    cents: int = 0
    """All that goes: it is the sum of the cuts wherever there are tranches."""


Change = BudgetShift | Extension | PartnerChange | MilestoneChange | Reduction
