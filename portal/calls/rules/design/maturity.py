"""How a team grows into an organisation that lasts: what is rated, when, from which facts a stage follows."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Exact, Text


class MaturityMoment(StrEnum):
    """When a team is rated, counted from the agreement and from the end of the project."""

    ENTRY = "entry"
    MIDDLE = "middle"
    END = "end"
    AFTER = "after"


class RatingsSeen(StrEnum):
    """When team and coach see each other's rating."""

    AFTER_BOTH = "after_both"
    AS_GIVEN = "as_given"
    NEVER = "never"


@dataclass(frozen=True)
class MaturityLevel(Exact):
    """What a team at this level looks like; levels count from 1, in their order."""

    name: Text


@dataclass(frozen=True)
class MaturityDimension(Exact):
    """One side of an organisation, with described levels."""

    key: str
    name: Text
    levels: list[MaturityLevel]
    guide: Text | None = None


@dataclass(frozen=True)
class StageRules(Exact):
    """From which facts a stage follows, beside the legal entity and the agreement in force.

    `operating_least`, `sustaining_least`: the level that every dimension has reached by the coach's latest rating.
    `income_after`: euro of income, whoever pays, told at the follow-up `alive_months` after the end.
    """

    operating_least: int = 2
    sustaining_least: int = 3
    income_after: Decimal = Decimal(1)
    alive_months: int = 6


@dataclass(frozen=True)
class EarlyWarnings(Exact):
    """When the officer is told that a team may be in trouble; a figure that is not given tells nothing."""

    silent_days: int | None = None
    drop: int | None = None
    gap: int | None = None
    overdue_days: int | None = None


@dataclass(frozen=True)
class MaturityRules(Exact):
    """The questionnaire of maturity of a call, which teams and coaches answer side by side."""

    dimensions: list[MaturityDimension]
    moments: list[MaturityMoment] = field(default_factory=lambda: list(MaturityMoment))
    answer_days: int = 21
    seen: RatingsSeen = RatingsSeen.AFTER_BOTH
    stages: StageRules = field(default_factory=StageRules)
    warnings: EarlyWarnings = field(default_factory=EarlyWarnings)


@dataclass(frozen=True)
class FollowUpMoment(Exact):
    """One question after the end, so many months later."""

    months: int


def _six_and_twelve() -> list[FollowUpMoment]:
    return [FollowUpMoment(6), FollowUpMoment(12)]


@dataclass(frozen=True)
class FollowUpRules(Exact):
    """What is asked of projects after their end, by a link that is good for `link_days`."""

    moments: list[FollowUpMoment] = field(default_factory=_six_and_twelve)
    link_days: int = 60
