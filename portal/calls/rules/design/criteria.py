"""What is scored and by whom, and what tells equal totals apart."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Condition, Exact, Text


class Rounding(StrEnum):
    """How a total is rounded, once, at the end."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


class CriterionSource(StrEnum):
    """Where the points of a criterion come from."""

    EVALUATORS = "evaluators"
    FORMULA = "formula"
    INTERPOLATION = "interpolation"
    BONUS = "bonus"


class Better(StrEnum):
    """Which end of an answer earns most, when points are shared out along all answers."""

    HIGHER = "higher"
    LOWER = "lower"


class TieBreakBy(StrEnum):
    """What decides between equal totals."""

    CRITERION = "criterion"
    LOWER_REQUEST = "lower_request"
    HIGHER_COFINANCING = "higher_cofinancing"
    YOUNGER = "younger"
    GENDER_MAJORITY = "gender_majority"
    PROTOCOL = "protocol"
    DRAW = "draw"


@dataclass(frozen=True)
class Level(Exact):
    """A described step of a criterion: the words evaluators choose by, and the points that go with them.

    Whoever chooses a `knock_out` level finds the whole application not suitable.
    """

    key: str
    name: Text
    points: Decimal
    knock_out: bool = False


@dataclass(frozen=True)
class Criterion(Exact):
    """What is scored, from 0 to `maximum`; below `threshold` the application is not suitable.

    By source: evaluators mark from 0 to `scale` (or choose a level), which is turned into points in proportion;
    a `formula` counts with tagged answers; interpolation runs from 0 for the worst answer tagged `tag` to `maximum`
    for the best, and a cohort of one gets it all; a bonus gives `maximum` points, or `per_cent` of the other
    points but no more than `maximum`, where `when` holds. `questions`: keys of the questions that evaluators read for
    it, beside it; none is the whole application.
    """

    key: str
    name: Text
    maximum: Decimal
    guide: Text | None = None
    threshold: Decimal | None = None
    source: CriterionSource = CriterionSource.EVALUATORS
    scale: Decimal | None = None
    levels: list[Level] = field(default_factory=list)
    reason_required: bool = True
    formula: str | None = None
    tag: str | None = None
    better: Better | None = None
    when: Condition | None = None
    per_cent: Decimal | None = None
    questions: list[str] = field(default_factory=list)

    @property
    def is_scored(self) -> bool:
        """Whether evaluators score it; every other source is computed."""
        return self.source is CriterionSource.EVALUATORS


@dataclass(frozen=True)
class TieBreak(Exact):
    """One step of the declared chain between equal totals."""

    by: TieBreakBy
    criterion: str | None = None
