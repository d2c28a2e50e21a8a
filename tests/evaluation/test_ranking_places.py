"""Places, lines, rankings of their own, tie-breaks by people, draws: worked by hand."""

import hashlib
from dataclasses import replace

import pytest

from portal.core.errors import Invalid
from portal.evaluation.ranking import (
    Candidate,
    Draw,
    EdgeRule,
    Facts,
    Line,
    Outcome,
    Quota,
    RankingInput,
    ReasonCode,
    Scheme,
    TieBreak,
    TieRule,
    compute_ranking,
    draw_steps,
    explain,
    list_hash,
)
from tests.factories.ranking import BY_PROTOCOL, PLAIN, Rows, a_candidate, an_input, money, places, reasons

IDEAS = replace(PLAIN, quotas=(Quota(2),), has_money=False, selects=True)


def of_kind(name: str, kind: str, **more: object) -> Candidate:
    return replace(a_candidate(name), kind=kind, **more)  # type: ignore[arg-type]


def test_a_phase_of_ideas_allots_places_and_moves_no_money():
    sheets: dict[Candidate, Rows] = {
        a_candidate(key, asks=10**9): [[mark]] for key, mark in zip("abc", (90, 80, 70), strict=True)
    }
    ranking = compute_ranking(an_input(IDEAS, sheets, budget=1))
    assert money(ranking) == [
        ("a", Outcome.SELECTED, 0),
        ("b", Outcome.SELECTED, 0),
        ("c", Outcome.SUITABLE_NOT_FUNDED, 0),
    ]
    assert dict(ranking.result_of("c").reasons[0].facts) == {"places": 2}
    assert (ranking.quotas[0].taken, ranking.lines[0].awarded_cents) == (2, 0)
    lines = explain(ranking, "c", "it")
    assert "Posti: 2 assegnati su 2." in lines
    assert "Esito: idonea, non ammessa alla fase successiva." in lines


def test_forty_bodies_and_twenty_groups_each_have_their_places():
    scheme = replace(IDEAS, quotas=(Quota(2, kind="body"), Quota(1, kind="group")))
    sheets: dict[Candidate, Rows] = {
        of_kind("b1", "body"): [[90]], of_kind("b2", "body"): [[85]], of_kind("b3", "body"): [[84]],
        of_kind("g1", "group"): [[60]], of_kind("g2", "group"): [[50]], of_kind("c", "consortium"): [[99]],
    }  # fmt: skip
    ranking = compute_ranking(an_input(scheme, sheets))
    assert [r.candidate for r in ranking.results if r.outcome is Outcome.SELECTED] == ["b1", "b2", "g1"]
    assert reasons(ranking.result_of("c")) == [ReasonCode.NO_PLACE_FORESEEN]
    assert reasons(ranking.result_of("b3")) == [ReasonCode.NO_PLACE_LEFT]


def test_one_winner_an_area_leaves_the_money_to_the_next_area():
    scheme = replace(PLAIN, quotas=(Quota(1, area="north"), Quota(1, area="south")))
    sheets: dict[Candidate, Rows] = {
        replace(a_candidate("n1", asks=40), area="north"): [[90]],
        replace(a_candidate("n2", asks=40), area="north"): [[80]],
        replace(a_candidate("s1", asks=40), area="south"): [[70]],
    }
    ranking = compute_ranking(an_input(scheme, sheets, budget=80))
    assert money(ranking) == [
        ("n1", Outcome.FUNDED, 40),
        ("n2", Outcome.SUITABLE_NOT_FUNDED, 0),
        ("s1", Outcome.FUNDED, 40),
    ]


@pytest.mark.parametrize(
    ("edge", "awarded"), [(EdgeRule.STOP, [40, 0, 0]), (EdgeRule.PARTIAL, [40, 20, 0]), (EdgeRule.SKIP, [40, 0, 10])]
)
def test_with_both_money_stops_as_declared_and_a_partial_grant_takes_a_whole_place(edge: EdgeRule, awarded: list[int]):
    scheme = replace(PLAIN, quotas=(Quota(2),), edge_rule=edge)
    sheets: dict[Candidate, Rows] = {
        a_candidate("a", asks=40): [[90]], a_candidate("b", asks=40): [[80]], a_candidate("c", asks=10): [[70]],
    }  # fmt: skip
    ranking = compute_ranking(an_input(scheme, sheets, budget=60))
    assert [each.awarded_cents for each in ranking.results] == awarded
    assert ranking.quotas[0].taken == sum(1 for cents in awarded if cents)


def test_places_can_run_out_before_the_money():
    scheme = replace(PLAIN, quotas=(Quota(1),))
    ranking = compute_ranking(an_input(scheme, {a_candidate("a", asks=40): [[90]], a_candidate("b", asks=40): [[80]]}))
    assert [each.awarded_cents for each in ranking.results] == [40, 0]
    assert ranking.lines[0].left_cents == 999_960


def test_equals_before_the_last_place_wait_for_a_draw():
    sheets: dict[Candidate, Rows] = {
        a_candidate(key): [[mark]] for key, mark in zip("abcd", (90, 80, 80, 70), strict=True)
    }
    ranking = compute_ranking(an_input(IDEAS, sheets))
    assert [each.outcome for each in ranking.results] == [Outcome.SELECTED, *[Outcome.SUITABLE_NOT_FUNDED] * 3]
    assert [reasons(ranking.result_of(key)) for key in "bcd"] == [
        [ReasonCode.DRAW_FOR_PLACES], [ReasonCode.DRAW_FOR_PLACES], [ReasonCode.DRAW_ABOVE],
    ]  # fmt: skip
    assert [tie.references for tie in ranking.ties] == [("B", "C")]


