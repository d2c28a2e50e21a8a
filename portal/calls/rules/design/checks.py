"""What follows the award: the recipient's answer, the checks before signing, the steps to a legal entity, the aid."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portal.calls.rules.design.money import in_cents
from portal.questionnaires.rules.design import Exact, Text


class CheckKind(StrEnum):
    """What is checked before an agreement is signed. The first two are read where they stand, never written again."""

    DURC = "durc"
    ACCOUNT = "account"
    DE_MINIMIS = "de_minimis"
    AID_CODE = "aid_code"
    DECLARATIONS = "declarations"
    GUARANTEE = "guarantee"
    ANTIMAFIA = "antimafia"
    OTHER = "other"


@dataclass(frozen=True)
class GrantCheck(Exact):
    """One check before signing.

    `days_valid` count from the date of what was looked at; None, it does not expire. `needs_file`: a reference is not
    enough. `above`: only for grants of more than this (euro). `sample`: per cent of the grants of one act, at least
    one, drawn by a recorded seed; only for declarations (art. 71 DPR 445/2000). None, every grant.
    """

    key: str
    kind: CheckKind
    text: Text
    days_valid: int | None = None
    needs_file: bool = False
    above: Decimal | None = None
    sample: Decimal | None = None

    @property
    def share(self) -> str:
        """The sample as people write it: 12.5, not 1.25E+1."""
        return f"{self.sample.normalize():f}" if self.sample is not None else ""

    @property
    def above_cents(self) -> int:
        """The grants that need it are larger than this, in cents."""
        return in_cents(self.above) if self.above is not None else 0


@dataclass(frozen=True)
class IncorporationStep(Exact):
    """A step on the way to a legal entity that the group shows to have taken, with a file or in words."""

    key: str
    text: Text
    needs_file: bool = True


@dataclass(frozen=True)
class AwardRules(Exact):
    """From the award to the agreement.

    `acceptance_days`: how long a recipient has to accept or renounce, from the act; None, no answer is asked.
    `checks`: none declared, the three of always, of those who are legal entities already. `incorporation_steps`: what
    a group shows before the office confirms its entity. `added_at_incorporation`: how many people may join with the
    deed where the composition is frozen (one, in Puglia's PIN).
    """

    acceptance_days: int | None = None
    checks: list[GrantCheck] = field(default_factory=list)
    incorporation_steps: list[IncorporationStep] = field(default_factory=list)
    added_at_incorporation: int = 0


@dataclass(frozen=True)
class AidRules(Exact):
    """De minimis aid to a single undertaking over some years (`domain.md` §4.4).

    `ceiling` in euro; None, that of the Regulation. `boundary_day_counts`: whether aid granted exactly so many years
    before still counts; the register (RNA) has the last word.
    """

    ceiling: Decimal | None = None
    years: int = 3
    boundary_day_counts: bool = False
