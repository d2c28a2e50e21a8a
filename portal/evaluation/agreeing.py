"""When opinions lie too far apart, and what is agreed instead. Pure.

A criterion must be agreed where the call asks it of every criterion, or where the marks given lie further apart than
it allows. An agreed mark holds once every evaluator of the application has assented to it.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from portal.calls.rules import CallDesign, Criterion
from portal.calls.rules.design import Aggregation
from portal.core.moves import Move
from portal.evaluation.points import hundredths, most_of, scored


class AgreementStatus(StrEnum):
    """A mark is proposed by its rapporteur, then agreed by all, unless another takes its place."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    SET_ASIDE = "set_aside"


A = AgreementStatus
AGREE = Move("agree", frozenset({A.PROPOSED}), A.AGREED)
SET_ASIDE = Move("set_aside", frozenset({A.PROPOSED, A.AGREED}), A.SET_ASIDE)
STANDING = (A.PROPOSED, A.AGREED)


def agrees_on_all(design: CallDesign) -> bool:
    """Whether the commission gives one mark under every criterion."""
    return design.evaluation.aggregation is Aggregation.COLLEGIAL


def may_have_to_agree(design: CallDesign) -> bool:
    """Whether the call knows agreed marks at all."""
    return agrees_on_all(design) or design.evaluation.consensus_spread is not None


def spread_of(given: Sequence[int]) -> int:
    """How far apart the marks lie, in hundredths; nothing below two."""
    return max(given) - min(given) if len(given) > 1 else 0


def is_apart(design: CallDesign, criterion: Criterion, given: Sequence[int]) -> bool:
    """Whether the marks lie further apart than the call allows: compared exactly, per cent of the most to be given."""
    limit = design.evaluation.consensus_spread
    return limit is not None and spread_of(given) * 100 > limit * hundredths(most_of(criterion))


def to_agree(design: CallDesign, given: Mapping[str, Sequence[int]]) -> list[Criterion]:
    """The criteria that need one mark, from what each evaluator gave (hundredths) by criterion; in order."""
    everything = agrees_on_all(design)
    return [each for each in scored(design) if everything or is_apart(design, each, given.get(each.key, ()))]