def test_rankings_of_their_own_keep_their_order_and_their_money():
    # Napoli: bodies and groups in two rankings over two lines; the better total of one takes nothing of the other
    sheets: dict[Candidate, Rows] = {
        replace(a_candidate("b1", line="bodies", asks=50), listed_in="entities"): [[90]],
        replace(a_candidate("b2", line="bodies", asks=50), listed_in="entities"): [[80]],
        replace(a_candidate("g1", line="groups", asks=30), listed_in="informal"): [[65]],
    }
    ranking = compute_ranking(an_input(PLAIN, sheets, budget=60))
    assert places(ranking) == [("b1", 1), ("b2", 2), ("g1", 1)]
    assert [each.awarded_cents for each in ranking.results] == [50, 0, 30]
    assert "Graduatoria: informal." in explain(ranking, "g1", "it")


def test_over_the_whole_call_the_better_of_two_rankings_is_paid_first():
    sheets: dict[Candidate, Rows] = {
        replace(a_candidate("a", asks=50), listed_in="one"): [[70]],
        replace(a_candidate("b", asks=50), listed_in="two"): [[80]],
    }
    ranking = compute_ranking(an_input(PLAIN, sheets, budget=60))
    assert money(ranking) == [("a", Outcome.SUITABLE_NOT_FUNDED, 0), ("b", Outcome.FUNDED, 50)]


def test_one_ranking_over_several_lines_pays_from_the_first_that_covers():
    sheets: dict[Candidate, Rows] = {
        replace(a_candidate(key, asks=40, line="one"), listed_in="_call", other_lines=("two",)): [[mark]]
        for key, mark in zip("abc", (90, 80, 70), strict=True)
    }
    given = an_input(PLAIN, sheets)
    given = RankingInput(
        given.scheme, (Line("one", 50), Line("two", 60)), given.candidates, given.assignments, given.scores
    )
    ranking = compute_ranking(given)
    # 10 and 20 are left in two lines: no line covers the third, and a grant is paid by one line
    assert [(each.line, each.awarded_cents) for each in ranking.results] == [("one", 40), ("two", 40), ("two", 0)]


def test_younger_teams_then_teams_with_more_women_come_first():
    scheme = Scheme(criteria=PLAIN.criteria, tie_breaks=(TieBreak(TieRule.YOUNGER), TieBreak(TieRule.GENDER_MAJORITY)))
    said = {
        "old": Facts(age_days=3 * 14_610, aged=3), "young": Facts(age_days=2 * 10_957, aged=2),
        "women": Facts(age_days=14_610, aged=1, women=2, gendered=3), "silent": Facts(women=9, gendered=9),
    }  # fmt: skip
    sheets: dict[Candidate, Rows] = {replace(a_candidate(key), facts=facts): [[80]] for key, facts in said.items()}
    ranking = compute_ranking(an_input(scheme, sheets))
    # 10 957 days are 30.00 years, 14 610 are 40.00; whoever gave no date comes after them
    assert places(ranking) == [("young", 1), ("women", 2), ("old", 3), ("silent", 4)]
    lines = explain(ranking, "women", "it")
    assert any("decide l'età media più bassa, 40,00 anni contro 30,00 anni" in line for line in lines)
    assert any("la quota di donne più alta, 66,67 % contro nessuna risposta" in line for line in lines)


DRAWN = Scheme(criteria=PLAIN.criteria, tie_breaks=(TieBreak(TieRule.LOWER_REQUEST), TieBreak(TieRule.DRAW)))


def test_a_draw_orders_by_hashes_that_anybody_can_compute():
    sheets: dict[Candidate, Rows] = {a_candidate(key): [[80]] for key in "abc"}
    given = an_input(DRAWN, sheets)
    assert [each.position for each in compute_ranking(given).results] == [1, 1, 1]
    published = hashlib.sha256(b"A\nB\nC\n").hexdigest()
    assert list_hash(["C", "A", "B"]) == published
    ranking = compute_ranking(replace(given, draws=(Draw(("A", "B", "C"), published, "12-45-3"),)))
    numbers = {key: hashlib.sha256(f"12-45-3|{published}|{key}".encode()).hexdigest() for key in "ABC"}
    assert [each.reference for each in ranking.results] == sorted("ABC", key=lambda key: numbers[key])
    assert [each.position for each in ranking.results] == [1, 2, 3]
    assert ranking.results[1].separation is not None
    assert ranking.results[1].separation.by == TieRule.DRAW
    steps = list(draw_steps(ranking.given.draws[0]))
    assert steps[0] == "printf '%s\\n' A B C | sha256sum"
    assert steps[-3:] == [f"{place}. {each.reference}" for place, each in enumerate(ranking.results, 1)]


def test_a_draw_counts_only_between_exactly_those_who_were_drawn():
    sheets: dict[Candidate, Rows] = {a_candidate(key): [[80]] for key in "abc"}
    other = Draw(("A", "B"), list_hash(("A", "B")), "7")
    ranking = compute_ranking(replace(an_input(DRAWN, sheets), draws=(other,)))
    assert [each.position for each in ranking.results] == [1, 1, 1]
    with pytest.raises(Invalid):
        replace(an_input(DRAWN, sheets), draws=(Draw(("A", "C"), other.sha256, "7"),))


def test_nothing_stands_behind_a_draw():
    with pytest.raises(Invalid):
        Scheme(criteria=PLAIN.criteria, tie_breaks=(TieBreak(TieRule.DRAW), BY_PROTOCOL))
