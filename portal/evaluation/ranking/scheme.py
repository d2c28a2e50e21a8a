"""How a call ranks, as data: criteria, thresholds, rounding, tie-breaks, the rule at the budget's edge.

A scheme checks itself when it is built and refuses (Invalid) what could not be computed.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.money import WHOLE
from portal.evaluation.ranking.exact import MAX_DECIMALS, has_at_most
from portal.questionnaires.rules.formulas import names_in


class Rounding(StrEnum):
    """What happens to an exact half, as the call declares."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


class EdgeRule(StrEnum):
    """What happens at the first application that the money left does not cover."""

    STOP = "stop"
    PARTIAL = "partial"
    SKIP = "skip"


class TieRule(StrEnum):
    """What tells two equal totals apart."""

    CRITERION = "criterion"
    LOWER_REQUEST = "lower_request"
    HIGHER_COFINANCING = "higher_cofinancing"
    YOUNGER = "younger"
    GENDER_MAJORITY = "gender_majority"
    PROTOCOL = "protocol"
    DRAW = "draw"


class Source(StrEnum):
    """Where the points of a criterion come from."""

    EVALUATORS = "evaluators"
    FORMULA = "formula"
    INTERPOLATION = "interpolation"
    BONUS = "bonus"


class Better(StrEnum):
    """Which end of an answer earns the maximum, in an interpolation."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Level:
    """A step of a criterion, known by its points: no two levels of a criterion have the same."""

    points: Decimal
    knock_out: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: points from 0 to `maximum`; published points below `threshold` are not suitable.

    Evaluators mark from 0 to `scale` (or to `maximum`), which is turned into points in proportion, or choose one of the
    `levels`; one evaluator who chooses a knock-out level is enough. A formula counts with the numbers of the
    application and is held between 0 and `maximum`; what cannot be computed gives no points. An interpolation runs from
    0 for the worst `tag` of the cohort to `maximum` for the best. A bonus gives `maximum`, or `per_cent` of the points
    that are no bonus and `maximum` at most.
    """

    key: str
    maximum: Decimal
    threshold: Decimal | None = None
    source: Source = Source.EVALUATORS
    scale: Decimal | None = None
    levels: tuple[Level, ...] = ()
    formula: str | None = None
    tag: str | None = None
    better: Better | None = None
    per_cent: Decimal | None = None

    @property
    def is_scored(self) -> bool:
        """Whether evaluators score it."""
        return self.source is Source.EVALUATORS

    @property
    def highest_mark(self) -> Decimal:
        """The most that an evaluator gives."""
        return self.scale or self.maximum

    @property
    def names(self) -> tuple[str, ...]:
        """The numbers of an application that it counts with."""
        return (self.tag,) if self.tag is not None else names_in(self.formula)


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One link of the tie-break chain; `criterion` names the key where the rule is a criterion."""

    rule: TieRule
    criterion: str | None = None

    @property
    def name(self) -> str:
        return self.rule.value if self.criterion is None else f"{self.rule.value}:{self.criterion}"


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line: it has its own ranking and its own money, in cents."""

    key: str
    budget_cents: int


@dataclass(frozen=True, slots=True)
class Quota:
    """So many winners at most, among the applications of this kind, line and area (None: of any)."""

    count: int
    kind: str | None = None
    line: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """The declared rules of one ranking (`domain.md` §1.2, §1.5).

    `minimum_partial_bp` is the smallest share of its request, in basis points, that an application at the
    edge may receive under EdgeRule.PARTIAL. With `quotas` a winner takes a place of each one that counts it, and whom
    none counts has no place. Without `has_money` places alone are allotted; with `selects` winners go on to the next
    phase, and no grant is given.
    """

    criteria: tuple[Criterion, ...]
    minimum_total: Decimal | None = None
    decimals: int = 2
    rounding: Rounding = Rounding.HALF_UP
    cap: Decimal | None = None
    tie_breaks: tuple[TieBreak, ...] = ()
    edge_rule: EdgeRule = EdgeRule.STOP
    minimum_partial_bp: int = 0
    quotas: tuple[Quota, ...] = ()
    has_money: bool = True
    selects: bool = False

    def __post_init__(self) -> None:
        _check_numbers(self)
        _check_criteria(self)
        _check_tie_breaks(self)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(criterion.key for criterion in self.criteria)

    @property
    def scored(self) -> tuple[Criterion, ...]:
        """The criteria that evaluators score, in order: the columns of a sheet."""
        return tuple(criterion for criterion in self.criteria if criterion.is_scored)

    @property
    def draws(self) -> bool:
        """Whether a draw ends the chain of tie-breaks."""
        return any(link.rule is TieRule.DRAW for link in self.tie_breaks)


