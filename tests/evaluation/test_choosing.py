"""What a call declares about choosing, from the score sheet to the final ranking: levels, scales, draws."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from portal.access.policy import Role
from portal.calls.callfile import design_to_json
from portal.calls.rules import AllocateBy, Allocation, Criterion, CriterionSource, Level, Places, TieBreak, TieBreakBy
from portal.core.errors import Invalid, InvalidForm
from portal.evaluation import operations
from portal.evaluation.checks import broken
from portal.evaluation.declared import quotas_of, ranking_for, scheme_of
from portal.evaluation.models import RankingDraw, ScoreSheet
from portal.evaluation.operations.drawing import NothingToDraw, SeedBySamePerson, SeedKnown, SeedTooEarly
from portal.evaluation.operations.publishing import DrawPending
from portal.evaluation.points import Entry, hundredths, marks_of, tally_of, worth
from portal.evaluation.ranking import Quota
from tests.factories.base import as_actor, bari_design, make_staff
from tests.factories.evaluation import (
    actor_for,
    assign,
    compute,
    declare_free,
    make_evaluation,
    publish,
    score,
)

NAME = {"it": "Radicamento", "en": "Rootedness"}
ROOTED = Criterion(
    "rooted", NAME, Decimal(15), reason_required=False,
    levels=[Level("none", NAME, Decimal(0), True), Level("some", NAME, Decimal(5)), Level("all", NAME, Decimal(15))],
)  # fmt: skip
IDEA = Criterion("idea", NAME, Decimal(25), scale=Decimal(10))
EVERYBODY = Criterion("everybody", NAME, Decimal(2), source=CriterionSource.BONUS)


def declares(session, world, **changed):
    """The call declares otherwise."""
    world.call.definition = design_to_json(replace(bari_design(), **changed))
    world.call.__dict__.pop("design", None)
    session.flush()


def test_levels_and_scales_are_kept_as_given_and_as_worth():
    assert (worth(IDEA, 700), worth(ROOTED, 500)) == (1750, 500)
    assert marks_of(IDEA) == [step * 100 for step in range(11)]
    assert [len(marks_of(replace(IDEA, scale=scale))) for scale in (None, Decimal(5), Decimal(7))] == [11, 6, 8]
    design = replace(bari_design(), criteria=[IDEA, ROOTED, EVERYBODY])
    tally = tally_of(design, [Entry("idea", 700, "sì", 1), Entry("rooted", 500, "", 1)])
    assert (tally.total.points, tally.total.maximum, tally.is_complete) == (2250, 4000, True)


def test_a_sheet_with_levels_and_marks_is_closed_and_ranked(session, now):
    world = make_evaluation(session, now=now, applications=1)
    declares(session, world, criteria=[IDEA, ROOTED], minimum_total=Decimal(0), tie_breaks=[])
    first, *others = assign(session, world, now=now)
    declare_free(session, first, now=now)
    given = {"assignment_id": first.id, "actor": actor_for(session, first, now=now), "now": now}
    with pytest.raises(Invalid):
        operations.save_score(session, criterion="rooted", points=700, reason="", version=0, **given)
    with pytest.raises(Invalid):
        operations.save_score(session, criterion="idea", points=1001, reason="", version=0, **given)
    operations.save_scores(session, entries=[Entry("idea", 700, "", 0), Entry("rooted", 500, "", 0)], **given)
    with pytest.raises(InvalidForm) as refused:
        operations.finalise_scores(session, **given)
    assert list(refused.value.errors) == ["points-idea"]
    operations.save_score(session, criterion="idea", points=700, reason="Nuova", version=1, **given)
    sheet = operations.finalise_scores(session, **given)
    assert sheet.scores["idea"] == {"points": 1750, "mark": 700, "reason": "Nuova"}
    assert (sheet.scores["rooted"], sheet.total_hundredths) == ({"points": 500, "level": "some", "reason": ""}, 2250)
    for each in others:
        declare_free(session, each, now=now)
        actor = actor_for(session, each, now=now)
        operations.save_scores(session, assignment_id=each.id, actor=actor, now=now,
                               entries=[Entry("idea", 800, "Nuova", 0), Entry("rooted", 1500, "", 0)])  # fmt: skip
        operations.finalise_scores(session, assignment_id=each.id, actor=actor, now=now)
    # (7 + 8 + 8) / 3 * 2.5 = 19.1666…; (5 + 15 + 15) / 3 = 11.6666…: together 30.8333…
    assert compute(session, world, now=now).rows[0].total_hundredths == 3083
    assert list(broken(session)) == []
    assert session.query(ScoreSheet).count() == 3


@pytest.fixture
def tied(session, now):
    """Two applications with the same points, in a call that draws."""
    world = make_evaluation(session, now=now, applications=2)
    declares(session, world, tie_breaks=[TieBreak(TieBreakBy.DRAW)])
    for each in assign(session, world, now=now):
        declare_free(session, each, now=now)
        score(session, each, now=now, share=80)
    world.known["ranking"] = compute(session, world, now=now)
    return world


def test_a_draw_has_two_steps_and_neither_is_repeated(session, now, tied):
    officer = as_actor(session, tied.officer, now=now)
    given = {"ranking_id": tied.ranking.id, "source": "Lotto, ruota di Bari", "act_number": "7", "act_date": now.date(),
             "actor": officer, "now": now}  # fmt: skip
    publish(session, tied, tied.ranking, now=now)
    with pytest.raises(DrawPending):
        publish(session, tied, tied.ranking, now=now, final=True)
    with pytest.raises(InvalidForm):
        operations.publish_draw(session, held_on=now.date() - timedelta(days=1), **given)
    draw = operations.publish_draw(session, held_on=now.date() + timedelta(days=3), **given)
    with pytest.raises(NothingToDraw):
        operations.publish_draw(session, held_on=now.date() + timedelta(days=9), **given)
    colleague = as_actor(session, make_staff(session, tied.authority, Role.OFFICER, now=now), now=now)
    with pytest.raises(SeedTooEarly):
        operations.enter_seed(session, draw_id=draw.id, seed="12-45-3", actor=colleague, now=now)
    later = now + timedelta(days=5)
    with pytest.raises(SeedBySamePerson):
        operations.enter_seed(session, draw_id=draw.id, seed="12-45-3", actor=officer, now=later)
    operations.enter_seed(session, draw_id=draw.id, seed="12-45-3", actor=colleague, now=later)
    with pytest.raises(SeedKnown):
        operations.enter_seed(session, draw_id=draw.id, seed="1-2-3", actor=colleague, now=later)
    again = compute(session, tied, now=later)
    assert [row.position for row in again.rows] == [1, 2]
    publish(session, tied, publish(session, tied, again, now=later), now=later, final=True)
    with pytest.raises(DatabaseError):
        session.execute(update(RankingDraw).where(RankingDraw.id == draw.id).values(seed="9-9-9"))


def test_a_phase_that_is_not_the_last_selects_and_alone_allots_places():
    design = bari_design()
    second = replace(design.phases[0], key="second")
    ideas = replace(design, phases=[design.phases[0], second],
                    allocation=Allocation(by=AllocateBy.PLACES, places=[Places(30)]))  # fmt: skip
    first, last = scheme_of(ideas, ideas.phases[0].key), scheme_of(ideas, "second")
    assert (first.selects, first.has_money) == (True, False)
    assert (last.selects, last.has_money, last.quotas) == (False, True, first.quotas)
    assert ranking_for(design, design.budget_lines[0], "legal_entity", None) is None
    assert set(quotas_of(ideas)) >= {Quota(30, None, line.key if len(design.budget_lines) > 1 else None)
                                     for line in design.budget_lines}  # fmt: skip
    assert hundredths(Decimal(1)) == 100
