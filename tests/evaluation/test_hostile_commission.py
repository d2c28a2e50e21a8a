"""Attacks on a commission from near by: another commission's chair, a former member, a substitute, signatures twice."""

from datetime import timedelta

import pytest

from portal.access.policy import Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.evaluation import operations
from portal.evaluation.models import Assignment
from portal.evaluation.operations.minutes import NotToSign
from portal.evaluation.queries.outcomes import why_page
from portal.evaluation.queries.seats import commission_of
from tests.evaluation.test_scoring_rounds import BLIND
from tests.factories.base import as_actor, make_person, make_staff, sign_in
from tests.factories.evaluation import assign, compute, declare_all, make_evaluation, publish, score, score_everything
from tests.factories.sittings import convene, keeper, make_commission, open_one

HOUR = timedelta(hours=1)


def seated(session, made):
    """The commission of the phase."""
    found = commission_of(session, made.phase.id)
    assert found is not None
    return found


def scored(session, now, **asked):
    """Two applications scored by three, and their ranking drafted."""
    made = make_evaluation(session, now=now, applications=2, **asked)
    made.assignments = assign(session, made, now=now)
    score_everything(session, made, now=now)
    made.known["ranking"] = compute(session, made, now=now)
    return made


def test_the_chair_of_another_commission_reads_and_computes_nothing_here(page, store, now):
    with store() as session:
        made = scored(session, now)
        made.known["commission"] = seated(session, made).id
        other = make_person(session, now=now, roles=(Role.CHAIR,), authority=made.authority)
        spare = make_staff(session, made.authority, Role.EVALUATOR, now=now, name="Ugo Supplente")
        ranking, slug, first = made.ranking.id, made.call.slug, made.applications[0]
    pages = [f"/rankings/{ranking}", f"/rankings/{ranking}/file?format=json", f"/rankings/{ranking}/results/{first.id}",
             *(f"/manage/calls/{slug}/{each}" for each in ("commission", "conflicts", "assignments", "progress")),
             f"/manage/phases/{made.phase.id}/after-the-ranking", f"/discussions/{first.id}",
             f"/commissions/{made.known['commission']}"]  # fmt: skip
    for person in (other, spare):
        sign_in(page, person.email)
        for path in pages:
            answer = page.client.get(path)
            assert answer.status_code in {403, 404}, (person.name, path, answer.status_code)
            assert first.reference not in answer.get_data(as_text=True)
        history = page.client.get(f"/trail/call/{made.call.id}").get_data(as_text=True)
        assert not any(each.name in history for each in made.people), person.name
        page.get("/desk")
        assert not page.shows(str(made.call.title["it"]))
    with store() as session:
        actor = as_actor(session, other, now=now)
        with pytest.raises(Forbidden):
            operations.compute(session, phase_id=made.phase.id, actor=actor, now=now)
        publish(session, made, session.merge(made.ranking), now=now)
        with pytest.raises(NotFound):
            why_page(session, actor, ranking, first.id)


def test_who_left_reads_no_proposal_though_what_they_gave_counts(page, store, now):
    now -= 2 * HOUR
    with store() as session:
        made = make_evaluation(session, now=now, applications=2)
        made.assignments = assign(session, made, now=now)
        declare_all(session, made, now=now)
        member = made.members[0]
        mine = next(each for each in made.assignments if each.person_id == member.id)
        score(session, mine, now=now)
        seat = next(each for each in seated(session, made).seats if each.person_id == member.id)
        officer = as_actor(session, made.officer, now=now)
        operations.leave_seat(session, commission_id=seat.commission_id, member_id=seat.id, reason="Trasferimento",
                              actor=officer, now=now)  # fmt: skip
        assert session.get_one(Assignment, mine.id).is_final
    sign_in(page, member.email)
    for path in (f"/scoring/{mine.id}", f"/scoring/{mine.id}/check", f"/discussions/{mine.application_id}",
                 f"/scoring/declarations/{made.phase.id}", f"/commissions/{seat.commission_id}"):  # fmt: skip
        assert page.client.get(path).status_code in {403, 404}, path
    page.get("/scoring")
    assert not page.shows(mine.application.reference)
    with store() as session:
        operations.seat_by_act(session, commission_id=seat.commission_id, person_id=member.id, seat=seat.seat,
                               act_number="2026/9", act_date=now.date(), now=now + HOUR,
                               actor=as_actor(session, made.officer, now=now + HOUR))  # fmt: skip
    page.get(f"/scoring/{mine.id}")


def test_a_voting_chair_pairs_no_name_with_a_code_on_the_page_of_assignments(page, store, now):
    with store() as session:
        made = make_evaluation(session, now=now, applications=2, design=BLIND)
        assign(session, made, now=now)
        declare_all(session, made, now=now)
    sign_in(page, made.chair.email)
    for query in ("", f"?only={made.applications[0].reference}"):
        page.get(f"/manage/calls/{made.call.slug}/assignments{query}")
        for each in made.applications:
            assert not page.shows(each.organisation.name)
    sign_in(page, made.officer.email)
    page.get(f"/manage/calls/{made.call.slug}/assignments")
    assert page.shows(made.applications[0].reference)


def test_minutes_are_signed_or_refused_once_and_by_who_was_there_alone(session, now):
    world, _commission = make_commission(session, now=now)
    sitting = open_one(session, world, convene(session, world, now=now), now=now + HOUR)
    minutes = operations.close_sitting(session, sitting_id=sitting.id, actor=keeper(session, world, now=now),
                                       now=now + 2 * HOUR)  # fmt: skip
    member, chair = (as_actor(session, each, now=now) for each in (world.members[0], world.chair))
    spare = as_actor(session, world.known["substitutes"][0], now=now)
    given = {"minutes_id": minutes.id, "now": now + 3 * HOUR}
    with pytest.raises(Invalid):
        operations.refuse_minutes(session, reason=" ", actor=member, **given)
    mine = operations.refuse_minutes(session, reason="Manca la mia nota", actor=member, **given)
    assert (mine.refused_reason, mine.waits, minutes.unsigned) == ("Manca la mia nota", False, 3)
    operations.sign_minutes(session, sha256=minutes.sha256, actor=chair, **given)
    for actor in (member, chair):
        with pytest.raises(NotToSign):
            operations.refuse_minutes(session, reason="Ripensamento", actor=actor, **given)
        with pytest.raises(NotToSign):
            operations.sign_minutes(session, sha256=minutes.sha256, actor=actor, **given)
    with pytest.raises(NotFound):
        operations.refuse_minutes(session, reason="Da fuori", actor=spare, **given)
