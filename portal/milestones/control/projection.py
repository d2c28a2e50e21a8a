"""What the error found in a sample comes to in the lines that nobody looked at: a ratio estimate. Pure, in cents.

Where a draw has strata (lines always looked at, and a sequence of which some are drawn) the sequence is estimated by
what was drawn of it; what was found in lines always looked at is known there and stands for no other. Lines that
somebody chose to look at beside the draw estimate nothing: they only are no longer unseen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.milestones.control.rules import Charged
from portal.milestones.control.sampling import Sampling, first_drawn, strata_of

METHOD = "ratio"
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Looked:
    """Some lines: how many, what they charge, what of it was not accepted."""

    lines: int
    charged_cents: int
    error_cents: int


@dataclass(frozen=True, slots=True)
class Projection:
    """What is known of each stratum, and what follows for the lines not looked at."""

    certain: Looked
    sampled: Looked
    beside: Looked
    unseen_lines: int
    unseen_cents: int
    standing_cents: int
    """What would stand of the typed lines, before flat rates."""

    @property
    def basis(self) -> Looked:
        """What estimates the others: the lines drawn of their own sequence; those always looked at where none was."""
        return self.sampled if self.sampled.charged_cents else self.certain

    @property
    def error_hundredths(self) -> int:
        """Hundredths of one per cent not accepted in the basis, rounded up."""
        return _part(self.basis.error_cents, WHOLE, self.basis.charged_cents)

    @property
    def projected_cents(self) -> int:
        """The same part of the lines not looked at, rounded up to the cent."""
        return _part(self.basis.error_cents, self.unseen_cents, self.basis.charged_cents)

    @property
    def share_hundredths(self) -> int:
        """What that is of what would stand, in hundredths of one per cent, rounded up."""
        return _part(self.projected_cents, WHOLE, self.standing_cents)

    def is_beyond(self, materiality: Decimal | None) -> bool:
        """Whether it is more than the per cent that is allowed: then more lines are looked at."""
        if materiality is None:
            return False
        return self.projected_cents * 100 > materiality * self.standing_cents


def projection_of(sampling: Sampling, lines: Sequence[Charged], found: Mapping[int, int], more: int = 0) -> Projection:
    """From what was accepted by number of line; a line drawn that nobody judged counts as accepted until then."""
    strata = strata_of(sampling, lines)
    end = first_drawn(sampling, strata) + more
    rest = strata.sequence[end:]
    unseen = [line for line in rest if line.number not in found]
    return Projection(
        certain=_looked(strata.certain, found), sampled=_looked(strata.sequence[:end], found),
        beside=_looked((line for line in rest if line.number in found), found),
        unseen_lines=len(unseen), unseen_cents=sum(line.cents for line in unseen),
        standing_cents=sum(found.get(line.number, line.cents) for line in lines),
    )  # fmt: skip


def kept(projection: Projection, materiality: Decimal | None) -> dict[str, object]:
    """As it is stored with a proposal and hashed: whole figures alone."""
    strata = {"certain": projection.certain, "sampled": projection.sampled, "beside": projection.beside}
    return {
        "method": METHOD,
        "strata": {name: [each.lines, each.charged_cents, each.error_cents] for name, each in strata.items()},
        "unseen": [projection.unseen_lines, projection.unseen_cents],
        "standing_cents": projection.standing_cents,
        "projected_cents": projection.projected_cents,
        "materiality": None if materiality is None else f"{materiality:f}",
    }


def _looked(lines: Iterable[Charged], found: Mapping[int, int]) -> Looked:
    each = list(lines)
    return Looked(len(each), sum(line.cents for line in each),
                  sum(line.cents - found.get(line.number, line.cents) for line in each))  # fmt: skip


def _part(of: int, whole: int, among: int) -> int:
    """So much of the whole as `of` is among, rounded up; nothing of nothing."""
    return -(-of * whole // among) if among else 0
