"""What a call may declare and no room interprets yet. Never silently ignored: the publication checklist refuses it.

A row goes when its interpreter comes; a test finds one or the other for every value and every key of a design.
"""

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any

from portal.calls.rules.design import (
    AgesOf,
    AidRegime,
    AllocateBy,
    AllocatePer,
    ApplicantRule,
    Better,
    BudgetLine,
    CallDesign,
    Cofinancing,
    CostCategory,
    CostForm,
    Criterion,
    CriterionSource,
    EligibilityRule,
    FlatRate,
    Flow,
    GateName,
    IncorporateBefore,
    Level,
    OwnShare,
    Participation,
    PhaseDesign,
    PhaseGate,
    TieBreakBy,
    TrancheBasis,
    TrancheTemplate,
    TwoConsortia,
)
from portal.calls.rules.validity.fault import Fault
from portal.core.i18n import lazy_

_AGES = lazy_("This version cannot yet check the ages of applicants.")
_FLAT = lazy_("This version cannot yet account for costs by flat rates, unit costs or lump sums.")
_AID = lazy_("This version cannot yet keep the State aid register and its ceilings.")
_SPREAD = lazy_("This version cannot yet compute points from the answers of all applications.")
_CONSORTIA = lazy_("This version cannot yet find an organisation that stands in two consortia.")
_SPORTELLO = lazy_("This version cannot yet run a call in order of arrival.")

_VALUES: tuple[tuple[Enum, object], ...] = (
    (Flow.TWO_STAGE, lazy_("This version cannot yet run a second phase with a form and a ranking of its own.")),
    (Flow.SPORTELLO, _SPORTELLO),
    (PhaseGate.ATTENDED, lazy_("This version cannot yet count attendance between two phases.")),
    (PhaseGate.INCORPORATED, lazy_("This version cannot yet require that a group be a legal entity at a later phase.")),
    (
        IncorporateBefore.NEXT_PHASE,
        lazy_("This version cannot yet require that a group be a legal entity at a later phase."),
    ),
    (AgesOf.EVERYONE, _AGES),
    (AgesOf.MAJORITY, _AGES),
    (AgesOf.REPRESENTATIVE, _AGES),
    (TwoConsortia.REFUSED, _CONSORTIA),
    (TwoConsortia.EXCLUDES_ALL, _CONSORTIA),
    (Cofinancing.CROWDFUNDING, lazy_("This version cannot yet make a grant depend on a crowdfunding.")),
    (AidRegime.DE_MINIMIS, _AID),
    (AidRegime.DE_MINIMIS_SGEI, _AID),
    (AidRegime.EXEMPTED, _AID),
    (CriterionSource.FORMULA, lazy_("This version cannot yet compute points by a formula.")),
    (CriterionSource.INTERPOLATION, _SPREAD),
    (CriterionSource.BONUS, lazy_("This version cannot yet add bonuses to a score.")),
    (Better.HIGHER, _SPREAD),
    (Better.LOWER, _SPREAD),
    (TieBreakBy.YOUNGER, lazy_("This version cannot yet break ties by age.")),
    (TieBreakBy.GENDER_MAJORITY, lazy_("This version cannot yet break ties by gender.")),
    (TieBreakBy.DRAW, lazy_("This version cannot yet record a draw.")),
    (AllocateBy.PLACES, lazy_("This version cannot yet allot places.")),
    (AllocateBy.BOTH, lazy_("This version cannot yet allot places.")),
    (AllocatePer.CALL, lazy_("This version cannot yet make one ranking over several budget lines.")),
    (AllocatePer.AREA, lazy_("This version cannot yet choose winners area by area; give each area a budget line.")),
    (GateName.GUARANTEE_ACTIVE, lazy_("This version cannot yet check guarantees before a payment.")),
    (GateName.SPENDING_JUSTIFIED, lazy_("This version cannot yet check what was spent before a payment.")),
    (GateName.TAX_DEBTS_CHECKED, lazy_("This version cannot yet record the check of tax debts (art. 48-bis).")),
    (GateName.AID_REGISTERED, lazy_("This version cannot yet record the State aid register code (COR).")),
    (GateName.NO_IRREGULARITY, lazy_("This version cannot yet hold a payment for an open irregularity.")),
    (TrancheBasis.REIMBURSEMENT, lazy_("This version cannot yet pay by reimbursement of costs.")),
    (CostForm.UNIT_COST, _FLAT),
    (CostForm.LUMP_SUM, _FLAT),
    (CostForm.FLAT_RATE, _FLAT),
    *((each, _FLAT) for each in FlatRate),
)
NOT_YET: dict[tuple[type[Enum], object], object] = {(type(value), value.value): words for value, words in _VALUES}
"""Values that no room interprets yet, with the words of the checklist; by enum and value, as two enums share words."""

