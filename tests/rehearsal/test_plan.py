"""Which steps a call has, how the days of a phase are counted, and what a ranking teaches: pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules import CallDesign
from portal.core.i18n import in_both
from portal.rehearsal.cast import parts_of
from portal.rehearsal.lessons import lessons_of
from portal.rehearsal.plan import AFTER, BEFORE, CHOOSING, plan_of
from portal.rehearsal.rules import FINAL_AFTER, ROME, USUAL_STEPS, Breach, Calendar, Fate, Step
from tests.factories.rehearsal import shipped

CLOSES = datetime(2025, 3, 10, 11, 0, tzinfo=UTC)
TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_call_of_one_phase_has_the_usual_steps() -> None:
    plan = plan_of(shipped("venezia-welfare-comunita"))
    assert [stop.step for stop in plan] == [*BEFORE, *CHOOSING, *AFTER]
    assert {stop.phase for stop in plan} == {None}
    assert len(plan) == USUAL_STEPS


@pytest.mark.parametrize(
    ("slug", "between"),
    [
        ("napoli-iq", [Step.ACCOMPANIMENT, Step.ENTITIES]),
        ("milano-scuola-quartieri-3", [Step.ACCOMPANIMENT]),
        ("torino-innovazione-sociale-2017", [Step.ACCOMPANIMENT]),
    ],
)
def test_a_call_of_two_phases_has_each_with_what_stands_between(slug: str, between: list[Step]) -> None:
    plan = plan_of(shipped(slug))
    assert [stop.step for stop in plan] == [*BEFORE, *CHOOSING, *between, *CHOOSING, *AFTER]
    assert [stop.phase for stop in plan[2:]].count("idea") == 5 + len(between)


def test_whoever_falls_between_two_phases_comes_only_where_there_is_such_a_gate() -> None:
    fates = {slug: {part.fate for part in parts_of(shipped(slug))} for slug in ("bari-urbis", "napoli-iq")}
    assert fates["napoli-iq"] - fates["bari-urbis"] == {Fate.ABSENT, Fate.STILL_INFORMAL}
    unfit = [(part.breach, part.phase) for part in parts_of(shipped("napoli-iq")) if part.fate is Fate.UNFIT]
    assert unfit == [(Breach.AGES, "idea"), (Breach.OWN_SHARE, "project")]
    assert len({part.name for part in parts_of(shipped("napoli-iq"))}) == len(parts_of(shipped("napoli-iq")))


@given(room=st.none() | st.integers(-40, 400), days=st.lists(st.integers(1, FINAL_AFTER), min_size=2, max_size=2))
def test_everything_of_a_phase_comes_after_its_term_in_order_and_before_what_follows(
    room: int | None, days: list[int]
) -> None:
    until = None if room is None else CLOSES.date() + timedelta(days=room)
    calendar = Calendar(CLOSES, TODAY, until)
    first, second = (calendar.at(each) for each in sorted(days))
    assert CLOSES < first <= second <= TODAY
    if until is not None and room is not None and room > 2:
        assert calendar.day(FINAL_AFTER) < until
    assert Calendar(CLOSES, CLOSES).day(60) == CLOSES.astimezone(ROME).date()


def result(candidate: str, outcome: str, means: dict[str, str], *codes: str, **facts: Any) -> dict[str, Any]:
    """One result as a ranking stores it."""
    return {
        "candidate": candidate, "outcome": outcome, "total": "70.00",
        "means": [[key, each, each] for key, each in means.items()],
        "reasons": [{"code": code, "facts": facts} for code in codes],
    }  # fmt: skip


def lessons(design: CallDesign, *results: dict[str, Any], weak: tuple[str, ...] = ()) -> dict[str, str]:
    """What is learned, in English, by place."""
    return {each.place: in_both(each.words)["en"] for each in lessons_of(design, results, weak)}


def test_criteria_that_told_nobody_apart_are_named() -> None:
    design = shipped("napoli-iq")
    alike = {each.key: "5.00" for each in design.criteria}
    scored, computed = design.criteria[0], next(each for each in design.criteria if not each.is_scored)
    rows = [result("a", "funded", alike), result("b", "funded", alike)]
    assert f"criteria.{design.criteria.index(scored)}" not in lessons(design, *rows), "invented marks are all the same"
    found = lessons(design, *rows, weak=("b",))
    assert "told nobody apart" in found[f"criteria.{design.criteria.index(scored)}"]
    assert "gave all 2 applications the same 5.00 points" in found[f"criteria.{design.criteria.index(computed)}"]
    assert lessons(design, rows[0]) == {}


def test_thresholds_that_nobody_reached_are_named_with_their_place() -> None:
    design = shipped("napoli-iq")
    below = result("a", "not_suitable", {}, "below_criterion_minimum", criterion="impact", points="1", minimum="15")
    found = lessons(design, below)
    assert "nobody reached its threshold of 15 points" in found["criteria.0.threshold"]
    assert found["minimum_total"] == "Nobody reached the thresholds, not even with high marks."
    out_of_reach = replace(design, minimum_total=Decimal(400))
    assert "Nobody can reach the least total" in lessons(out_of_reach)["minimum_total"]


def test_places_and_money_that_ran_out_are_named() -> None:
    design = shipped("napoli-iq")
    left = [
        result("a", "suitable_not_funded", {}, "no_place_left"),
        result("b", "suitable_not_funded", {}, "budget_too_small"),
        result("c", "suitable_not_funded", {}, "line_closed"),
    ]
    found = lessons(design, *left)
    assert found["allocation.places"] == "Places ran out: 1 suitable applications were left without."
    assert found["budget_lines"] == "Money ran out: 2 suitable applications were left without."
    foreseen = lessons(design, result("a", "suitable_not_funded", {}, "no_place_foreseen"))
    assert foreseen["allocation.places"].startswith("No place is foreseen for 1 suitable applications")
