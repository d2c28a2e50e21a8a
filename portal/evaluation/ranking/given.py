"""What a ranking starts from: applications, who was to score them, who stepped back, and the points given."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.money import WHOLE
from portal.evaluation.ranking.scheme import Line, Scheme


@dataclass(frozen=True, slots=True)
class Facts:
    """What the registered application says, as far as the scheme computes with it.

    `numbers` by tag, in the units people write (a name that is not there was not answered); `bonuses` are the criteria
    whose condition holds; `age_days` is the sum of the ages of `aged` people on the declared day; `women` of the
    `gendered` people who said so.
    """

    numbers: tuple[tuple[str, Decimal], ...] = ()
    bonuses: tuple[str, ...] = ()
    age_days: int = 0
    aged: int = 0
    women: int = 0
    gendered: int = 0


NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One application: amount asked in cents, co-financing in basis points, order of its protocol number.

    `line` is the budget line that serves it first, `other_lines` those that may pay it as well, in that order;
    `listed_in` is the ranking it stands in, where that is not its line's. `reserved`: admitted with a reserve that is
    still open, which changes nothing but the list it is published in.
    """

    id: str
    reference: str
    requested_cents: int
    cofinancing_bp: int
    received_order: int
    line: str
    area: str | None = None
    admissible: bool = True
    kind: str | None = None
    listed_in: str | None = None
    other_lines: tuple[str, ...] = ()
    facts: Facts = NO_FACTS
    reserved: bool = False

    @property
    def ranking(self) -> str:
        """The key of the ranking it stands in."""
        return self.line if self.listed_in is None else self.listed_in


def list_hash(references: Iterable[str]) -> str:
    """The SHA-256 of tied references: sorted, one a line, each line ended."""
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(references)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw that was held: the references that were tied, published with the hash `sha256`, and the seed."""

    references: tuple[str, ...]
    sha256: str
    seed: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """This evaluator is expected to score this candidate on every criterion."""

    candidate: str
    evaluator: str


@dataclass(frozen=True, slots=True)
class Recusal:
    """This evaluator has a conflict: whatever they scored does not count, for this candidate only."""

    candidate: str
    evaluator: str


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one evaluator on one criterion of one candidate; zero is a score, absence is not."""

    candidate: str
    evaluator: str
    criterion: str
    points: Decimal


class Sheet(NamedTuple):
    """All that one evaluator gave one candidate, in the order of the scored criteria; None where nothing was given."""

    candidate: str
    evaluator: str
    points: tuple[Decimal | None, ...]


class Agreed(NamedTuple):
    """The mark the commission agreed on: it stands in place of the mean of what each gave."""

    candidate: str
    criterion: str
    points: Decimal


class Standing(NamedTuple):
    """What a winner of the version before keeps, whatever moves around it: its line and its grant."""

    candidate: str
    line: str
    cents: int


@dataclass(frozen=True, slots=True)
class RankingInput:
    """Everything a ranking depends on; order matters only for criteria and tie-breaks.

    What evaluators gave comes one by one (`scores`), by sheet (`sheets`), or both. Where a mark was `agreed`, nobody's
    own need be there. When a ranking is run down again, `standing` winners keep what they have and `gone` ones get
    nothing.
    """

    scheme: Scheme
    lines: tuple[Line, ...]
    candidates: tuple[Candidate, ...]
    assignments: tuple[Assignment, ...]
    scores: tuple[Score, ...]
    recusals: tuple[Recusal, ...] = ()
    draws: tuple[Draw, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    standing: tuple[Standing, ...] = ()
    gone: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = frozenset(line.key for line in self.lines)
        known = frozenset(candidate.id for candidate in self.candidates)
        _refuse_twins(line.key for line in self.lines)
        _refuse_twins(candidate.id for candidate in self.candidates)
        _refuse_negative_budgets(self.lines)
        for candidate in self.candidates:
            _check_candidate(candidate, lines)
        _refuse_altered_draws(self.draws)
        _refuse_twins((*(each.candidate for each in self.standing), *self.gone))
        named = {tie.candidate for ties in (self.assignments, self.recusals, self.standing) for tie in ties}
        for candidate_id in sorted(named.union(self.gone) - known):
            raise Invalid(lazy_("The ranking does not contain the application %(id)s.", id=candidate_id))


def _refuse_twins(names: Iterable[str]) -> None:
    twins = sorted(name for name, count in Counter(names).items() if count > 1)
    if twins:
        raise Invalid(lazy_("%(names)s appears twice in the ranking.", names=", ".join(twins)))


def _refuse_negative_budgets(lines: tuple[Line, ...]) -> None:
    for line in lines:
        if line.budget_cents < 0:
            raise Invalid(lazy_("The budget of line %(line)s cannot be negative.", line=line.key), "budget_cents")


def _refuse_altered_draws(draws: Iterable[Draw]) -> None:
    for draw in draws:
        if list_hash(draw.references) != draw.sha256:
            raise Invalid(lazy_("A draw does not fit the list that was published for it."), "draws")


def _check_candidate(candidate: Candidate, lines: frozenset[str]) -> None:
    unknown = [line for line in (candidate.line, *candidate.other_lines) if line not in lines]
    if unknown:
        raise Invalid(
            lazy_(
                "Application %(reference)s belongs to the line %(line)s, which the call does not have.",
                reference=candidate.reference,
                line=unknown[0],
            ),
            "line",
        )
    if candidate.requested_cents < 0:
        raise Invalid(
            lazy_(
                "The amount asked by application %(reference)s cannot be negative.",
                reference=candidate.reference,
            ),
            "requested_cents",
        )
    if not 0 <= candidate.cofinancing_bp <= WHOLE:
        raise Invalid(
            lazy_("The co-financing of application %(reference)s must lie between 0 and 100 per cent.",
                  reference=candidate.reference),
            "cofinancing_bp",
        )  # fmt: skip
