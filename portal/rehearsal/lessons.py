"""What a ranking teaches of its call: thresholds, criteria, places and money, from its stored output. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.calls.rules import CallDesign, Criterion
from portal.core.i18n import lazy_
from portal.evaluation.ranking import Outcome, ReasonCode
from portal.rehearsal.saying import Said

NO_PLACE = {ReasonCode.NO_PLACE_LEFT, ReasonCode.DRAW_FOR_PLACES, ReasonCode.DRAW_ABOVE}
Results = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Something to think about, with its place in the design as the phase has it."""

    words: object
    place: str


def lessons_of(design: CallDesign, results: Results, weak: Collection[str]) -> Iterator[Lesson]:
    """Everything that the results of one ranking teach; `weak`: the candidates that were given low marks."""
    scored = [each for each in results if each["total"] is not None]
    yield from _reach(design)
    if scored:
        yield from _thresholds(design, scored)
    if len(scored) > 1:
        yield from _alike(design, scored, {each["candidate"] in weak for each in scored})
    yield from _left_without(results)


def _reach(design: CallDesign) -> Iterator[Lesson]:
    most = sum(criterion.maximum for criterion in design.criteria)
    if most < design.minimum_total:
        words = lazy_("Nobody can reach the least total: all criteria together give %(most)s points.", most=str(most))
        yield Lesson(words, "minimum_total")


def _thresholds(design: CallDesign, scored: Results) -> Iterator[Lesson]:
    """Thresholds that nobody reached, not even with high marks."""
    if all(each["outcome"] == Outcome.NOT_SUITABLE for each in scored):
        yield Lesson(lazy_("Nobody reached the thresholds, not even with high marks."), "minimum_total")
    for number, criterion in enumerate(design.criteria):
        if all(_is_below(each, criterion) for each in scored):
            words = lazy_("“%(criterion)s”: nobody reached its threshold of %(points)s points.",
                          criterion=Said(criterion.name), points=str(criterion.threshold))  # fmt: skip
            yield Lesson(words, f"criteria.{number}.threshold")


def _is_below(result: Mapping[str, Any], criterion: Criterion) -> bool:
    return any(
        each["code"] == ReasonCode.BELOW_CRITERION_MINIMUM and each["facts"].get("criterion") == criterion.key
        for each in result["reasons"]
    )


def _alike(design: CallDesign, scored: Results, marks: Collection[bool]) -> Iterator[Lesson]:
    """Criteria that gave everybody the same: computed ones, and scored ones where the marks did differ."""
    for number, criterion in enumerate(design.criteria):
        points = {mean[2] for each in scored for mean in each["means"] if mean[0] == criterion.key}
        if len(points) == 1 and (not criterion.is_scored or len(marks) > 1):
            words = lazy_(
                "“%(criterion)s” gave all %(count)s applications the same %(points)s points: it told nobody apart.",
                criterion=Said(criterion.name), count=len(scored), points=points.pop(),
            )  # fmt: skip
            yield Lesson(words, f"criteria.{number}")


def _left_without(results: Results) -> Iterator[Lesson]:
    """Who was suitable, and found no place or no money."""
    codes = [{reason["code"] for reason in each["reasons"]} for each in results
             if each["outcome"] == Outcome.SUITABLE_NOT_FUNDED]  # fmt: skip
    no_place = sum(bool(each & NO_PLACE) for each in codes)
    not_foreseen = sum(ReasonCode.NO_PLACE_FORESEEN in each for each in codes)
    if no_place:
        words = lazy_("Places ran out: %(count)s suitable applications were left without.", count=no_place)
        yield Lesson(words, "allocation.places")
    if not_foreseen:
        words = lazy_("No place is foreseen for %(count)s suitable applications: none is of their kind, line or area.",
                      count=not_foreseen)  # fmt: skip
        yield Lesson(words, "allocation.places")
    if money := len(codes) - no_place - not_foreseen:
        words = lazy_("Money ran out: %(count)s suitable applications were left without.", count=money)
        yield Lesson(words, "budget_lines")
