"""How far the evaluation is, for chair and office: in numbers, in few statements, without what a round hides."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from portal.calls.rules.design import EvaluationRules
from portal.evaluation.progress import Work, by_application, by_criterion, by_evaluator
from portal.evaluation.rules import AssignmentStatus
from portal.evaluation.simulation import cut_off
from tests.factories.base import bari_design, sign_in
from tests.factories.evaluation import assign, declare_all, make_evaluation, score, score_everything
from tests.factories.ranking import PLAIN, a_candidate, an_input

WIDE = replace(bari_design(), evaluation=EvaluationRules(consensus_spread=Decimal(20)))
ONE, APPLICATION = UUID(int=1), UUID(int=9)


def a_work(now, number: int, *, status=AssignmentStatus.FINALISED, days: int = 0, **given: int) -> Work:
    return Work(UUID(int=number), APPLICATION, UUID(int=number), status, now - timedelta(days=days), given or None)


def test_what_nothing_was_done_on_for_two_weeks_is_overdue(now):
    waiting = AssignmentStatus.FREE_OF_CONFLICT
    works = [a_work(now, 1, status=waiting, days=15), a_work(now, 1, days=15), a_work(now, 1, status=waiting, days=14)]
    found = by_evaluator(works, [ONE], now)
    assert [(each.live, each.final, each.overdue) for each in found] == [(3, 1, 1)]


def test_spreads_are_told_where_they_may_be(now):
    works = [a_work(now, 1, impact=2500), a_work(now, 2, impact=500)]
    told = by_application(WIDE, APPLICATION, works, (), told=True)
    untold = by_application(WIDE, APPLICATION, works, (), told=False)
    assert (told.to_agree, told.widest) == (1, (WIDE.criteria[0], 2000))
    assert untold.widest is None
    assert by_application(WIDE, APPLICATION, works, {"impact"}, told=True).to_agree == 0
    assert by_criterion(WIDE, [told], {APPLICATION}, {"impact": 2})[0].widest == 2000
    assert by_criterion(WIDE, [told], (), {})[0].widest is None


def test_a_simulation_moves_the_line_and_nothing_else():
    given = an_input(
        PLAIN, {a_candidate("a"): [[90]], a_candidate("b"): [[70]], a_candidate("c"): [[50]]}, budget=10_000
    )
    assert (cut_off(given).won, cut_off(given).last_hundredths) == (1, 9000)
    assert cut_off(given, extra_cents=10_000).won == 2
    assert cut_off(given, minimum_total=Decimal(60)).not_suitable == 1
    assert cut_off(given).won == 1


def test_the_pages_of_chair_and_office(page, store, now, statements):
    with store() as session:
        world = make_evaluation(session, now=now, applications=4, design=WIDE)
        world.assignments = assign(session, world, now=now)
        declare_all(session, world, now=now)
        score(session, world.assignments[0], now=now, share=90)
    sign_in(page, world.chair.email)
    address = f"/manage/calls/{world.call.slug}/progress"
    page.get(address)
    with statements() as said:
        page.get(address)
    assert len(said) <= 12, "\n".join(said)
    assert page.shows(world.applications[0].reference)
    facts = {each.text_content(): each.getnext().text_content().strip() for each in page.tree.xpath("//dt")}
    assert (facts["Conflitti"], facts["Somiglianze da decidere"]) == ("0", "0")
    page.get(f"/manage/calls/{world.call.slug}/simulation")
    sign_in(page, world.officer.email)
    page.get(address)
    page.get(f"/evaluation/sheets/{world.assignments[0].id}")
    assert page.shows("Motivo di impact")
    page.submit("#reopen", criteria="impact", reason="Errore materiale", act_number="2026/3", act_date=str(now.date()))
    page.get(f"/evaluation/sheets/{world.assignments[0].id}")
    assert page.shows("Errore materiale")


def test_the_simulation_page_says_that_it_is_one(page, store, now):
    with store() as session:
        world = make_evaluation(session, now=now, applications=3)
        assign(session, world, now=now)
        score_everything(session, world, now=now)
    sign_in(page, world.officer.email)
    address = f"/manage/calls/{world.call.slug}/simulation"
    page.get(f"{address}?minimum=99&extra=-10.000,00")
    assert page.shows("Simulazione")
    page.get(f"{address}?minimum=molto", 422)
