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
    """How lines are chosen: with the same values, the same lines are, in whatever order they come.

    `by_document`: the amount above which a line is always in is that of its document, however many lines charge it.
    """

    method: SampleMethod
    share_hundredths: int
    least: int
    above_cents: int | None
    seed: str = ""
    by_document: bool = True

    @property
    def needs_seed(self) -> bool:
        """Whether chance has a part in it."""
        return self.method is SampleMethod.RANDOM

    @property
    def share(self) -> str:
        """Per cent, as people write it."""
        return f"{self.share_hundredths / 100:g}"


@dataclass(frozen=True, slots=True)
class Strata:
    """The lines that are always looked at, and the others in the order in which they are drawn."""

    certain: tuple[Charged, ...]
    sequence: tuple[Charged, ...]


def sampling_of(rules: ControlRules, seed: str = "") -> Sampling:
    """As the call declares it."""
    above = in_cents(rules.above) if rules.above is not None else None
    return Sampling(rules.method, int(rules.share * 100), rules.least, above, seed)


def wanted(sampling: Sampling, lines: int) -> int:
    """How many of so many lines are chosen by share: rounded up, at least the least, at most all of them."""
    part = (Decimal(lines) * sampling.share_hundredths / (HUNDRED * HUNDRED)).to_integral_value(ROUND_CEILING)
    return min(lines, max(int(part), sampling.least))


def strata_of(sampling: Sampling, lines: Sequence[Charged]) -> Strata:
    """All of them, or those above the amount; then the others: by chance, or the largest first."""
    if sampling.method is SampleMethod.ALL:
        return Strata(tuple(lines), ())
    certain = _above(sampling, lines)
    others = [line for line in lines if line.number not in certain]
    if sampling.method is SampleMethod.RANDOM:
        others.sort(key=lambda line: drawn_number(sampling.seed, str(line.number)))
    else:
        others.sort(key=lambda line: (-line.cents, line.number))
    return Strata(tuple(line for line in lines if line.number in certain), tuple(others))


def first_drawn(sampling: Sampling, strata: Strata) -> int:
    """How many of the sequence are drawn at first; above an amount alone, none."""
    return 0 if sampling.method is SampleMethod.ABOVE else wanted(sampling, len(strata.sequence))


def drawn(sampling: Sampling, lines: Sequence[Charged], more: int = 0) -> list[int]:
    """The numbers of the lines to look at, in order; `more`: how many of the sequence came to them afterwards."""
    strata = strata_of(sampling, lines)
    taken = strata.sequence[: first_drawn(sampling, strata) + more]
    return sorted(line.number for line in (*strata.certain, *taken))


def _above(sampling: Sampling, lines: Sequence[Charged]) -> set[int]:
    above = sampling.above_cents
    if above is None:
        return set()
    whole: dict[str, int] = {}
    for line in lines:
        if sampling.by_document and line.document:
            whole[line.document] = whole.get(line.document, 0) + line.cents
    return {line.number for line in lines if whole.get(line.document, line.cents) > above}
