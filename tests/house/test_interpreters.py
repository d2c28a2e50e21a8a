"""A call declares, upper rooms interpret: each value and each key of a design is read somewhere, or said to be not yet.

A row of NOT_YET makes the publication checklist refuse the call: nothing that a call promises is silently ignored.
"""

import re
from collections.abc import Iterable
from dataclasses import fields
from enum import Enum
from pkgutil import resolve_name
from typing import get_args, get_type_hints

from portal.calls.describe import dataclasses_of_a_call
from portal.calls.designer.choices import WORDS
from portal.calls.rules import design
from portal.calls.rules.design import (
    AgesOf,
    Aggregation,
    AllocateBy,
    AllocatePer,
    Better,
    CheckKind,
    Cofinancing,
    ConflictEffect,
    CostForm,
    CostKind,
    CountingMode,
    CriterionSource,
    EdgeRule,
    FlatRate,
    Flow,
    GateName,
    Inclusive,
    IncorporateBefore,
    MarginalityType,
    MaturityMoment,
    OnDoubt,
    OthersScores,
    Period,
    PhaseGate,
    Programme,
    RatingsSeen,
    Rounding,
    SampleMethod,
    SignatureWay,
    SignOff,
    Theme,
    TieBreakBy,
    TrancheBasis,
    TwoConsortia,
)
from portal.calls.rules.design.money import AidRegime
from portal.calls.rules.validity import NOT_YET, NOT_YET_KEYS
from portal.evaluation.ranking import Better as BetterOfRanking
from portal.evaluation.ranking import EdgeRule as EdgeOfRanking
from portal.evaluation.ranking import Rounding as RoundingOfRanking
from portal.evaluation.ranking import Source, TieRule
from portal.payments.gates import INTERPRETERS
from tests.house.sources import ROOT

READ_BY: tuple[tuple[Enum, str], ...] = (
    (Flow.SINGLE, "portal.applications.operations.start:start_application"),
    (Flow.TWO_STAGE, "portal.applications.queries.entry:entries_of"),
    (PhaseGate.SELECTED, "portal.applications.gates:closed_gates"),
    (PhaseGate.ATTENDED, "portal.applications.gates:closed_gates"),
    (PhaseGate.INCORPORATED, "portal.applications.gates:closed_gates"),
    (IncorporateBefore.NEXT_PHASE, "portal.applications.gates:gates_of"),
    (Inclusive.INSTANT, "portal.calls.rules.design:PhaseDesign.beyond"),
    (Inclusive.MINUTE, "portal.calls.rules.design:PhaseDesign.beyond"),
    (AllocateBy.BUDGET, "portal.evaluation.ranking.allocation:grants_in_order"),
    (AllocateBy.PLACES, "portal.evaluation.declared:scheme_of"),
    (AllocateBy.BOTH, "portal.evaluation.declared:scheme_of"),
    (AllocatePer.CALL, "portal.evaluation.declared:ranking_for"),
    (AllocatePer.LINE, "portal.evaluation.declared:ranking_for"),
    (AllocatePer.AREA, "portal.evaluation.declared:ranking_for"),
    (Cofinancing.MONEY, "portal.applications.rules:own_share_needed"),
    (Cofinancing.IN_KIND, "portal.applications.rules:own_share_needed"),
    (IncorporateBefore.AGREEMENT, "portal.grants.agreements.operations:sign_agreement"),
    (TwoConsortia.ALLOWED, "portal.applications.operations.start:start_application"),
    (TwoConsortia.REFUSED, "portal.applications.operations.taking:take_part"),
    (TwoConsortia.EXCLUDES_ALL, "portal.applications.queries.elsewhere:points_of"),
    (AgesOf.EVERYONE, "portal.applications.duties:people_faults"),
    (AgesOf.MAJORITY, "portal.applications.duties:people_faults"),
    (AgesOf.REPRESENTATIVE, "portal.applications.duties:people_faults"),
    (SignOff.NOT_ASKED, "portal.applications.operations.formalities:settle"),
    (SignOff.REPRESENTATIVE, "portal.applications.operations.formalities:settle"),
    (TrancheBasis.SHARE, "portal.payments.operations.plan:plan_tranches"),
    (TrancheBasis.REIMBURSEMENT, "portal.payments.reimbursing:reimbursement"),
    (CostForm.REAL, "portal.milestones.costs.rules.cost:share_of_document"),
    (CostForm.UNIT_COST, "portal.calls.rules.pricing:pricing_of"),
    (CostForm.LUMP_SUM, "portal.calls.rules.pricing:pricing_of"),
    (CostForm.FLAT_RATE, "portal.calls.rules.pricing:pricing_of"),
    *((each, "portal.calls.rules.options:base_of") for each in FlatRate),
    *((each, "portal.coaching.maturity.rules:moments_of") for each in MaturityMoment),
    *((each, "portal.coaching.maturity.rules:is_shown") for each in RatingsSeen),
    (ConflictEffect.CALL, "portal.evaluation.operations.leaving:leave_commission"),
    (ConflictEffect.APPLICATION, "portal.evaluation.operations.leaving:replace_for_application"),
    (Aggregation.MEAN, "portal.evaluation.ranking.marks"),
    (Aggregation.COLLEGIAL, "portal.evaluation.agreeing:agrees_on_all"),
    (OthersScores.NEVER, "portal.evaluation.queries.others:may_see_others"),
    (OthersScores.AFTER_OWN, "portal.evaluation.queries.others:may_see_others"),
    (OthersScores.ALWAYS, "portal.evaluation.queries.others:may_see_others"),
    *((each, "portal.grants.agreements.judging:judged") for each in OnDoubt),
    *((each, "portal.grants.agreements.judging:judged") for each in SignatureWay),
    (AidRegime.NOT_AID, "portal.calls.rules.validity.costs:options"),
    (AidRegime.DE_MINIMIS, "portal.grants.aid.queries:verdicts"),
    (AidRegime.DE_MINIMIS_SGEI, "portal.grants.aid.queries:verdicts"),
    *((each, "portal.grants.checking.queries:checklist_of") for each in CheckKind),
    *((each, "portal.milestones.control.sampling:drawn") for each in SampleMethod),
)
"""Values whose default meaning one function carries out, and that function."""
SAID = (Theme, MarginalityType, CountingMode, Programme, CostKind, Period)
"""What only describes a call: said in words; validity demarcates programmes and costs."""


