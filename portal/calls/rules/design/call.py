"""The whole call: everything that its file says."""

from dataclasses import dataclass, field, fields, replace
from decimal import Decimal

from portal.calls.rules.design.acts import Act, Area, AuthorityInfo
from portal.calls.rules.design.admission import AdmissionRules
from portal.calls.rules.design.agreement import AgreementDesign
from portal.calls.rules.design.aims import CountingMode, Indicator, Marginality, Theme
from portal.calls.rules.design.allocation import Allocation, EdgeRule, RankingDesign
from portal.calls.rules.design.asking import DocumentRequest, Questionnaire
from portal.calls.rules.design.changes import ChangeRules
from portal.calls.rules.design.checks import AidRules, AwardRules
from portal.calls.rules.design.control import ControlRules
from portal.calls.rules.design.costs import CostRules
from portal.calls.rules.design.criteria import Criterion, Rounding, TieBreak
from portal.calls.rules.design.evaluation import EvaluationRules
from portal.calls.rules.design.maturity import FollowUpRules, MaturityRules
from portal.calls.rules.design.money import AidRegime, BudgetLine, Fund, OwnShare
from portal.calls.rules.design.paying import PaymentRules
from portal.calls.rules.design.people import ApplicantRule, EligibilityRule, Participation
from portal.calls.rules.design.phases import Flow, PhaseDesign
from portal.calls.rules.design.plan import CoachingAllowance, MilestoneTemplate, TrancheTemplate
from portal.calls.rules.design.reporting import ReportingRules
from portal.calls.rules.design.sending import SendingRules
from portal.questionnaires.rules.design import Exact, Section, Text

REQUIREMENTS = "requirements"
"""The key of the section that asks what only rules of eligibility need."""
REQUIREMENTS_TITLE: Text = {"it": "Requisiti", "en": "Requirements"}


@dataclass(frozen=True)
class CallDesign(Exact):
    """Everything a call is: the content of its file, and of each revision.

    The questionnaire, the documents and the way of choosing are those of every phase that declares none of its own;
    `at_phase` gives the call as one phase has it.
    """

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
    themes: list[Theme] = field(default_factory=list)
    marginality: Marginality | None = None
    areas: list[Area] = field(default_factory=list)
    areas_required: bool = False
    funds: list[Fund] = field(default_factory=list)
    aid_regime: AidRegime = AidRegime.NOT_AID
    aid: AidRules = field(default_factory=AidRules)
    own_share: OwnShare = field(default_factory=OwnShare)
    participation: Participation = field(default_factory=Participation)
    eligibility: list[EligibilityRule] = field(default_factory=list)
    flow: Flow = Flow.SINGLE
    documents_requested: list[DocumentRequest] = field(default_factory=list)
    sending: SendingRules = field(default_factory=SendingRules)
    costs: CostRules = field(default_factory=CostRules)
    reporting: ReportingRules = field(default_factory=ReportingRules)
    control: ControlRules = field(default_factory=ControlRules)
    admission: AdmissionRules = field(default_factory=AdmissionRules)
    edge_rule: EdgeRule = EdgeRule.STOP
    allocation: Allocation = field(default_factory=Allocation)
    rankings: list[RankingDesign] = field(default_factory=list)
    weights_sum: Decimal | None = None
    cap: Decimal | None = None
    rounding: Rounding = Rounding.HALF_UP
    decimals: int = 2
    evaluators_per_application: int = 3
    evaluation: EvaluationRules = field(default_factory=EvaluationRules)
    award: AwardRules = field(default_factory=AwardRules)
    agreement: AgreementDesign = field(default_factory=AgreementDesign)
    changes: ChangeRules = field(default_factory=ChangeRules)
    payments: PaymentRules = field(default_factory=PaymentRules)
    payment_days: int = 80
    retention_years: int = 10
    counting_mode: CountingMode | None = None
    indicators: list[Indicator] = field(default_factory=list)
    maturity: MaturityRules | None = None
    follow_up: FollowUpRules | None = None

    @property
    def sections(self) -> list[Section]:
        """The form of the application: what exists only for rules of eligibility is asked in front of the rest."""
        own = [rule.question for rule in self.eligibility if rule.question is not None]
        asked = list(self.questionnaire.sections)
        return [Section(REQUIREMENTS, dict(REQUIREMENTS_TITLE), own), *asked] if own else asked

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

    def line_for(self, kind: str | None, area: str | None) -> BudgetLine:
        """The budget line that serves an application: the first made for its area and kind, else the first for all.

        A line whose key is that of an area serves that area, as one that names it.
        """
        known = {each.key for each in self.areas}

        def serves(line: BudgetLine) -> bool:
            place = line.area or (line.key if line.key in known else None)
            return line.kind in (None, kind) and place in (None, area)

        def closeness(line: BudgetLine) -> int:
            return (line.area is not None or line.key in known) + (line.kind is not None)

        fitting = [line for line in self.budget_lines if serves(line)]
        return max(fitting, key=closeness, default=self.budget_lines[0])

    def phase(self, key: str) -> PhaseDesign:
        """The phase with this key; KeyError when there is none."""
        found = {each.key: each for each in self.phases}
        return found[key]

    def at_phase(self, key: str) -> "CallDesign":
        """The call as one phase has it: what that phase asks and how it chooses, in the places of the call's own."""
        own = self.phase(key).selection
        if own is None:
            return self
        given = {each.name: getattr(own, each.name) for each in fields(own)}
        return replace(self, **{name: value for name, value in given.items() if value is not None})
