"""How a ranking becomes grants: by money, by places or by both, and what happens at the edge."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Exact, Text


class EdgeRule(StrEnum):
    """What happens to the first project that no longer fits the budget."""

    STOP = "stop"
    PARTIAL = "partial"
    SKIP = "skip"


class AllocateBy(StrEnum):
    """What runs out."""

    BUDGET = "budget"
    PLACES = "places"
    BOTH = "both"


class AllocatePer(StrEnum):
    """Over what it is counted: the whole call, each budget line, each area."""

    CALL = "call"
    LINE = "line"
    AREA = "area"


@dataclass(frozen=True)
class Places(Exact):
    """So many winners: of one kind of applicant, of one line or area, of each of them, or of the call."""

    count: int
    kind: str | None = None
    line: str | None = None
    area: str | None = None


@dataclass(frozen=True)
class Allocation(Exact):
    """What a ranking hands down, and over what; `minimum_partial` is the least part of a request (per cent)."""

    by: AllocateBy = AllocateBy.BUDGET
    per: AllocatePer = AllocatePer.LINE
    places: list[Places] = field(default_factory=list)
    minimum_partial: Decimal | None = None


@dataclass(frozen=True)
class RankingDesign(Exact):
    """A ranking of its own for some kinds of applicants or some lines; without any, each line has one."""

    key: str
    name: Text
    kinds: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
