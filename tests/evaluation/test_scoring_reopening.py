"""Final scores are opened again by an act alone; every version stays, the last one counts."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.core.errors import Closed, Conflict, Invalid, InvalidForm, NotFound
from portal.evaluation import operations
from portal.evaluation.models import ScoreSheet
from portal.evaluation.points import Entry
from portal.evaluation.queries.assignments import entries_of
from portal.evaluation.rules import AssignmentStatus, RankingStatus
from portal.notices.models import Notice
from tests.factories.base import as_actor
from tests.factories.evaluation import actor_for, assign, compute, make_evaluation, publish, score_everything


@pytest.fixture
def world(session, now):
    """Two applications, all scored."""
    made = make_evaluation(session, now=now, applications=2)
    made.assignments = assign(session, made, now=now)
    score_everything(session, made, now=now)
    return made


def reopen(session, world, assignment, *, now, by=None, **changed):
    given = {"criteria": ["impact"], "reason": "Sentenza TAR 100/2026", "act_number": "2026/77", "act_date": now.date()}
    actor = as_actor(session, by or world.officer, now=now)
    return operations.reopen_scores(session, assignment_id=assignment.id, actor=actor, now=now, **(given | changed))


def stands(assignment) -> str:
    return assignment.application.status.value


def write(session, assignment, criterion, points, *, now):
    stored = {each.criterion: each for each in entries_of(session, assignment)}[criterion]
    entry = Entry(criterion, points, "Ora per allora", stored.version)
    return operations.save_scores(session, assignment_id=assignment.id, entries=[entry],
                                  actor=actor_for(session, assignment, now=now), now=now)  # fmt: skip


def close(session, assignment, *, now):
    actor = actor_for(session, assignment, now=now)
    return operations.finalise_scores(session, assignment_id=assignment.id, actor=actor, now=now)


def test_the_new_version_stands_beside_the_old_one_and_counts(session, now, world):
    mine = world.assignments[0]
    drafted = compute(session, world, now=now)
    reopen(session, world, mine, now=now)
    assert stands(mine) == "admissible"
    assert (mine.status, drafted.status) == (AssignmentStatus.REOPENED, RankingStatus.SUPERSEDED)
    with pytest.raises(Conflict):
        compute(session, world, now=now)
    with pytest.raises(Conflict):
        write(session, mine, "budget", 100, now=now)
    write(session, mine, "impact", 2500, now=now)
    close(session, mine, now=now)
    assert stands(mine) == "scored"
    query = select(ScoreSheet).where(ScoreSheet.assignment_id == mine.id).order_by(ScoreSheet.version)
    first, second = session.scalars(query)
    assert first.scores["impact"]["points"] != second.scores["impact"]["points"] == 2500
    assert {key: value for key, value in first.scores.items() if key != "impact"} == {
        key: value for key, value in second.scores.items() if key != "impact"
    }
    assert compute(session, world, now=now).input_sha256 != drafted.input_sha256
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("DELETE FROM score_reopening"))


def test_after_publication_scores_change_by_an_act_and_nothing_published_moves(session, now, world):
    ranking = publish(session, world, publish(session, world, compute(session, world, now=now), now=now), now=now,
                      final=True)  # fmt: skip
    mine = world.assignments[0]
    before = mine.application.status
    with pytest.raises(Closed):
        write(session, mine, "impact", 0, now=now)
    reopen(session, world, mine, now=now)
    write(session, mine, "impact", 0, now=now)
    close(session, mine, now=now)
    assert (mine.application.status, ranking.status) == (before, RankingStatus.FINAL)


def test_opening_wants_an_act_a_reason_and_somebody_else(session, now, world):
    mine = next(each for each in world.assignments if each.person_id == world.chair.id)
    theirs = next(each for each in world.assignments if each.person_id != world.chair.id)
    with pytest.raises(Conflict):
        reopen(session, world, mine, now=now, by=world.chair)
    for wrong, refusal in (({"reason": " "}, Invalid), ({"act_number": ""}, InvalidForm), ({"criteria": []}, Invalid),
                           ({"criteria": ["nothing"]}, Invalid)):  # fmt: skip
        with pytest.raises(refusal):
            reopen(session, world, theirs, now=now, **wrong)
    with pytest.raises(NotFound):
        reopen(session, world, theirs, now=now, by=world.members[0])
    reopen(session, world, theirs, now=now, by=world.chair, criteria=None)
    with pytest.raises(Conflict):
        reopen(session, world, theirs, now=now)
    told = session.scalars(select(Notice).where(Notice.person_id == theirs.person_id)).all()
    assert any("riaperti" in each.text["it"] for each in told)
