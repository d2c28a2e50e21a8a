"""Samples that anybody repeats, and what of a report stands."""

from decimal import Decimal
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules import (
    ControlRules,
    CostCategory,
    CostForm,
    CostKind,
    CostOption,
    CostRules,
    FlatRate,
    Period,
    SampleMethod,
)
from portal.core.money import share
from portal.milestones.control.rules import Charged, Outcome, accepted_total, outcome_of, standing_of
from portal.milestones.control.sampling import Sampling, drawn, sampling_of, wanted

LINES = st.lists(st.integers(0, 1_000_000), max_size=60).map(
    lambda amounts: [Charged(number, "services", cents) for number, cents in enumerate(amounts, 1)]
)
SAMPLINGS = st.builds(
    Sampling, st.sampled_from(SampleMethod), st.integers(0, 10_000), st.integers(1, 5),
    st.none() | st.integers(1, 900_000), st.text(min_size=1, max_size=20),
)  # fmt: skip
COSTS = CostRules(
    categories=[
        CostCategory("services", {"it": "Servizi"}, CostKind.SERVICES),
        CostCategory("staff", {"it": "Personale"}, CostKind.STAFF),
        CostCategory("indirect", {"it": "Indiretti"}, CostKind.INDIRECT, option="seven"),
    ],
    options=[CostOption("seven", {"it": "7 %"}, CostForm.FLAT_RATE, FlatRate.INDIRECT_OF_DIRECT, Decimal(7))],
    period=Period.FROM_2021,
)


@given(SAMPLINGS, LINES, st.randoms())
def test_a_sample_is_the_same_in_whatever_order_its_lines_come(sampling, lines, chance):
    shuffled = chance.sample(lines, len(lines))
    assert drawn(sampling, lines) == drawn(sampling, shuffled)


@given(SAMPLINGS, LINES)
def test_a_sample_holds_its_share_and_everything_above_the_amount(sampling, lines):
    found = drawn(sampling, lines)
    assert found == sorted(set(found))
    assert set(found) <= {line.number for line in lines}
    above = {line.number for line in lines if sampling.above_cents is not None and line.cents > sampling.above_cents}
    match sampling.method:
        case SampleMethod.ALL:
            assert len(found) == len(lines)
        case SampleMethod.ABOVE:
            assert set(found) == above
        case _:
            assert above <= set(found)
            assert len(found) == len(above) + wanted(sampling, len(lines) - len(above))


@given(LINES, st.integers(1, 10_000))
def test_the_largest_are_never_smaller_than_what_is_left_out(lines, share):
    found = set(drawn(Sampling(SampleMethod.LARGEST, share, 1, None), lines))
    taken = [line.cents for line in lines if line.number in found]
    left = [line.cents for line in lines if line.number not in found]
    assert not left or min(taken) >= max(left)


@given(st.integers(0, 20_000), st.integers(0, 10_000), st.integers(1, 50))
def test_a_share_is_rounded_up_and_never_below_the_least(lines, share, least):
    found = wanted(Sampling(SampleMethod.RANDOM, share, least, None, "1"), lines)
    assert found == min(lines, max(ceil(lines * share / 10_000), least))


def test_another_seed_draws_other_lines():
    lines = [Charged(number, "services", 100) for number in range(1, 201)]
    samples = {tuple(drawn(Sampling(SampleMethod.RANDOM, 1000, 1, None, seed), lines)) for seed in "abcdef"}
    assert len(samples) == 6
    assert all(len(sample) == 20 for sample in samples)


def test_a_call_says_amounts_in_euro_and_shares_per_cent():
    rules = ControlRules(SampleMethod.RANDOM, Decimal("12.5"), 5, Decimal(5000))
    assert sampling_of(rules, "7") == Sampling(SampleMethod.RANDOM, 1250, 5, 500_000, "7")


PARTS = st.lists(st.tuples(st.sampled_from(["services", "staff"]), st.integers(0, 500_000), st.integers(0, 100)),
                 max_size=12)  # fmt: skip


@given(PARTS)
def test_what_stands_is_never_more_than_what_was_claimed_and_rates_follow_their_base(parts):
    lines = [Charged(number, category, cents) for number, (category, cents, _share) in enumerate(parts, 1)]
    found = {number: cents * share // 100 for number, (_category, cents, share) in enumerate(parts, 1)}
    standings = standing_of(COSTS, lines, found)
    assert all(0 <= each.accepted_cents <= each.claimed_cents for each in standings)
    typed = sum(found.values())
    assert accepted_total(standings) == typed + share(typed, 700)
    assert accepted_total(standing_of(COSTS, lines, {})) == sum(each.claimed_cents for each in standings)


def test_words_follow_what_stands():
    assert outcome_of(100, 100) is Outcome.ACCEPTED
    assert outcome_of(100, 99) is Outcome.CUT
    assert outcome_of(100, 0) is Outcome.REFUSED
