"""Who fits a team and why; who may not; another coach."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.access.policy import Tie
from portal.coaching import operations
from portal.coaching.coaches import operations as coaches
from portal.coaching.coaches.queries import bars_of, candidates_for, need_of
from portal.coaching.coaches.rules import Bar, Candidate, Need, suggestions_for
from portal.coaching.models import NextStep
from portal.coaching.next_steps.operations import StepAsked
from portal.coaching.notes.operations import write_note
from portal.coaching.notes.queries import notes_of
from portal.coaching.notes.rules import Readers
from portal.coaching.queries import hours_of, minutes_with_earlier_coaches
from portal.core.errors import Invalid, NotFound
from portal.evaluation.models import Commission, CommissionMember
from portal.evaluation.rules import Seat

TODAY = date(2026, 3, 2)
NEED = Need(topics=frozenset({"economy", "team"}), district="Libertà", language="ar", today=TODAY)
candidates = st.builds(
    Candidate, person_id=st.uuids(), name=st.sampled_from(["Ada", "Bea", "Ciro"]),
    competences=st.frozensets(st.sampled_from(["economy", "team", "impact"])),
    languages=st.frozensets(st.sampled_from(["it", "ar"])), districts=st.frozensets(st.sampled_from(["libertà", "Sé"])),
    away_until=st.none() | st.just(TODAY) | st.just(date(2026, 1, 1)), most_teams=st.none() | st.integers(0, 4),
    teams=st.integers(0, 6), knows_team=st.booleans(), bars=st.frozensets(st.sampled_from(list(Bar))),
)  # fmt: skip


@given(st.lists(candidates, unique_by=lambda each: each.person_id), st.randoms())
def test_points_are_the_sum_of_their_reasons_and_the_order_depends_on_nothing_else(found, chance):
    first = suggestions_for(found, NEED)
    mixed = list(found)
    chance.shuffle(mixed)
    assert [each.candidate for each in suggestions_for(mixed, NEED)] == [each.candidate for each in first]
    assert [each.is_barred for each in first] == sorted(each.is_barred for each in first)
    free = [each.points for each in first if not each.is_barred]
    assert free == sorted(free, reverse=True)
    assert all(each.points == sum(reason.points for reason in each.reasons) for each in first)
    assert all(str(reason.words) for each in first for reason in each.reasons)


def test_what_is_known_near_and_free_comes_first():
    fits = Candidate(UUID(int=1), "Zoe", competences=frozenset({"economy", "team"}), districts=frozenset({"libertà"}),
                     most_teams=3, teams=1)  # fmt: skip
    full = Candidate(UUID(int=2), "Ada", competences=frozenset({"economy", "team"}), most_teams=1, teams=1)
    unknown = Candidate(UUID(int=3), "Bea")
    found = suggestions_for([unknown, full, fits], NEED)
    assert [(each.candidate.name, each.points) for each in found] == [("Zoe", 10), ("Ada", 1), ("Bea", 0)]


def test_members_evaluators_of_the_call_and_declared_conflicts_are_barred(accompanied, now):
    world, session = accompanied.world, accompanied.session
    commission = Commission(authority_id=world.authority.id, phase_id=world.call.phases[0].id, act_number="1",
                            act_date=now.date(), appointed_at=now)  # fmt: skip
    session.add(commission)
    session.flush()
    session.add(CommissionMember(commission_id=commission.id, person_id=accompanied.second_coach.id, seat=Seat.CHAIR))
    session.flush()
    bars = bars_of(session, world.application, now)
    assert bars[accompanied.second_coach.id] == {Bar.EVALUATOR}
    assert bars[world.owner.id] == {Bar.MEMBER}
    with pytest.raises(Invalid) as refused:
        operations.change_coach(
            session, engagement_id=accompanied.engagement.id, coach_id=accompanied.second_coach.id, reason="Ferie",
            hands_over_notes=False, **accompanied.by(world.officer),
        )  # fmt: skip
    assert refused.value.field == "coach_id"
    suggested = suggestions_for(
        candidates_for(session, world.application, now), need_of(world.application, frozenset(), None, now)
    )
    assert [each.is_barred for each in suggested] == [False, True]


def test_a_coach_who_stands_apart_sees_nothing_more_of_the_team(accompanied, now):
    world = accompanied.world
    coaches.declare_coach_conflict(
        accompanied.session, organisation_id=world.association.id, reason="Mia sorella vi lavora",
        **accompanied.by(world.coach),
    )  # fmt: skip
    assert world.association.id in accompanied.actor(world.coach).objects_tied_as(Tie.CONFLICTED)
    assert Bar.DECLARED in bars_of(accompanied.session, world.application, now)[world.coach.id]
    with pytest.raises(NotFound):
        accompanied.log()
    with pytest.raises(Invalid):
        coaches.declare_coach_conflict(
            accompanied.session, organisation_id=world.association.id, reason="Ancora", **accompanied.by(world.coach)
        )


def test_a_profile_is_kept_and_makes_suggestions(accompanied, now):
    said: dict[str, Any] = {
        "competences": ["team", "economy", "alchemy"], "languages": ["it", "ar"], "availability": "Martedì",
        "districts": ["Libertà", " "], "away_until": None,
    }  # fmt: skip
    by = accompanied.by(accompanied.second_coach)
    with pytest.raises(Invalid):
        coaches.keep_profile(accompanied.session, most_teams=51, **said, **by)
    for most in (2, 3):
        row = coaches.keep_profile(accompanied.session, most_teams=most, **said, **by)
    assert (row.competences, row.districts, row.most_teams) == (["team", "economy"], ["Libertà"], 3)
    first = suggestions_for(candidates_for(accompanied.session, accompanied.world.application, now), NEED)[0]
    assert (first.candidate.person_id, first.points) == (accompanied.second_coach.id, 6 + 2 + 1 + 2)


def changed(accompanied, *, hands_over):
    return operations.change_coach(
        accompanied.session, engagement_id=accompanied.engagement.id, coach_id=accompanied.second_coach.id,
        reason="Cambio di città", hands_over_notes=hands_over, **accompanied.by(accompanied.world.officer),
    )  # fmt: skip


@pytest.mark.parametrize("hands_over", [False, True])
def test_a_new_coach_goes_on_with_the_hours_used_and_reads_shared_notes(accompanied, hands_over):
    world, session = accompanied.world, accompanied.session
    due_on = (accompanied.now + timedelta(days=7)).date()
    accompanied.log(minutes=90, steps=[StepAsked("Bozza di statuto", world.coach.id, due_on)])
    for readers in Readers:
        write_note(session, engagement_id=accompanied.engagement.id, what=f"Nota {readers}", readers=readers,
                   **accompanied.by(world.coach))  # fmt: skip
    row = changed(accompanied, hands_over=hands_over)
    old = accompanied.engagement
    assert (old.end_reason, row.follows_id, row.allowance_minutes) == ("Cambio di città", old.id, old.allowance_minutes)
    assert hours_of(row, minutes_with_earlier_coaches(session, row)).used == 90
    assert session.query(NextStep).one().owner_id == accompanied.second_coach.id
    new = notes_of(session, accompanied.actor(accompanied.second_coach), row)
    assert {note.readers for note in new} == {Readers.SHARED} | ({Readers.OFFICE} if hands_over else set())
    assert {note.readers for note in notes_of(session, accompanied.actor(accompanied.second_coach), old)} == {
        Readers.SHARED,
    }, "the page of the earlier coaching is no way round"  # fmt: skip
    assert notes_of(session, accompanied.actor(world.coach), row) == []
    assert {note.readers for note in notes_of(session, accompanied.actor(world.officer), row)} == {
        Readers.SHARED, Readers.OFFICE,
    }  # fmt: skip
    with pytest.raises(NotFound):
        accompanied.log(hours_ago=24)


def test_a_coaching_ends_with_a_reason_and_another_person(accompanied):
    for wrong, field in (({"reason": " "}, "reason"), ({"coach_id": accompanied.world.coach.id}, "coach_id")):
        fields = {"reason": "Ferie", "coach_id": accompanied.second_coach.id} | wrong
        with pytest.raises(Invalid) as refused:
            operations.change_coach(
                accompanied.session, engagement_id=accompanied.engagement.id, hands_over_notes=False, **fields,
                **accompanied.by(accompanied.world.officer),
            )  # fmt: skip
        assert refused.value.field == field


def test_terms_that_cannot_be_are_refused(accompanied):
    officer = accompanied.by(accompanied.world.officer)
    for minutes in (0, -5, 60_001):
        with pytest.raises(Invalid):
            operations.change_terms(accompanied.session, engagement_id=accompanied.engagement.id, objectives="",
                                    allowance_minutes=minutes, ends_on=None, **officer)  # fmt: skip
