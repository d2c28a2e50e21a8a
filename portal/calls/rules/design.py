"""What a call is, as data. Upper rooms interpret criteria, gates and templates; no key is unknown."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Exact, Section, Text


class EdgeRule(StrEnum):
    """What happens to the first project that no longer fits the budget."""

    STOP = "stop"
    PARTIAL = "partial"
    SKIP = "skip"


class Rounding(StrEnum):
    """How a total is rounded, once, at the end."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


class TieBreakBy(StrEnum):
    """What decides between equal totals."""

    CRITERION = "criterion"
    LOWER_REQUEST = "lower_request"
    HIGHER_COFINANCING = "higher_cofinancing"
    PROTOCOL = "protocol"


class GateName(StrEnum):
    """What must hold before a tranche is paid; `payments` holds an interpreter for each."""

    AGREEMENT_SIGNED = "agreement_signed"
    INCORPORATED = "incorporated"
    CUP = "cup"
    PUBLISHED = "published"
    IBAN_VERIFIED = "iban_verified"
    DURC = "durc"
    MILESTONES_ACCEPTED = "milestones_accepted"
    COACHING_CONFIRMED = "coaching_confirmed"


def in_cents(amount: Decimal) -> int:
    """Whole cents of a declared amount, which has two decimals at most."""
    return int(amount * 100)


@dataclass(frozen=True)
class AuthorityInfo(Exact):
    """The authority that runs the call."""

    code: str
    name: str
    istat: str | None = None
    fiscal_code: str | None = None
    iban: str | None = None
    bic: str | None = None


@dataclass(frozen=True)
class Act(Exact):
    """A decision with its number and date."""

    number: str
    date: date
    title: Text | None = None


@dataclass(frozen=True)
class Area(Exact):
    """A target area, with the point that stands for it on maps."""

    key: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class BudgetLine(Exact):
    """Money set apart for this call, in euro."""

    key: str
    name: Text
    amount: Decimal


@dataclass(frozen=True)
class ApplicantRule(Exact):
    """Who may apply, for how much, with which share of its own (per cent of total cost)."""

    kind: str
    forms: list[str]
    minimum: Decimal
    maximum: Decimal
    cofinancing: Decimal
    must_incorporate_days: int | None = None

    @property
    def minimum_cents(self) -> int:
        """The smallest grant, in cents."""
        return in_cents(self.minimum)

    @property
    def maximum_cents(self) -> int:
        """The largest grant, in cents."""
        return in_cents(self.maximum)


@dataclass(frozen=True)
class Deadline(Exact):
    """A closing instant in local time; each extension is a further row with its act and reason."""

    closes: datetime
    act: Act | None = None
    reason: Text | None = None


@dataclass(frozen=True)
class PhaseDesign(Exact):
    """One phase: when it opens and closes, in the wall time of its zone."""

    key: str
    name: Text
    opens: datetime
    deadlines: list[Deadline]
    zone: str = "Europe/Rome"
    grace_seconds: int = 0


@dataclass(frozen=True)
class DocumentRequest(Exact):
    """A file asked of applicants of these kinds."""

    key: str
    name: Text
    required_for: list[str] = field(default_factory=list)
    accept: list[str] = field(default_factory=lambda: ["pdf"])
    max_mb: int = 10


@dataclass(frozen=True)
class Criterion(Exact):
    """What is scored, from 0 to `maximum`; below `threshold` the application is not suitable."""

    key: str
    name: Text
    maximum: Decimal
    guide: Text | None = None
    threshold: Decimal | None = None


@dataclass(frozen=True)
class TieBreak(Exact):
    """One step of the declared chain between equal totals."""

    by: TieBreakBy
    criterion: str | None = None


@dataclass(frozen=True)
class MilestoneTemplate(Exact):
    """A milestone that every grant of the call starts from; `month` counts from the agreement."""

    key: str
    title: Text
    deliverable: Text
    month: int
    weight: int = 0


@dataclass(frozen=True)
class TrancheTemplate(Exact):
    """A share of the grant (per cent), the milestone it waits for, and its gates."""

    key: str
    name: Text
    share: Decimal
    gates: list[GateName]
    milestone: str | None = None


@dataclass(frozen=True)
class CoachingAllowance(Exact):
    """Minutes of coaching for each grant; after `silence_days` a held session counts as confirmed."""

    allowance_minutes: int
    silence_days: int = 7
    minimum_confirmed_minutes: int = 0


@dataclass(frozen=True)
class Indicator(Exact):
    """What the call counts in the end."""

    key: str
    name: Text


@dataclass(frozen=True)
class Questionnaire(Exact):
    """The form of the application."""

    sections: list[Section]


@dataclass(frozen=True)
class CallDesign(Exact):
    """Everything a call is: the content of its file, and of each revision."""

    slug: str
    authority: AuthorityInfo
    title: Text
    summary: Text
    texts: dict[str, Text]
    action: str
    officer: str
    office: Text
    email: str
    budget_lines: list[BudgetLine]
    applicants: list[ApplicantRule]
    phases: list[PhaseDesign]
    questionnaire: Questionnaire
    criteria: list[Criterion]
    minimum_total: Decimal
    tie_breaks: list[TieBreak]
    milestones: list[MilestoneTemplate]
    tranches: list[TrancheTemplate]
    coaching: CoachingAllowance
    acts: list[Act] = field(default_factory=list)
    cup: str | None = None
    synthetic: list[str] = field(default_factory=list)
    notes: str | None = None
    areas: list[Area] = field(default_factory=list)
    areas_required: bool = False
    documents_requested: list[DocumentRequest] = field(default_factory=list)
    edge_rule: EdgeRule = EdgeRule.STOP
    rounding: Rounding = Rounding.HALF_UP
    decimals: int = 2
    evaluators_per_application: int = 3
    payment_days: int = 80
    indicators: list[Indicator] = field(default_factory=list)

    @property
    def smallest_cents(self) -> int:
        """The smallest grant of any kind of applicant."""
        return min(rule.minimum_cents for rule in self.applicants)

    @property
    def largest_cents(self) -> int:
        """The largest grant of any kind of applicant."""
        return max(rule.maximum_cents for rule in self.applicants)

    @property
    def is_synthetic(self) -> bool:
        """Whether the points of the criteria are made up."""
        return not {"criteria", "everything"}.isdisjoint(self.synthetic)

    def rule_for(self, kind: str, form: str) -> ApplicantRule | None:
        """The rule for an applicant of this kind and legal form, if it may apply."""
        return next((rule for rule in self.applicants if rule.kind == kind and form in rule.forms), None)