NOT_YET_KEYS: dict[tuple[type, str], object] = {
    (ApplicantRule, "new_entity_only"): lazy_("This version cannot yet tell a new legal entity from an older one."),
    (ApplicantRule, "minimum_members"): lazy_("This version cannot yet count the members of an applicant."),
    (ApplicantRule, "minimum_organisations"): lazy_("This version cannot yet count the organisations of a consortium."),
    (ApplicantRule, "minimum_age"): _AGES,
    (ApplicantRule, "maximum_age"): _AGES,
    (Participation, "one_application_only"): lazy_("This version takes one application of each applicant only."),
    (Participation, "frozen_composition"): lazy_("This version cannot yet freeze the members of a group."),
    (OwnShare, "in_kind_most"): lazy_("This version cannot yet tell contributions in kind from money."),
    (OwnShare, "crowdfunding"): lazy_("This version cannot yet make a grant depend on a crowdfunding."),
    (EligibilityRule, "question"): lazy_("This version cannot yet ask a question for a rule of eligibility alone."),
    (CallDesign, "rankings"): lazy_("This version cannot yet make several rankings apart from budget lines."),
    (PhaseDesign, "selection"): lazy_(
        "This version cannot yet run a second phase with a form and a ranking of its own."
    ),
    (PhaseDesign, "accompaniment"): lazy_("This version cannot yet count attendance between two phases."),
    (PhaseDesign, "batches"): _SPORTELLO,
    (Criterion, "scale"): lazy_("This version cannot yet turn marks of another scale into points."),
    (Criterion, "levels"): lazy_("This version cannot yet score by levels."),
    (Level, "knock_out"): lazy_("This version cannot yet score by levels."),
    (Criterion, "reason_required"): lazy_("This version asks a reason for every score."),
    (Criterion, "per_cent"): lazy_("This version cannot yet add bonuses to a score."),
    (TrancheTemplate, "minimum_spent"): lazy_("This version cannot yet check what was spent before a payment."),
    (TrancheTemplate, "guarantee_months"): lazy_("This version cannot yet check guarantees before a payment."),
    (BudgetLine, "kind"): lazy_("This version cannot yet set money apart for a kind of applicant."),
    (CostCategory, "most"): lazy_("This version cannot yet check the ceiling of a kind of cost."),
}
"""Keys that no room interprets yet, when they say anything but their default."""
WAIT = lazy_("Take it away, or publish with a version that can.")


def not_yet(design: CallDesign) -> list[Fault]:
    """Whatever this version cannot keep, with its place; an empty list when there is nothing."""
    return list(dict.fromkeys(_in(design, "")))


def _in(value: Any, place: str) -> Iterator[Fault]:
    if isinstance(value, Enum):
        if (type(value), value.value) in NOT_YET:
            yield Fault(place, NOT_YET[type(value), value.value], WAIT)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _key(value, each, f"{place}.{each.name}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _in(item, f"{place}.{index}")


def _key(holder: Any, each: "Field[Any]", place: str) -> Iterator[Fault]:
    value = getattr(holder, each.name)
    words = NOT_YET_KEYS.get((type(holder), each.name))
    if words is not None and value != default_of(each):
        yield Fault(place, words, WAIT)
    yield from _in(value, place)


def default_of(each: "Field[Any]") -> Any:
    """What a key is when it is not written; MISSING where it must be."""
    return each.default_factory() if each.default_factory is not MISSING else each.default
