"""Which lines of a report are looked at: recorded, and repeated by anybody. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from portal.calls.rules import ControlRules, SampleMethod
from portal.calls.rules.design import in_cents
from portal.grants.checking.rules import drawn_number
from portal.milestones.control.rules import Charged

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How lines are chosen: with the same values, the same lines are, in whatever order they come."""

    method: SampleMethod
    share_hundredths: int
    least: int
    above_cents: int | None
    seed: str = ""

    @property
    def needs_seed(self) -> bool:
        """Whether chance has a part in it."""
        return self.method is SampleMethod.RANDOM

    @property
    def share(self) -> str:
        """Per cent, as people write it."""
        return f"{self.share_hundredths / 100:g}"


def sampling_of(rules: ControlRules, seed: str = "") -> Sampling:
    """As the call declares it."""
    above = in_cents(rules.above) if rules.above is not None else None
    return Sampling(rules.method, int(rules.share * 100), rules.least, above, seed)


def wanted(sampling: Sampling, lines: int) -> int:
    """How many of so many lines are chosen by share: rounded up, at least the least, at most all of them."""
    part = (Decimal(lines) * sampling.share_hundredths / (HUNDRED * HUNDRED)).to_integral_value(ROUND_CEILING)
    return min(lines, max(int(part), sampling.least))


def drawn(sampling: Sampling, lines: Sequence[Charged]) -> list[int]:
    """The numbers of the lines to look at, in order: those above the amount, and the share of the others."""
    if sampling.method is SampleMethod.ALL:
        return sorted(line.number for line in lines)
    above = sampling.above_cents
    always = {line.number for line in lines if above is not None and line.cents > above}
    others = [line for line in lines if line.number not in always]
    match sampling.method:
        case SampleMethod.RANDOM:
            others.sort(key=lambda line: drawn_number(sampling.seed, str(line.number)))
        case SampleMethod.LARGEST:
            others.sort(key=lambda line: (-line.cents, line.number))
        case _:
            others = []
    return sorted(always | {line.number for line in others[: wanted(sampling, len(others))]})
