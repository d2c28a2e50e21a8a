"""What was found in a sample, extended to the lines that nobody looked at; the next lines of the same draw. Pure."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules import SampleMethod
from portal.milestones.control.operations.starting import seed_of
from portal.milestones.control.projection import kept, projection_of
from portal.milestones.control.rules import Charged
from portal.milestones.control.sampling import Sampling, drawn, first_drawn, strata_of

CHARGED = st.lists(st.integers(1, 1_000_000), min_size=1, max_size=40).map(
    lambda amounts: [Charged(number, "services", cents) for number, cents in enumerate(amounts, 1)]
)
SAMPLINGS = st.builds(
    Sampling, st.sampled_from([SampleMethod.RANDOM, SampleMethod.LARGEST, SampleMethod.ABOVE]), st.integers(0, 6_000),
    st.integers(1, 5), st.none() | st.integers(1, 900_000), st.text(min_size=1, max_size=8),
)  # fmt: skip
MORE = st.integers(0, 12)


def found_of(lines, numbers, per_cent):
    """So much of each of these lines is not accepted."""
    return {line.number: line.cents - line.cents * per_cent // 100 for line in lines if line.number in numbers}


@given(SAMPLINGS, CHARGED, MORE, st.integers(0, 100), st.randoms())
def test_what_is_estimated_stays_within_what_nobody_looked_at_and_needs_no_order(sampling, lines, more, cut, chance):
    found = found_of(lines, drawn(sampling, lines, more), cut)
    projection = projection_of(sampling, lines, found, more)
    assert 0 <= projection.projected_cents <= projection.unseen_cents
    assert projection_of(sampling, chance.sample(lines, len(lines)), found, more) == projection
    counted = (projection.certain, projection.sampled, projection.beside)
    assert sum(each.lines for each in counted) + projection.unseen_lines == len(lines)
    seen = sum(each.charged_cents - each.error_cents for each in counted)
    assert seen + projection.unseen_cents == projection.standing_cents
    if not cut:
        assert projection.projected_cents == 0
        assert not projection.is_beyond(Decimal(0))


@given(SAMPLINGS, CHARGED, st.integers(1, 100), st.integers(0, 99))
def test_more_error_found_is_never_less_error_estimated(sampling, lines, cut, less):
    numbers = drawn(sampling, lines)
    high = projection_of(sampling, lines, found_of(lines, numbers, cut))
    low = projection_of(sampling, lines, found_of(lines, numbers, min(cut, less)))
    assert low.projected_cents <= high.projected_cents


@given(SAMPLINGS, CHARGED)
def test_where_every_line_was_looked_at_nothing_is_estimated(sampling, lines):
    found = found_of(lines, {line.number for line in lines}, 50)
    projection = projection_of(sampling, lines, found)
    assert (projection.unseen_lines, projection.projected_cents) == (0, 0)
    assert not projection.is_beyond(Decimal(0))


@given(SAMPLINGS, CHARGED, MORE, st.integers(0, 12))
def test_a_wider_draw_holds_the_one_before_and_is_the_same_whoever_makes_it(sampling, lines, more, again):
    before, after = drawn(sampling, lines, more), drawn(sampling, lines, more + again)
    assert set(before) <= set(after)
    strata = strata_of(sampling, lines)
    assert len(after) == len(strata.certain) + min(len(strata.sequence), first_drawn(sampling, strata) + more + again)


def test_what_is_found_in_lines_always_looked_at_stands_for_no_other():
    lines = [Charged(1, "a", 500_000), *(Charged(number, "a", 10_000) for number in range(2, 12))]
    sampling = Sampling(SampleMethod.RANDOM, 2_000, 1, 100_000, "seme")
    assert len(drawn(sampling, lines)) == 3
    assert projection_of(sampling, lines, {1: 0}).projected_cents == 0
    number = next(each for each in drawn(sampling, lines) if each != 1)
    projection = projection_of(sampling, lines, {1: 500_000, number: 5_000})
    assert (projection.error_hundredths, projection.projected_cents) == (2_500, 20_000)
    assert projection.share_hundredths == 337
    assert projection.is_beyond(Decimal(2))
    assert not projection.is_beyond(Decimal("3.5"))
    assert not projection.is_beyond(None)
    assert kept(projection, Decimal(2))["unseen"] == [8, 80_000]


def test_where_only_large_lines_are_drawn_they_are_all_there_is_to_go_by():
    lines = [Charged(1, "a", 100_000), Charged(2, "a", 50_000)]
    projection = projection_of(Sampling(SampleMethod.ABOVE, 0, 1, 60_000), lines, {1: 90_000})
    assert projection.projected_cents == 5_000


def test_lines_chosen_by_suspicion_say_nothing_of_the_others():
    lines = [Charged(number, "a", 10_000) for number in range(1, 11)]
    sampling = Sampling(SampleMethod.RANDOM, 1_000, 1, None, "seme")
    (first,) = drawn(sampling, lines)
    other = next(each for each in range(1, 11) if each != first)
    projection = projection_of(sampling, lines, {first: 10_000, other: 0})
    assert (projection.projected_cents, projection.unseen_lines, projection.beside.error_cents) == (0, 8, 10_000)


def test_an_invoice_split_over_several_lines_counts_as_one_amount():
    lines = [Charged(1, "a", 300_000, "x"), Charged(2, "b", 300_000, "x"), Charged(3, "a", 300_000, "y")]
    assert drawn(Sampling(SampleMethod.ABOVE, 0, 1, 500_000), lines) == [1, 2]
    assert drawn(Sampling(SampleMethod.ABOVE, 0, 1, 500_000, "", by_document=False), lines) == []


def test_no_seed_can_be_tried_until_it_spares_a_line():
    assert seed_of(said="12 34") != seed_of(said="12 34")
    assert seed_of(said="12 34").startswith("12 34 · ")
