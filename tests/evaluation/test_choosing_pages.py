"""The score sheet with levels, marks and computed criteria; a draw in the open."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from portal.access.rules.facts import local_day
from portal.calls.callfile import design_to_json
from portal.calls.rules import Criterion, CriterionSource, Level, TieBreak, TieBreakBy
from portal.evaluation.models import Assignment, RankingDraw, Score
from portal.questionnaires.rules import Condition
from tests.factories.base import bari_design, sign_in
from tests.factories.evaluation import assign, compute, declare_free, make_evaluation, publish, score

NAME = {"it": "Radicamento", "en": "Rootedness"}
CRITERIA = [
    Criterion("rooted", NAME, Decimal(15), reason_required=False,
              levels=[Level("none", {"it": "Nessun legame", "en": "No tie"}, Decimal(0), True),
                      Level("all", {"it": "Presenza stabile", "en": "Steady"}, Decimal(15))]),
    Criterion("idea", {"it": "Idea", "en": "Idea"}, Decimal(25), scale=Decimal(10)),
    Criterion("young", {"it": "Giovani", "en": "Young"}, Decimal(2), source=CriterionSource.BONUS,
              when=Condition(fact="applicant.members", at_least=3)),
    Criterion("own", {"it": "Quota propria", "en": "Own share"}, Decimal(10), source=CriterionSource.FORMULA,
              formula="share(budget.requested, budget.cost) / 10"),
]  # fmt: skip


def world_of(store, now, **changed):
    with store() as session:
        world = make_evaluation(session, now=now, applications=2)
        world.call.definition = design_to_json(replace(bari_design(), minimum_total=Decimal(0), **changed))
        world.call.__dict__.pop("design", None)
        session.flush()
        world.assignments = assign(session, world, now=now)
        for each in world.assignments:
            declare_free(session, session.get_one(Assignment, each.id), now=now)
    return world


def test_levels_are_chosen_by_their_words_and_computed_points_are_read_only(store, page, now):
    world = world_of(store, now, criteria=CRITERIA, tie_breaks=[])
    first = world.assignments[0]
    sign_in(page, next(each.email for each in world.people if each.id == first.person_id))
    page.get(f"/scoring/{first.id}")
    assert page.shows("Presenza stabile")
    assert page.shows("esclude la domanda")
    assert page.shows("la premialità non spetta")
    assert page.shows("nessuna risposta")
    for forged in ({"points-idea": "10,01"}, {"points-idea": "-1"}):
        page.submit("#sheet", **forged, expect=422)
    sheet = f"/scoring/{first.id}/scores"
    page.post(sheet, **{"mark-rooted": "700", "reason-rooted": "", "version-rooted": "0"}, expect=422)
    page.post(sheet, **{"mark-idea": "1100", "reason-idea": "", "version-idea": "0"}, expect=422)
    page.post(sheet, **{"points-own": "10", "reason-own": "", "mark-beauty": "1", "reason-beauty": ""})
    page.get(f"/scoring/{first.id}")
    page.submit("#sheet", **{"mark-rooted": "1500", "points-idea": "7", "reason-idea": "Nuova"})
    page.get(f"/scoring/{first.id}/check")
    assert page.shows("vale 17,5 punti")
    with store() as session:
        kept = {each.criterion: each.points_hundredths for each in session.query(Score).all()}
    assert kept == {"rooted": 1500, "idea": 700}


def test_the_lists_of_a_draw_are_published_before_anybody_knows_its_outcome(store, page, clock, now):
    world = world_of(store, now, tie_breaks=[TieBreak(TieBreakBy.DRAW)])
    with store() as session:
        for each in world.assignments:
            score(session, session.get_one(Assignment, each.id), now=now)
        publish(session, world, compute(session, world, now=now), now=now)
    sign_in(page, world.officer.email)
    page.get(f"/manage/calls/{world.call.slug}/commission")
    day = local_day(now)
    act = {"list_act_number": "8", "list_act_date": day.isoformat(), "source": "Lotto, ruota di Bari"}
    page.submit("#draw", **act, held_on=day.isoformat(), expect=422)
    page.submit("#draw", **act, held_on=(day + timedelta(days=2)).isoformat())
    with store() as session:
        draw = session.query(RankingDraw).one()
    assert page.shows(draw.lists[0]["sha256"])
    page.get(f"/manage/calls/{world.call.slug}/commission")
    page.submit("#draw-seed", seed="12-45-3", expect=409)
