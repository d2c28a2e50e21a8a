"""The plan as in force on any day: folding the changes equals what is stored; later changes alter no earlier answer."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.grants.changes.rules import (
    BudgetLine,
    BudgetShift,
    EndKind,
    Extension,
    MilestoneChange,
    Money,
    Partner,
    PartnerChange,
    Plan,
    PlannedMilestone,
    PlannedTarget,
    PlannedTranche,
    Reduction,
    folded,
    free_shift,
    kinds_open_to,
    partial,
    replayed,
    total,
)
from portal.grants.changes.rules.stored import change_from_json, change_to_json, plan_from_json, plan_to_json
from portal.grants.rules import GrantStatus

FIRST = Plan(
    starts_on=date(2026, 3, 2), ends_on=date(2027, 3, 2), granted_cents=1000,
    budget=tuple(BudgetLine(key, {"it": key}, 500) for key in "abc"),
    milestones=(
        PlannedMilestone("midway", "midway", date(2026, 9, 1), 40, (PlannedTarget("people", {"it": "Persone"}, 6000),)),
        PlannedMilestone("close", "close", date(2026, 9, 1), 60),
    ),
    tranches=(PlannedTranche("advance", {"it": "Anticipo"}, 400), PlannedTranche("balance", {"it": "Saldo"}, 600)),
    partners=(Partner("Il Ponte", "01199250158"),),
)  # fmt: skip
DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))
KEYS = st.sampled_from("abcx")
CHANGES = st.one_of(
    st.builds(BudgetShift, KEYS, KEYS, st.integers(-1, 600)),
    st.builds(Extension, DAYS),
    st.builds(PartnerChange, st.sampled_from(["", "Il Ponte", "Orti"]), st.none() | st.just(Partner("Orti"))),
    st.builds(
        MilestoneChange,
        st.sampled_from(["midway", "close", "none"]),
        st.sampled_from(["Metà", "Fine"]),
        DAYS,
        st.sampled_from([(), (("people", 4500),), (("people", 0),), (("hours", 100),)]),
    ),
    st.integers(1, 300).map(lambda cents: Reduction((("balance", cents),), cents)),
)


def kept(changes):
    """The versions that a sequence of requests leads to: what does not fit is refused and leaves no trace."""
    versions, made = [FIRST], []
    for change in changes:
        try:
            versions.append(folded(versions[-1], change))
            made.append(change)
        except Invalid:
            continue
    return versions, made


@given(st.lists(CHANGES, max_size=12))
def test_folding_the_changes_is_the_stored_version_whichever_it_is(changes):
    versions, made = kept(changes)
    for number, version in enumerate(versions):
        told = [change_from_json(change_to_json(change)) for change in made[:number]]
        assert replayed(plan_from_json(plan_to_json(FIRST)), told) == version == plan_from_json(plan_to_json(version))
        assert version.total_cents == FIRST.total_cents
        assert sum(each.cents for each in version.tranches) == version.granted_cents


@given(st.lists(st.tuples(CHANGES, st.integers(0, 5)), max_size=10), st.integers(0, 60))
def test_later_changes_alter_no_earlier_answer(steps, asked):
    """`in_force` is what the query does: the last version that began by the end of the day."""
    began, versions = [datetime(2026, 3, 2, 9)], [FIRST]
    day, answers = began[0] + timedelta(days=asked), []

    def in_force():
        known = [plan for plan, since in zip(versions, began, strict=True) if since.date() <= day.date()]
        return known[-1] if known else None

    since = began[0]
    for change, days in steps:
        since += timedelta(days=days)
        if since.date() > day.date():
            answers.append(in_force())
        try:
            versions.append(folded(versions[-1], change))
            began.append(since)
        except Invalid:
            continue
    assert all(answer == in_force() for answer in answers)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (BudgetShift("a", "a", 1), "target"), (BudgetShift("a", "b", 501), "cents"),
        (BudgetShift("x", "b", 1), "source"), (Extension(date(2027, 3, 2)), "ends_on"),
        (PartnerChange("Nessuno"), "leaves"), (PartnerChange(), "enters_name"),
        (PartnerChange("", Partner("Il Ponte")), "enters_name"),
        (MilestoneChange("midway", "midway", date(2026, 9, 1)), "title"),
        (MilestoneChange("midway", "midway", date(2026, 9, 1), (("people", 6000),)), "title"),
        (MilestoneChange("midway", "Altro", date(2026, 9, 1), (("people", 0),)), "target"),
        (MilestoneChange("close", "Altro", date(2026, 9, 1), (("people", 100),)), "target_of"),
        (Reduction((("balance", 601),), 601), "cents"),
    ],
)  # fmt: skip
def test_what_does_not_fit_names_its_field(change, field):
    with pytest.raises(Invalid) as refused:
        folded(FIRST, change)
    assert refused.value.field == field


def test_a_tranche_that_is_cut_whole_leaves_the_plan():
    after = folded(FIRST, Reduction((("advance", 100), ("balance", 600)), 700))
    assert [(each.key, each.cents) for each in after.tranches] == [("advance", 300)]
    assert after.granted_cents == 300


def test_the_free_share_counts_every_free_move_also_one_back():
    assert free_shift(2_000_005, Decimal(10), 0).most == 200_000
    assert free_shift(2_000_000, Decimal(10), 150_000).left == 50_000
    assert free_shift(2_000_000, Decimal(0), 0).left == 0
    assert free_shift(1_000, Decimal(10), 400).left == 0


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(-5, 1600))
def test_a_part_is_taken_from_what_is_not_released_first(unreleased, on_its_way, paid, cents):
    money = Money(unreleased, on_its_way, paid)
    try:
        shares = partial(money, cents)
    except Invalid:
        taken_on_its_way = on_its_way and unreleased < cents
        assert taken_on_its_way or cents <= 0 or cents >= unreleased + on_its_way + paid
        return
    assert shares.freed + shares.to_return == cents
    assert shares.freed <= unreleased
    assert not shares.to_return or (shares.freed == unreleased and shares.to_return <= paid)


def test_a_whole_end_frees_all_that_was_not_paid_and_asks_back_at_most_what_was():
    assert total(Money(5, 3, 2), 2).freed == 8
    with pytest.raises(Invalid):
        total(Money(5, 3, 2), 3)


def test_the_state_of_a_grant_says_how_it_may_end():
    before = (EndKind.RENUNCIATION, EndKind.FORFEITURE)
    under_way = (EndKind.RENUNCIATION, EndKind.REVOCATION, EndKind.PARTIAL_REVOCATION)
    assert kinds_open_to(GrantStatus.INCORPORATING) == before
    assert kinds_open_to(GrantStatus.ACTIVE) == kinds_open_to(GrantStatus.SUSPENDED) == under_way
    assert kinds_open_to(GrantStatus.CLOSED) == kinds_open_to(GrantStatus.RECOVERING) == ()
