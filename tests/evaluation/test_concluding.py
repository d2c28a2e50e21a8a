"""How an evaluation ends: who is selected, what nobody had to score, what must be computed again before it is final."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.access.policy import Tie
from portal.access.ties import tie
from portal.applications.rules import ApplicationStatus
from portal.calls.callfile import design_to_json
from portal.calls.operations import begin_evaluation
from portal.calls.rules import AllocateBy, Allocation, Criterion, CriterionSource, Places, TieBreak, TieBreakBy
from portal.core.audit import AuditEvent
from portal.evaluation.checks import broken
from portal.evaluation.models import ConflictDeclaration
from portal.evaluation.operations.publishing import Outdated
from portal.evaluation.queries import due_steps
from portal.evaluation.queries.commissions import commission_page
from portal.evaluation.queries.conflicts import barred_pairs
from tests.factories.base import as_actor, bari_design, make_application
from tests.factories.evaluation import (
    assign,
    compute,
    declare_free,
    make_draw,
    make_evaluation,
    publish,
    score,
    score_everything,
)

NAME = {"it": "Quota propria", "en": "Own share"}
OWN = Criterion("own", NAME, Decimal(10), source=CriterionSource.FORMULA, formula="budget.cost / 1000")


def declares(session, world, **changed):
    """The call declares otherwise."""
    world.call.definition = design_to_json(replace(bari_design(), **changed))
    world.call.__dict__.pop("design", None)
    session.flush()


def statuses(world):
    return [each.status for each in world.applications]


def test_the_winners_of_a_phase_that_is_not_the_last_are_selected_and_get_no_grant(session, now):
    world = make_evaluation(session, now=now, applications=3)
    design = bari_design()
    phases = [design.phases[0], replace(design.phases[0], key="second")]
    declares(session, world, phases=phases, allocation=Allocation(by=AllocateBy.PLACES, places=[Places(1)]))
    assign(session, world, now=now)
    score_everything(session, world, now=now)
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    publish(session, world, ranking, now=now, final=True)
    assert statuses(world)[0] is ApplicationStatus.SELECTED
    assert set(statuses(world)[1:]) <= {ApplicationStatus.RESERVE_LIST, ApplicationStatus.NOT_SUITABLE}
    assert [row.awarded_cents for row in ranking.rows] == [0, 0, 0]
    query = select(AuditEvent.event).where(AuditEvent.subject_id == world.applications[0].id)
    assert "application.rank_selected" in session.scalars(query).all()
    assert list(broken(session)) == []


def test_where_everything_is_computed_the_ranking_reaches_its_end_without_a_commission(session, now):
    world = make_evaluation(session, now=now, applications=2)
    declares(session, world, criteria=[OWN], minimum_total=Decimal(0), tie_breaks=[TieBreak(TieBreakBy.PROTOCOL)])
    officer = as_actor(session, world.officer, now=now)
    begin_evaluation(session, phase_id=world.phase.id, actor=officer, now=now)
    page = commission_page(session, officer, world.call.slug, None, now)
    assert (page.may_compute, page.shortages) == (True, [])
    assert [each.what for each in due_steps(session, officer, now)] == ["Calcola la graduatoria"]
    ranking = compute(session, world, now=now)
    assert statuses(world) == [ApplicationStatus.SCORED] * 2
    query = select(AuditEvent.event).where(AuditEvent.subject_id.in_([each.id for each in world.applications]))
    assert list(session.scalars(query)).count("application.scored") == 2
    publish(session, world, publish(session, world, ranking, now=now), now=now, final=True)
    assert set(statuses(world)) <= {ApplicationStatus.FUNDED, ApplicationStatus.RESERVE_LIST}


def test_what_changed_after_the_provisional_ranking_must_be_computed_before_the_final_one(session, now):
    world = make_evaluation(session, now=now, applications=2)
    assign(session, world, now=now)
    score_everything(session, world, now=now)
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    world.applications[0].requested_cents += 1
    session.flush()
    with pytest.raises(Outdated):
        publish(session, world, ranking, now=now, final=True)


def test_a_draw_whose_day_has_come_waits_on_the_desk_for_its_outcome(session, now):
    world = make_evaluation(session, now=now, applications=2)
    declares(session, world, tie_breaks=[TieBreak(TieBreakBy.DRAW)])
    for each in assign(session, world, now=now):
        declare_free(session, each, now=now)
        score(session, each, now=now)
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    draw = make_draw(session, ranking, now=now)
    officer = as_actor(session, world.officer, now=now)
    (step,) = due_steps(session, officer, now)
    assert step.what.startswith("Inserisci l'esito dell'estrazione pubblica del")
    assert due_steps(session, officer, now - timedelta(hours=23)) == []
    draw.seed, draw.seed_at, draw.seed_on = "1-2-3", now, draw.held_on
    session.flush()
    assert [each.what for each in due_steps(session, officer, now)] == ["Pubblica la graduatoria definitiva"]


def test_who_stepped_back_in_one_phase_is_kept_from_the_next_application_of_the_same_applicant(session, now):
    world = make_evaluation(session, now=now, applications=1, members=4)
    first = world.applications[0]
    evaluator = world.members[0]
    earlier = make_application(session, world.call, first.organisation, now=now, status=ApplicationStatus.WITHDRAWN)
    tie(session, person_id=evaluator.id, tie=Tie.CONFLICTED, object_type="application", object_id=earlier.id, now=now)
    made = assign(session, world, now=now)
    assert evaluator.id not in {each.person_id for each in made}
    assert (first.id, evaluator.id) in barred_pairs(session, people=[evaluator.id], applications=[first], now=now)
    assert session.scalars(select(ConflictDeclaration.person_id)).all() == [evaluator.id]