def ways(values: Iterable[Enum]) -> set[tuple[type[Enum], object]]:
    """Values with their enum: two enums may share a word."""
    return {(type(value), value.value) for value in values}


def test_every_value_has_an_interpreter_or_is_said_to_be_not_yet():
    read = ways(value for value, _place in READ_BY) | ways(GateName(gate) for gate in INTERPRETERS)
    read |= ways(TieBreakBy(rule.value) for rule in TieRule) | ways(EdgeRule(rule.value) for rule in EdgeOfRanking)
    read |= ways(Rounding(rule.value) for rule in RoundingOfRanking) | ways(
        Better(end.value) for end in BetterOfRanking
    )
    read |= ways(CriterionSource(source.value) for source in Source)
    read |= ways(value for kind in SAID for value in kind) & WORDS.keys()
    enums = [kind for kind in vars(design).values() if isinstance(kind, type) and issubclass(kind, Enum)]
    every = ways(value for kind in enums for value in kind)
    assert not every - read - NOT_YET.keys(), "give it an interpreter, or a row in NOT_YET"
    assert not read & NOT_YET.keys(), "its interpreter is there: take the row of NOT_YET away"
    assert not NOT_YET.keys() - every


def test_the_interpreters_are_there():
    for _value, place in READ_BY:
        assert resolve_name(place), place


READ_ELSEWHERE = ("portal/calls/rules/", "portal/calls/describe/", "portal/calls/designer/")
HERE = {
    "AgreementDesign": "portal/calls/rules/design/agreement.py",
    "ClausesOfForms": "portal/calls/rules/design/agreement.py",
    "CostRules": "portal/calls/rules/validity/costs.py",
    "CostOption": "portal/calls/rules/validity/costs.py",
    "Fund": "portal/calls/rules/validity/money.py",
    "PaymentRules": "portal/calls/rules/design/paying.py",
    "PhaseDesign": "portal/calls/rules/design/phases.py",
    "Condition": "portal/questionnaires/rules/conditions.py",
    "CallDesign": "portal/calls/rules/validity/choosing.py",
    "Selection": "portal/calls/rules/validity/choosing.py",
}
"""What binds the file itself, or is read through one property of the design."""
OF_THE_FILE = {("CallDesign", "notes"), ("CallDesign", "flow")}
"""`notes` are for who keeps the file; what a flow means stands in its phases (`timing.flow`, NOT_YET)."""


def test_every_key_is_read_or_said_to_be_not_yet():
    """A key counts as read where some room, page or interpreter names it as an attribute."""
    files = [*(ROOT / "portal").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    texts = [
        path.read_text(encoding="utf-8") for path in files if not str(path.relative_to(ROOT)).startswith(READ_ELSEWHERE)
    ]
    named = set(re.findall(r"\.([a-z_]+)\b", "\n".join(texts)))
    for holder in dataclasses_of_a_call():
        hints = get_type_hints(holder)
        here = (ROOT / HERE[holder.__name__]).read_text(encoding="utf-8") if holder.__name__ in HERE else ""
        for each in fields(holder):
            is_chosen = _has_enum(hints[each.name])
            is_read = (
                is_chosen or each.name in named or each.name in here or (holder.__name__, each.name) in OF_THE_FILE
            )
            assert is_read or (holder, each.name) in NOT_YET_KEYS or _of_not_yet(holder.__name__), (
                f"{holder.__name__}.{each.name}"
            )


def _has_enum(hint: object) -> bool:
    """A key chosen from an enum is read value by value."""
    inside = [hint, *get_args(hint), *(inner for each in get_args(hint) for inner in get_args(each))]
    return any(isinstance(each, type) and issubclass(each, Enum) for each in inside)


WHOLE = {"Batch", "Crowdfunding", "Selection"}
"""Parts that stand only under a key, or beside a value, of NOT_YET; and a selection, whose keys are those of the call
(`CallDesign.at_phase`).
"""


def _of_not_yet(holder: str) -> bool:
    return holder in WHOLE


def test_no_row_outlives_its_key():
    for holder, name in NOT_YET_KEYS:
        assert name in {each.name for each in fields(holder)}, f"{holder.__name__}.{name}"
