"""Who may apply, for how much, and with which duties."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.calls.rules.design.money import in_cents
from portal.questionnaires.rules.design import Condition, Exact, Question, Text


class IncorporateBefore(StrEnum):
    """The moment by which an informal group has become a legal entity."""

    AGREEMENT = "agreement"
    NEXT_PHASE = "next_phase"


class AgesOf(StrEnum):
    """Whose age the limits are about."""

    EVERYONE = "everyone"
    MAJORITY = "majority"
    REPRESENTATIVE = "representative"


class TwoConsortia(StrEnum):
    """What happens to an organisation that stands in two consortia (ATS) of the same call."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    EXCLUDES_ALL = "excludes_all"


@dataclass(frozen=True)
class ApplicantRule(Exact):
    """Who may apply, for how much, with which share of its own (per cent of total cost) and which duties.

    A rule of kind `consortium` lets several organisations apply together; only such rules make it a duty.
    """

    kind: str
    forms: list[str]
    minimum: Decimal
    maximum: Decimal
    cofinancing: Decimal
    must_incorporate_days: int | None = None
    name: Text | None = None
    must_incorporate_before: IncorporateBefore | None = None
    new_entity_only: bool = False
    minimum_members: int | None = None
    minimum_organisations: int | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    ages_of: AgesOf | None = None

    @property
    def minimum_cents(self) -> int:
        """The smallest grant, in cents."""
        return in_cents(self.minimum)

    @property
    def maximum_cents(self) -> int:
        """The largest grant, in cents."""
        return in_cents(self.maximum)


@dataclass(frozen=True)
class Participation(Exact):
    """Rules for all applicants: how often they may apply, and whether their people may change afterwards."""

    one_application_only: bool = True
    two_consortia: TwoConsortia = TwoConsortia.ALLOWED
    frozen_composition: bool = False


@dataclass(frozen=True)
class EligibilityRule(Exact):
    """What must hold for an application to be admissible: in words, and as a condition that can be computed.

    `question` is one that exists only for this rule: it is asked with the others, in front of them.
    """

    key: str
    text: Text
    when: Condition
    question: Question | None = None
