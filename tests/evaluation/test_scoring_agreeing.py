"""Where marks lie too far apart the evaluators agree on one; what each gave stays."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.applications.rules import ApplicationStatus
from portal.calls.rules.design import Aggregation, EvaluationRules
from portal.core.errors import Conflict, Invalid, NotFound
from portal.evaluation import operations
from portal.evaluation.agreeing import is_apart, spread_of, to_agree
from portal.evaluation.models import AgreedMark, ScoreSheet
from portal.evaluation.points import Entry, hundredths, scored
from portal.evaluation.queries.agreements import agreed_marks
from tests.factories.base import as_actor, bari_design
from tests.factories.evaluation import Evaluation, actor_for, assign, compute, declare_all, make_evaluation

WIDE = replace(bari_design(), evaluation=EvaluationRules(consensus_spread=Decimal(20)))
TOGETHER = replace(bari_design(), evaluation=EvaluationRules(aggregation=Aggregation.COLLEGIAL))


def give(session, assignment, *, now, share: int, **own: int) -> None:
    """Everything at a share of its maximum, but what is given in hundredths; then final."""
    given = {"assignment_id": assignment.id, "actor": actor_for(session, assignment, now=now), "now": now}
    entries = [
        Entry(each.key, own.get(each.key, hundredths(each.maximum) * share // 100), "Perché", 0)
        for each in scored(assignment.application.design)
    ]
    operations.save_scores(session, entries=entries, **given)
    operations.finalise_scores(session, **given)


def judged(session: Session, now, design=WIDE, **first: int) -> Evaluation:
    """One application with three final sheets; the first evaluator gives what is named, the others 80 per cent."""
    world = make_evaluation(session, now=now, applications=1, design=design)
    world.assignments = assign(session, world, now=now)
    declare_all(session, world, now=now)
    for number, each in enumerate(world.assignments):
        give(session, each, now=now, share=80, **({} if number else first))
    return world


def stands(application) -> str:
    return application.status.value


def propose(session, world, number=0, *, now, criterion="impact", points=1500, reason="Ne abbiamo discusso"):
    return operations.propose_mark(
        session, application_id=world.applications[0].id, criterion=criterion, points=points, reason=reason,
        actor=actor_for(session, world.assignments[number], now=now), now=now,
    )  # fmt: skip


def assent(session, world, mark, number, *, now):
    actor = actor_for(session, world.assignments[number], now=now)
    return operations.assent(session, mark_id=mark.id, actor=actor, now=now)


def test_marks_are_compared_exactly_with_what_the_call_allows():
    impact = WIDE.criteria[0]
    assert spread_of([1000]) == 0
    assert not is_apart(WIDE, impact, [1500, 2000])
    assert is_apart(WIDE, impact, [1499, 2000])
    assert not is_apart(bari_design(), impact, [0, 2500])
    assert [each.key for each in to_agree(WIDE, {"impact": [0, 2500], "budget": [1500, 1500]})] == ["impact"]
    assert to_agree(TOGETHER, {}) == scored(TOGETHER)


def test_an_application_counts_as_scored_once_each_has_assented(session, now):
    world = judged(session, now, impact=500)
    application = world.applications[0]
    assert stands(application) == "admissible"
    with pytest.raises(Conflict):
        compute(session, world, now=now)
    mark = propose(session, world, now=now)
    assert agreed_marks(session, [application.id]) == {}
    assent(session, world, mark, 1, now=now)
    assent(session, world, mark, 1, now=now)
    assert stands(application) == "admissible"
    assent(session, world, mark, 2, now=now)
    assert stands(application) == "scored"
    assert agreed_marks(session, [application.id]) == {(application.id, "impact"): 1500}
    agreed = compute(session, world, now=now).input_document["agreed"]
    assert {Decimal(points) for marks in agreed.values() for points in marks.values()} == {Decimal(15)}
    assert len(session.scalars(select(ScoreSheet)).all()) == 3


def test_another_proposal_takes_the_place_of_the_first_with_its_assents(session, now):
    world = judged(session, now, impact=500)
    first = propose(session, world, now=now)
    assent(session, world, first, 1, now=now)
    second = propose(session, world, 2, now=now, points=1600)
    with pytest.raises(Conflict):
        assent(session, world, first, 2, now=now)
    assert (first.status, second.version, len(second.assents)) == ("set_aside", 2, 1)
    for number in (0, 1):
        assent(session, world, second, number, now=now)
    with pytest.raises(Conflict):
        propose(session, world, now=now)


def test_what_was_agreed_never_changes_in_the_database(session, now):
    world = judged(session, now, impact=500)
    propose(session, world, now=now)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE agreed_mark SET given_hundredths = 0"))


def test_nobody_agrees_before_all_are_done_nor_on_what_lies_close_nor_without_a_reason(session, now):
    world = judged(session, now, impact=500)
    with pytest.raises(NotFound):
        propose(session, world, now=now, criterion="budget")
    with pytest.raises(Invalid):
        propose(session, world, now=now, reason=" ")
    with pytest.raises(Invalid):
        propose(session, world, now=now, points=2600)
    with pytest.raises(NotFound):
        operations.propose_mark(
            session, application_id=world.applications[0].id, criterion="impact", points=1, reason="x",
            actor=as_actor(session, world.officer, now=now), now=now,
        )  # fmt: skip
    operations.reopen_scores(
        session, assignment_id=world.assignments[0].id, criteria=None, reason="Errore", act_number="3",
        act_date=now.date(), actor=as_actor(session, world.officer, now=now), now=now,
    )  # fmt: skip
    with pytest.raises(Conflict):
        propose(session, world, 1, now=now)


def test_a_collegial_commission_agrees_on_every_criterion(session, now):
    world = judged(session, now, design=TOGETHER)
    for each in scored(TOGETHER):
        mark = propose(session, world, now=now, criterion=each.key, points=hundredths(each.maximum) // 2)
        for number in (1, 2):
            assent(session, world, mark, number, now=now)
    assert world.applications[0].status is ApplicationStatus.SCORED
    assert len(session.scalars(select(AgreedMark)).all()) == len(scored(TOGETHER))
