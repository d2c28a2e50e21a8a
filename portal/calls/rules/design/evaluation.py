"""How the commission works: who sees what, what a conflict does, when opinions must meet (`domain.md` §1.4)."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Exact, Text


class ConflictEffect(StrEnum):
    """What follows when an evaluator is in conflict with one application.

    Leaving the whole call, a substitute in their place, is the rule: one evaluator less under one application alone
    skews a comparison.
    """

    CALL = "call"
    APPLICATION = "application"


class Aggregation(StrEnum):
    """How the marks of several evaluators become one: their mean, or one mark that the commission agrees on."""

    MEAN = "mean"
    COLLEGIAL = "collegial"


class OthersScores(StrEnum):
    """When an evaluator sees what the others gave."""

    NEVER = "never"
    AFTER_OWN = "after_own"
    ALWAYS = "always"


@dataclass(frozen=True)
class EvaluationRound(Exact):
    """A stretch of the evaluation, begun by an act: who sees what.

    `hidden`: keys of questions and requested documents that evaluators do not see. `blind`: nor who applies; proposals
    bear a code, and files neither their names nor their metadata.
    """

    key: str
    name: Text
    hidden: list[str] = field(default_factory=list)
    blind: bool = False
    others: OthersScores = OthersScores.NEVER


@dataclass(frozen=True)
class EvaluationRules(Exact):
    """How the commission works.

    `rounds`: in their order; none is one round in which everything is seen but the others' scores. `consensus_spread`:
    where marks of one criterion lie further apart than this (per cent of its maximum), the commission must agree on
    one. `observation_days`: how long an applicant may write observations on the provisional ranking; 0, no such step.
    `validity_months`: how long after the final ranking those who follow may move up; None, until the call concludes.
    `declaration`: what who sits swears before anything else; None, the words of the house.
    """

    conflict_effect: ConflictEffect = ConflictEffect.CALL
    aggregation: Aggregation = Aggregation.MEAN
    rounds: list[EvaluationRound] = field(default_factory=list)
    consensus_spread: Decimal | None = None
    observation_days: int = 0
    validity_months: int | None = None
    declaration: Text | None = None
