"""Rules of maturity: stages, drawings, warnings, who sees what. Pure."""

from datetime import date, timedelta
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules.design import EarlyWarnings, MaturityMoment, RatingsSeen, StageRules
from portal.calls.rules.validity.standing import follow_up, maturity
from portal.coaching.maturity.drawing import HEIGHT, SIZE, WIDTH, radar_points, rim_labels, trend_points, trend_x
from portal.coaching.maturity.rules import Side, is_shown, mean_hundredths, missing_levels, moments_of
from portal.coaching.maturity.signals import WarningKind, drops, gaps, overdue, silence
from portal.coaching.maturity.stages import STEPS, Lack, Stage, StageFacts, standing_of
from portal.grants.late import Overdue
from portal.grants.rules import months_after
from tests.factories.growing import KEYS, growing_design, maturity_rules

LEVELS = st.fixed_dictionaries({key: st.integers(1, 4) for key in KEYS})
FACTS = st.builds(
    StageFacts, is_entity=st.booleans(), is_in_force=st.booleans(), levels=st.none() | LEVELS, is_asked=st.booleans(),
    is_alive=st.none() | st.booleans(), income_cents=st.integers(0, 10_000),
)  # fmt: skip
RULES = st.builds(
    lambda low, more, income: maturity_rules(
        stages=StageRules(operating_least=low, sustaining_least=min(low + more, 4), income_after=income)
    ),
    st.integers(1, 4), st.integers(0, 3), st.decimals(0, 100, places=2),
)  # fmt: skip
ORDER = tuple(Stage)


@given(facts=FACTS, rules=RULES)
def test_no_stage_is_reached_over_a_step_whose_facts_lack(facts, rules):
    found = standing_of(facts, rules)
    place = ORDER.index(found.stage)
    lacks = [missing(facts, rules) for _stage, missing in STEPS]
    assert not any(lacks[:place])
    if found.stage is Stage.SUSTAINING:
        assert found.lacks == ()
    else:
        assert found.lacks == tuple(lacks[place]) != ()


@given(facts=FACTS, rules=RULES)
def test_the_facts_of_a_stage_are_those_it_is_named_for(facts, rules):
    place = ORDER.index(standing_of(facts, rules).stage)
    assert place < 1 or facts.is_entity
    assert place < 2 or (facts.is_in_force and min(facts.levels.values()) >= rules.stages.operating_least)
    assert place < 3 or (facts.is_alive and facts.income_cents >= int(rules.stages.income_after * 100))


def test_what_is_missing_is_named_dimension_by_dimension():
    levels = dict.fromkeys(KEYS, 2) | {"team": 1}
    found = standing_of(StageFacts(is_entity=True, is_in_force=True, levels=levels), maturity_rules())
    assert (found.stage, found.lacks, found.low, found.least) == (Stage.CONSTITUTED, (Lack.LEVELS,), ("team",), 2)
    group = standing_of(StageFacts(is_entity=False, is_in_force=True, levels=levels), maturity_rules())
    assert (group.stage, group.lacks) == (Stage.NETWORK, (Lack.ENTITY,))


@given(count=st.integers(3, 12), highest=st.integers(2, 7), data=st.data())
def test_every_point_of_the_radar_lies_in_its_box_and_on_its_ring(count, highest, data):
    keys = [f"d{number}" for number in range(count)]
    levels = {key: data.draw(st.integers(-2, highest + 3)) for key in keys}
    points = radar_points(keys, levels, highest)
    assert len(points) == count
    for point in [*points, *rim_labels(count)]:
        assert 0 <= point.x <= SIZE
        assert 0 <= point.y <= SIZE
    lengths = [((point.x - SIZE / 2) ** 2 + (point.y - SIZE / 2) ** 2) ** 0.5 for point in points]
    for key, length in zip(keys, lengths, strict=True):
        assert abs(length - 92 * min(max(levels[key], 0), highest) / highest) < 0.2


