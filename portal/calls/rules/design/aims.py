"""What a call is for: its themes, the marginality it addresses, what it counts in the end."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Exact, Text


class Theme(StrEnum):
    """The themes of action 3.3.1 (`domain.md` §3.1, R11)."""

    CARE = "care"
    JOBS = "job_orientation"
    CULTURE_TECHNOLOGY = "culture_technology"
    PEDAGOGICAL_SOCIAL = "pedagogical_social"
    ENVIRONMENT_HERITAGE = "environment_heritage"
    DIGITAL = "digital"
    INFOMOBILITY = "infomobility"


class MarginalityType(StrEnum):
    """What keeps people at the margin (R8)."""

    PSYCHIC = "psychic"
    LEGAL = "legal"
    HEALTH = "health"
    ADDICTION = "addiction"
    HOUSING = "housing"
    ECONOMIC = "economic"
    RELATIONAL = "relational"
    EDUCATIONAL = "educational"


class CountingMode(StrEnum):
    """Whom the support is counted for: never both for the same support (`domain.md` §4.2)."""

    PEOPLE = "people"
    ENTITIES = "entities"


@dataclass(frozen=True)
class Marginality(Exact):
    """The types of marginality a call addresses, and why these: past capacity of the office is no reason (R8)."""

    types: list[MarginalityType]
    reason: Text


@dataclass(frozen=True)
class Indicator(Exact):
    """What the call counts in the end; `code` is that of the fund's common indicator, where it is one."""

    key: str
    name: Text
    code: str | None = None
    unit: Text | None = None
    target: Decimal | None = None