def _check_numbers(scheme: Scheme) -> None:
    if not 0 <= scheme.decimals <= MAX_DECIMALS:
        raise Invalid(lazy_("Declare between 0 and %(most)d decimals for the score.", most=MAX_DECIMALS), "decimals")
    if not 0 <= scheme.minimum_partial_bp <= WHOLE:
        raise Invalid(lazy_("The smallest partial grant must lie between 0 and 100 per cent."), "minimum_partial_bp")
    for field, limit in (("minimum_total", scheme.minimum_total), ("cap", scheme.cap)):
        _check_limit(limit, scheme.decimals, field)


def _check_limit(limit: Decimal | None, decimals: int, field: str) -> None:
    """A limit finer than the published score could never be met exactly."""
    if limit is not None and not has_at_most(limit, decimals):
        raise Invalid(
            lazy_(
                "%(limit)s must be zero or more, with at most %(decimals)d decimals like the score.",
                limit=str(limit),
                decimals=decimals,
            ),
            field,
        )


def _check_criteria(scheme: Scheme) -> None:
    if not scheme.criteria:
        raise Invalid(lazy_("Declare at least one criterion."), "criteria")
    if len(set(scheme.keys)) != len(scheme.keys):
        raise Invalid(lazy_("Each criterion can be declared only once."), "criteria")
    for criterion in scheme.criteria:
        if not has_at_most(criterion.maximum, MAX_DECIMALS) or criterion.maximum == 0:
            raise Invalid(
                lazy_("The maximum of the criterion %(key)s must be more than zero.", key=criterion.key),
                "criteria",
            )
        _check_limit(criterion.threshold, scheme.decimals, "criteria")
        if criterion.threshold is not None and criterion.threshold > criterion.maximum:
            raise Invalid(
                lazy_("The minimum of the criterion %(key)s is above its maximum.", key=criterion.key),
                "criteria",
            )
        _check_source(criterion)


def _check_source(criterion: Criterion) -> None:
    """What a source cannot do without, and numbers that are none."""
    needed = {
        Source.EVALUATORS: True,
        Source.FORMULA: criterion.formula is not None,
        Source.INTERPOLATION: criterion.tag is not None and criterion.better is not None,
        Source.BONUS: criterion.threshold is None,
    }
    numbers = [criterion.highest_mark, criterion.per_cent or Decimal(0), *(each.points for each in criterion.levels)]
    are_numbers = all(has_at_most(number, MAX_DECIMALS) for number in numbers)
    inside = all(level.points <= criterion.maximum for level in criterion.levels)
    if not (needed[criterion.source] and are_numbers and inside):
        raise Invalid(lazy_("The criterion %(key)s does not fit its source.", key=criterion.key), "criteria")


def _check_tie_breaks(scheme: Scheme) -> None:
    if len(set(scheme.quotas)) != len(scheme.quotas):
        raise Invalid(lazy_("Each number of places can be declared only once."), "quotas")
    if len(set(scheme.tie_breaks)) != len(scheme.tie_breaks):
        raise Invalid(lazy_("Each tie-break can be declared only once."), "tie_breaks")
    for link in scheme.tie_breaks:
        if (link.rule is TieRule.CRITERION) != (link.criterion is not None):
            raise Invalid(lazy_("A tie-break by criterion names its criterion, the others name none."), "tie_breaks")
        if link.criterion is not None and link.criterion not in scheme.keys:
            raise Invalid(
                lazy_("The tie-break names the criterion %(key)s, which is not declared.", key=link.criterion),
                "tie_breaks",
            )
        if link.rule is TieRule.DRAW and link is not scheme.tie_breaks[-1]:
            raise Invalid(lazy_("Nothing can be equal after a draw: put it last."), "tie_breaks")