@given(means=st.lists(st.none() | st.integers(-50, 900), max_size=6), highest=st.integers(2, 7))
def test_the_trend_goes_from_left_to_right_and_higher_is_more(means, highest):
    points = trend_points(means, highest)
    known = [mean for mean in means if mean is not None]
    assert [point.x for point in points] == sorted(point.x for point in points)
    assert len({point.x for point in points}) == len(known) == len(points)
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in points)
    for (mean, point), (other, its) in pairwise(zip(known, points, strict=True)):
        assert mean < other or point.y <= its.y
    assert len(trend_x(len(means))) == len(means)


@given(start=st.dates(date(2000, 1, 1), date(2090, 1, 1)), days=st.integers(0, 2000))
def test_moments_come_in_their_order_between_the_days_of_the_project(start, days):
    end = start + timedelta(days=days)
    found = moments_of(maturity_rules(), start, end)
    assert [each.moment for each in found] == list(MaturityMoment)
    assert [each.opens_on for each in found] == sorted(each.opens_on for each in found)
    assert (found[0].opens_on, found[2].opens_on, found[3].opens_on) == (start, end, months_after(end, 12))
    assert all(each.due_on - each.opens_on == timedelta(days=21) for each in found)


def test_nobody_sees_the_other_side_before_the_call_says():
    some = [(), (Side.TEAM,), (Side.COACH,), tuple(Side)]
    for seen, viewer, of, finals in product(RatingsSeen, (None, *Side), Side, some):
        given_both = seen is RatingsSeen.AFTER_BOTH and len(finals) == len(Side)
        may = viewer in (None, of) or seen is RatingsSeen.AS_GIVEN or given_both
        assert is_shown(seen, viewer=viewer, of=of, finals=finals) == (of in finals and may)


def test_warnings_follow_the_figures_of_the_call():
    rules = EarlyWarnings(silent_days=10, drop=1, gap=2, overdue_days=5)
    today = date(2026, 5, 20)
    ratings = {
        (MaturityMoment.ENTRY, Side.COACH): {"team": 3, "roots": 2},
        (MaturityMoment.END, Side.COACH): {"team": 2, "roots": 2},
        (MaturityMoment.END, Side.TEAM): {"team": 4, "roots": 3},
    }  # fmt: skip
    assert [each.mark for each in drops(rules, ratings)] == ["drop:end:coach:team"]
    assert [(each.mark, each.figures["team"], each.figures["coach"]) for each in gaps(rules, ratings)] == [
        ("gap:end:team", 4, 2)
    ]
    assert not list(silence(rules, today - timedelta(days=10), today))
    assert [each.kind for each in silence(rules, today - timedelta(days=11), today)] == [WarningKind.SILENT]
    late = [Overdue("1", "Apertura", today - timedelta(days=5)), Overdue("2", "Avvio", today - timedelta(days=6))]
    assert [each.figures["title"] for each in overdue(rules, late, today)] == ["Avvio"]
    quiet = EarlyWarnings(silent_days=None, drop=None, gap=None, overdue_days=None)
    assert not [*drops(quiet, ratings), *gaps(quiet, ratings), *silence(quiet, today - timedelta(days=99), today),
                *overdue(quiet, late, today)]  # fmt: skip


def test_a_rating_is_whole_with_a_described_level_for_each_dimension():
    whole = dict.fromkeys(KEYS, 4)
    assert missing_levels(maturity_rules(), whole) == []
    assert missing_levels(maturity_rules(), whole | {"team": 5, "roots": 0}) == ["team", "roots"]
    assert mean_hundredths(whole | {"team": 1}) == 350


def test_what_cannot_be_drawn_or_reached_is_a_fault_with_its_place():
    fine = growing_design()
    assert [*maturity(fine), *follow_up(fine)] == []
    few = maturity_rules()
    wrong = growing_design(
        dimensions=few.dimensions[:2], stages=StageRules(operating_least=5, sustaining_least=4, alive_months=9),
        answer_days=0,
    )  # fmt: skip
    places = {fault.place for fault in [*maturity(wrong), *follow_up(wrong)]}
    assert places == {
        "maturity.dimensions", "maturity.answer_days", "maturity.stages.operating_least",
        "maturity.stages.sustaining_least", "maturity.stages.alive_months",
    }  # fmt: skip
