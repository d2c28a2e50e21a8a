"""The stage of a team: network, constituted, operating, sustaining. Each step asks for facts; none is jumped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.calls.rules.design import MaturityRules, in_cents


class Stage(StrEnum):
    """Where a team stands, from people who work together to an organisation that supports itself."""

    NETWORK = "network"
    CONSTITUTED = "constituted"
    OPERATING = "operating"
    SUSTAINING = "sustaining"


class Lack(StrEnum):
    """What a step waits for."""

    ENTITY = "entity"
    AGREEMENT = "agreement"
    RATING = "rating"
    LEVELS = "levels"
    NOT_ASKED = "not_asked"
    FOLLOW_UP = "follow_up"
    ALIVE = "alive"
    INCOME = "income"


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What decides the stage. `levels`: the coach's latest final rating; `is_alive`: None until the team has told."""

    is_entity: bool
    is_in_force: bool
    levels: Mapping[str, int] | None = None
    is_asked: bool = True
    is_alive: bool | None = None
    income_cents: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The stage, what the next one waits for, and the dimensions that are still too low for it."""

    stage: Stage
    lacks: tuple[Lack, ...] = ()
    low: tuple[str, ...] = ()
    least: int = 0


def standing_of(facts: StageFacts, rules: MaturityRules) -> Standing:
    """The last stage whose facts, and those of every stage before it, are all there."""
    reached = Stage.NETWORK
    for stage, missing in STEPS:
        lacks = missing(facts, rules)
        if lacks:
            least = _least(stage, rules)
            return Standing(reached, tuple(lacks), _low(facts, rules, least) if Lack.LEVELS in lacks else (), least)
        reached = stage
    return Standing(reached)


def _constituted(facts: StageFacts, _rules: MaturityRules) -> list[Lack]:
    return [] if facts.is_entity else [Lack.ENTITY]


def _operating(facts: StageFacts, rules: MaturityRules) -> list[Lack]:
    lacks = [] if facts.is_in_force else [Lack.AGREEMENT]
    return lacks + _levels(facts, rules, rules.stages.operating_least)


def _sustaining(facts: StageFacts, rules: MaturityRules) -> list[Lack]:
    lacks = _levels(facts, rules, rules.stages.sustaining_least)
    if not facts.is_asked:
        return [*lacks, Lack.NOT_ASKED]
    if facts.is_alive is None:
        return [*lacks, Lack.FOLLOW_UP]
    if not facts.is_alive:
        return [*lacks, Lack.ALIVE]
    return lacks if facts.income_cents >= income_needed(rules) else [*lacks, Lack.INCOME]


def income_needed(rules: MaturityRules) -> int:
    """Cents of income after the end that the stage `sustaining` asks for."""
    return in_cents(rules.stages.income_after)


def _levels(facts: StageFacts, rules: MaturityRules, least: int) -> list[Lack]:
    if facts.levels is None:
        return [Lack.RATING]
    return [Lack.LEVELS] if _low(facts, rules, least) else []


def _low(facts: StageFacts, rules: MaturityRules, least: int) -> tuple[str, ...]:
    levels = facts.levels or {}
    return tuple(each.key for each in rules.dimensions if levels.get(each.key, 0) < least)


def _least(stage: Stage, rules: MaturityRules) -> int:
    return rules.stages.sustaining_least if stage is Stage.SUSTAINING else rules.stages.operating_least


STEPS: tuple[tuple[Stage, Callable[[StageFacts, MaturityRules], list[Lack]]], ...] = (
    (Stage.CONSTITUTED, _constituted),
    (Stage.OPERATING, _operating),
    (Stage.SUSTAINING, _sustaining),
)
