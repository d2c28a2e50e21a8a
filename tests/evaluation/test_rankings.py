"""Computing, publishing, explaining and checking a ranking."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from portal.applications.rules import ApplicationStatus
from portal.calls.rules import PhaseStatus
from portal.cli import rankings as command
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import subscribe
from portal.core.mail import OutgoingMail
from portal.evaluation.checks import broken
from portal.evaluation.models import Assignment, Ranking, RankingRow, ScoreSheet
from portal.evaluation.operations import publish_provisional
from portal.evaluation.operations.publishing import Outdated
from portal.evaluation.queries import due_steps
from portal.evaluation.queries.rankings import StoredRankingAltered, run_of
from portal.evaluation.rules import RankingPublished, RankingStatus
from portal.notices.models import Notice
from tests.factories.base import as_actor
from tests.factories.evaluation import (
    add_application,
    assign,
    compute,
    declare_conflict,
    declare_free,
    make_evaluation,
    publish,
    score,
    score_everything,
)


@pytest.fixture
def world(session, now):
    """Four admitted applications with every score, one that was not admitted."""
    made = make_evaluation(session, now=now, applications=4)
    assign(session, made, now=now)
    score_everything(session, made, now=now)
    add_application(session, made, now=now, status=ApplicationStatus.INADMISSIBLE)
    return made


def rows_of(session, ranking):
    return session.scalars(
        select(RankingRow).where(RankingRow.ranking_id == ranking.id).order_by(RankingRow.line_number)
    ).all()


def test_missing_scores_are_named_in_words(session, now):
    made = make_evaluation(session, now=now, applications=2)
    one = assign(session, made, now=now)[0]
    declare_free(session, one, now=now)
    score(session, one, now=now)
    with pytest.raises(Conflict) as refused:
        compute(session, made, now=now)
    message = str(refused.value)
    assert made.applications[1].reference in message
    assert all(each.name in message for each in made.members)


def test_a_pending_admissibility_stops_the_ranking(session, now, world):
    add_application(session, world, now=now, status=ApplicationStatus.SUBMITTED)
    with pytest.raises(Conflict):
        compute(session, world, now=now)


def test_the_ranking_follows_the_scores_and_its_hashes_hold(session, now, world):
    ranking = compute(session, world, now=now)
    rows = rows_of(session, ranking)
    assert [row.application_id for row in rows] == [each.id for each in world.applications]
    assert [row.position for row in rows] == [1, 2, 3, 4, None]
    assert rows[0].total_hundredths == 9500
    assert rows[-1].outcome == "inadmissible"
    assert run_of(ranking).result_of(str(rows[0].application_id)).position == 1
    assert list(broken(session)) == []


def test_a_recused_evaluator_does_not_count(session, now):
    made = make_evaluation(session, now=now, applications=1)
    one, *others = assign(session, made, now=now)
    for each in others:
        declare_free(session, each, now=now)
        score(session, each, now=now, share=80)
    declare_conflict(session, one, now=now)
    ranking = compute(session, made, now=now)
    assert rows_of(session, ranking)[0].total_hundredths == 8000


def test_a_new_draft_replaces_the_old_one(session, now, world):
    first = compute(session, world, now=now)
    second = compute(session, world, now=now)
    assert (first.status, second.status) == (RankingStatus.SUPERSEDED, RankingStatus.DRAFTED)
    assert (second.version, second.output_sha256) == (2, first.output_sha256)


def test_publishing_needs_an_act_that_exists(session, now, world):
    ranking = compute(session, world, now=now)
    given = {"ranking_id": ranking.id, "actor": as_actor(session, world.officer, now=now), "now": now}
    with pytest.raises(Invalid):
        publish_provisional(session, act_number=" ", act_date=now.date(), **given)
    with pytest.raises(Invalid):
        publish_provisional(session, act_number="1", act_date=now.date() + timedelta(days=1), **given)
    assert ranking.status is RankingStatus.DRAFTED


def test_only_the_officer_publishes(session, now, world):
    ranking = compute(session, world, now=now)
    with pytest.raises(Forbidden):
        publish_provisional(session, ranking_id=ranking.id, act_number="1", act_date=now.date(), now=now,
                            actor=as_actor(session, world.chair, now=now))  # fmt: skip


def test_a_ranking_of_yesterday_is_not_published(session, now, world):
    ranking = compute(session, world, now=now)
    world.applications[3].requested_cents += 100
    with pytest.raises(Outdated):
        publish(session, world, ranking, now=now)


def test_provisional_then_final_settles_everything(session, now, world):
    seen = []
    subscribe(RankingPublished, lambda _session, event: seen.append(event))
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    assert ranking.status is RankingStatus.PROVISIONAL
    assert {each.status for each in world.applications[:4]} == {ApplicationStatus.SCORED}
    publish(session, world, ranking, now=now, final=True)
    assert [each.status for each in world.applications] == [*["funded"] * 4, "inadmissible"]
    assert world.phase.status is PhaseStatus.CONCLUDED
    assert [event.is_final for event in seen if event.ranking_id == ranking.id] == [False, True]
    assert ranking.provisional_act_number == "2026/9"
    with pytest.raises(Conflict):
        compute(session, world, now=now)


def test_every_applicant_is_told_their_own_result(session, now, world):
    publish(session, world, compute(session, world, now=now), now=now)
    owner, application = world.owners[0], world.applications[0]
    mail = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == owner.email)).one()
    assert application.reference in mail.body
    assert not any(each.reference in mail.body for each in world.applications[1:])
    notice = session.scalars(select(Notice).where(Notice.person_id == owner.id)).one()
    assert notice.path == f"/applications/{application.id}/outcome"
    assert len(session.scalars(select(OutgoingMail)).all()) == 5


def test_a_second_provisional_replaces_the_first(session, now, world):
    first = publish(session, world, compute(session, world, now=now), now=now)
    publish(session, world, compute(session, world, now=now), now=now)
    assert first.status is RankingStatus.SUPERSEDED
    assert first.is_published


def test_the_checks_see_an_altered_ranking(session, now, world):
    ranking = compute(session, world, now=now)
    document = dict(ranking.output_document)
    document["lines"] = [{**line, "awarded_cents": line["awarded_cents"] + 1} for line in document["lines"]]
    ranking.output_document = document
    session.flush()
    assert any("hash" in line for line in broken(session))


def test_the_checks_see_a_result_that_is_not_the_one_that_was_hashed(session, now, world):
    ranking = compute(session, world, now=now)
    row = ranking.rows[-1]
    set_committed_value(row, "detail", {**row.detail, "reference": "ALTRA-2026-000001"})
    with pytest.raises(StoredRankingAltered):
        run_of(ranking)


def test_the_checks_see_a_sheet_that_gives_other_marks_than_its_scores(session, world):
    sheet = session.scalars(select(ScoreSheet).order_by(ScoreSheet.id)).first()
    set_committed_value(sheet, "given", {**sheet.given, next(iter(sheet.given)): 1})
    assert [line for line in broken(session) if "other marks" in line]


def test_an_output_that_was_stored_whole_reads_as_before(session, now, world):
    ranking = compute(session, world, now=now)
    ranking.output_document = ranking.output
    session.flush()
    assert run_of(ranking).results
    assert ranking.has_money
    assert not list(broken(session))


def test_the_command_prints_every_number(session, now, world):
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    lines = list(command.lines_of(session, ranking, world.applications[0].id, "en"))
    assert lines[1].endswith("ok")
    assert any("Elio Commissario 1" in line for line in lines)
    assert any("Social impact" in line for line in lines)
    whole = list(command.lines_of(session, ranking, None, "it"))
    assert all(any(each.reference in line for line in whole) for each in world.applications)


def test_the_desk_names_the_next_step(session, now):
    made = make_evaluation(session, now=now, applications=1)
    paths = lambda person: [step.path for step in due_steps(session, as_actor(session, person, now=now), now)]  # noqa: E731
    page = f"/manage/calls/{made.call.slug}/commission?phase={made.phase.key}"
    assert paths(made.officer) == [page]
    assign(session, made, now=now)
    assert paths(made.officer) == []
    assert paths(made.members[0]) == [f"/scoring/declarations/{made.phase.id}"]
    score_everything(session, made, now=now)
    assert paths(made.members[0]) == []
    assert paths(made.officer) == [page]
    assert paths(made.chair) == [page]


def test_thirty_applications_from_the_commission_to_the_final_list(session, now):
    made = make_evaluation(session, now=now, applications=30, members=4)
    assigned = assign(session, made, now=now)
    assert len(assigned) == 90
    for number, each in enumerate(session.scalars(select(Assignment).order_by(Assignment.id)).all()):
        declare_free(session, each, now=now)
        score(session, each, now=now, share=55 + (number * 7) % 40)
    ranking = publish(session, made, compute(session, made, now=now), now=now)
    publish(session, made, ranking, now=now, final=True)
    rows = rows_of(session, ranking)
    assert len(rows) == 30
    assert sum(row.awarded_cents for row in rows) <= made.call.budget_cents
    assert {each.status for each in made.applications} <= {"funded", "reserve_list", "not_suitable"}
    assert list(broken(session)) == []
    assert session.scalars(select(Ranking)).one().status is RankingStatus.FINAL
