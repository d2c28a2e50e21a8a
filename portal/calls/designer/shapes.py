"""What the fields of a design are, read from their types: how each is typed, shown and stored."""

from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from portal.calls.rules.design import (
    AuthorityInfo,
    BudgetLine,
    CallDesign,
    ClausesOfForms,
    ControlQuestion,
    ControlRules,
    CostCategory,
    CostOption,
    CostRules,
    Criterion,
    DocumentRequest,
    EligibilityRule,
    FollowUpMoment,
    Fund,
    IndicatorTarget,
    Level,
    Marginality,
    MaturityDimension,
    MaturityLevel,
    MilestoneTemplate,
    PaymentRules,
    Places,
    RankingDesign,
    ReportingRules,
    StageRules,
    TieBreak,
    TrancheTemplate,
)
from portal.calls.rules.design.people import ApplicantRule
from portal.calls.rules.design.phases import Deadline, PhaseDesign
from portal.questionnaires.rules.design import Condition, Option, Question, Section


class Kind(StrEnum):
    """How a field is typed."""

    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    MONEY = "money"
    DEGREES = "degrees"
    YES_NO = "yes_no"
    DAY = "day"
    MOMENT = "moment"
    ONE = "one"
    SEVERAL = "several"
    LINES = "lines"
    OUTLINE = "outline"
    CONDITION = "condition"
    ROWS = "rows"
    BLOCK = "block"
    BLOCKS = "blocks"
    TEXTS = "texts"


APART = frozenset({Kind.BLOCK, Kind.BLOCKS, Kind.TEXTS})
"""Kinds that have places of their own; all others are fields of a form."""
IN_ROWS = frozenset({ControlQuestion, FollowUpMoment, IndicatorTarget, Option, Level, MaturityLevel, Places, TieBreak})
"""Small parts that are written as rows in the form of what holds them."""

SOURCES: dict[tuple[type, str], str] = {
    (ApplicantRule, "kind"): "all_kinds",
    (ApplicantRule, "forms"): "legal_forms",
    (ClausesOfForms, "forms"): "legal_forms",
    (BudgetLine, "area"): "areas",
    (BudgetLine, "kind"): "kinds",
    (BudgetLine, "fund"): "funds",
    (CostCategory, "option"): "cost_options",
    (Criterion, "questions"): "questions",
    (Criterion, "tag"): "tags",
    (DocumentRequest, "required_for"): "kinds",
    (DocumentRequest, "accept"): "file_kinds",
    (PhaseDesign, "zone"): "zones",
    (Places, "kind"): "kinds",
    (Places, "line"): "lines",
    (Places, "area"): "areas",
    (Question, "accept"): "file_kinds",
    (RankingDesign, "kinds"): "kinds",
    (RankingDesign, "lines"): "lines",
    (TieBreak, "criterion"): "criteria",
    (TrancheTemplate, "milestone"): "milestones",
}
"""Fields whose value is a key: where it may come from."""

MONEY = frozenset(
    {
        (ApplicantRule, "minimum"), (ApplicantRule, "maximum"), (BudgetLine, "amount"), (CostOption, "amount"),
        (CostRules, "operation_total"), (Fund, "amount"), (StageRules, "income_after"),
        (PaymentRules, "tax_check_above"), (ReportingRules, "files_from"), (ControlRules, "above"),
    }
)  # fmt: skip
LONG = frozenset(
    {
        (CallDesign, "summary"), (CallDesign, "notes"), (CostCategory, "note"), (CostOption, "method"),
        (Criterion, "guide"), (Deadline, "reason"), (DocumentRequest, "help"), (EligibilityRule, "text"),
        (Marginality, "reason"), (MaturityDimension, "guide"), (MilestoneTemplate, "deliverable"),
        (Question, "help"), (Section, "intro"),
    }
)  # fmt: skip
"""Texts of more than one line."""
FIXED = frozenset({(CallDesign, "slug"), *((AuthorityInfo, each.name) for each in fields(AuthorityInfo))})
"""What the designer shows and never changes: the address, and the profile of the authority."""

SIMPLE: dict[Any, Kind] = {
    str: Kind.LINE,
    bool: Kind.YES_NO,
    int: Kind.WHOLE,
    Decimal: Kind.NUMBER,
    float: Kind.DEGREES,
    date: Kind.DAY,
    datetime: Kind.MOMENT,
    Condition: Kind.CONDITION,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One field of a part: whose, its name, how it is typed, and of what it is made (a class of parts, an enum)."""

    owner: type
    name: str
    kind: Kind
    item: Any
    is_optional: bool
    is_needed: bool

    @property
    def source(self) -> str | None:
        """Where its keys come from, if it is made of keys."""
        return SOURCES.get((self.owner, self.name))

    @property
    def is_long(self) -> bool:
        """Whether it takes several lines."""
        return (self.owner, self.name) in LONG

    @property
    def is_fixed(self) -> bool:
        """Whether it is shown and never changed here."""
        return (self.owner, self.name) in FIXED


@cache
def shapes_of(owner: type) -> tuple[Shape, ...]:
    """Every field of a part, in the order in which it is declared."""
    hints = get_type_hints(owner)
    return tuple(_shape(owner, each.name, hints[each.name], _is_needed(each)) for each in fields(owner))


@cache
def shape_of(owner: type, name: str) -> Shape | None:
    """The field with this name, if there is one."""
    return next((shape for shape in shapes_of(owner) if shape.name == name), None)


def _is_needed(each: Any) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _shape(owner: type, name: str, hint: Any, is_needed: bool) -> Shape:
    is_optional = False
    if get_origin(hint) in (Union, UnionType):
        is_optional = NoneType in get_args(hint)
        hint = next(each for each in get_args(hint) if each is not NoneType)
    kind, item = _kind(owner, name, hint)
    return Shape(owner, name, kind, item, is_optional, is_needed)


def _kind(owner: type, name: str, hint: Any) -> tuple[Kind, Any]:
    given = get_args(hint)
    if get_origin(hint) is list:
        return _list_kind(owner, name, given[0])
    if get_origin(hint) is dict:
        return (Kind.TEXT, None) if given[1] is str else (Kind.TEXTS, None)
    if (owner, name) in MONEY:
        return Kind.MONEY, None
    if (owner, name) in SOURCES:
        return Kind.ONE, None
    if hint in SIMPLE:
        return SIMPLE[hint], None
    return (Kind.BLOCK, hint) if is_dataclass(hint) else (Kind.ONE, hint)


def _list_kind(owner: type, name: str, item: Any) -> tuple[Kind, Any]:
    if item in IN_ROWS:
        return Kind.ROWS, item
    if is_dataclass(item):
        return Kind.BLOCKS, item
    if get_origin(item) is tuple:
        return Kind.OUTLINE, None
    if (owner, name) in SOURCES or (isinstance(item, type) and issubclass(item, StrEnum)):
        return Kind.SEVERAL, item if item is not str else None
    return Kind.LINES, None
