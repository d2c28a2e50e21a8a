"""Maturity on both databases: planned, rated by two sides, given once, warned about."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Role
from portal.calls.rules.design import EarlyWarnings, MaturityMoment, RatingsSeen
from portal.coaching.maturity.checks import broken
from portal.coaching.maturity.operations import (
    AlreadyFinal,
    NotOpenYet,
    StaleRating,
    TeamIsGone,
    finalise_rating,
    look_for_warnings,
    plan_assessments,
    save_rating,
    see_warning,
)
from portal.coaching.maturity.operations.warning import AlreadySeen
from portal.coaching.maturity.queries import grown, team_page
from portal.coaching.maturity.rules import Side
from portal.coaching.maturity.stages import Stage
from portal.coaching.models import Assessment, Rating
from portal.core.actor import SYSTEM
from portal.core.errors import Forbidden, Invalid, InvalidForm, NotFound
from portal.grants.rules import GrantStatus, local_day
from portal.milestones.queries import plan_of
from tests.factories.base import make_staff
from tests.factories.grants import make_world
from tests.factories.growing import KEYS, assessment, end_at, make_growing, rate, warnings_of

END = MaturityMoment.END
DAY = timedelta(days=1)


def test_a_call_that_does_not_mention_it_rates_nobody(session, now):
    world = make_world(session, now=now)
    grant = world.activate()
    assert session.query(Assessment).count() == 0
    with pytest.raises(NotFound):
        team_page(session, world.actor(world.officer), grant.id, local_day(now))


def test_moments_are_planned_with_the_agreement_and_move_with_the_end(session, now):
    world, grant = make_growing(session, now=now)
    rows = [assessment(session, grant, moment) for moment in MaturityMoment]
    assert rows[0].opens_on == grant.starts_on
    assert rows[2].opens_on == grant.ends_on
    rate(world, grant, by=world.coach, level=2, now=now)
    grant.ends_on += timedelta(days=60)
    grant.starts_on += DAY
    moved = plan_assessments(session, grant_id=grant.id, actor=SYSTEM, now=now)
    assert {each.moment for each in moved} == set(MaturityMoment) - {MaturityMoment.ENTRY}
    assert rows[2].opens_on == grant.ends_on
    assert plan_assessments(session, grant_id=grant.id, actor=SYSTEM, now=now) == []


def test_each_side_writes_its_own_draft_and_neither_the_other_s(session, now):
    world, grant = make_growing(session, now=now)
    row = assessment(session, grant)
    said = {"assessment_id": row.id, "words": {"team": " Siamo in tre. "}, "version": 0, "now": now}
    mine = save_rating(session, levels={"team": 2}, actor=world.actor(world.owner), **said)
    theirs = save_rating(session, levels={"team": 4}, actor=world.actor(world.coach), **said)
    assert (mine.side, theirs.side) == (Side.TEAM, Side.COACH)
    assert mine.words == {"team": "Siamo in tre."}
    with pytest.raises(StaleRating):
        save_rating(session, levels={"team": 3}, actor=world.actor(world.owner), **said)
    save_rating(session, levels={"team": 2}, actor=world.actor(world.owner), **said)
    assert mine.version == 1
    again = save_rating(session, levels={"team": 3}, actor=world.actor(world.owner), **(said | {"version": 1}))
    assert (again.levels, again.version, theirs.levels) == ({"team": 3}, 2, {"team": 4})


def test_a_rating_is_refused_in_words(session, now):
    world, grant = make_growing(session, now=now)
    row = assessment(session, grant)
    said = {"assessment_id": row.id, "words": {}, "version": 0, "now": now}
    with pytest.raises(Invalid) as refused:
        save_rating(session, levels={"team": 5}, actor=world.actor(world.owner), **said)
    assert refused.value.field == "level-team"
    with pytest.raises(Invalid):
        save_rating(session, levels={"unknown": 1}, actor=world.actor(world.owner), **said)
    save_rating(session, levels={"team": 2}, actor=world.actor(world.owner), **said)
    with pytest.raises(InvalidForm) as missing:
        finalise_rating(session, assessment_id=row.id, actor=world.actor(world.owner), now=now)
    assert missing.value.errors.keys() == {f"level-{key}" for key in KEYS if key != "team"}
    with pytest.raises(NotOpenYet):
        rate(world, grant, by=world.owner, level=2, now=now, moment=END)
    for stranger in (world.leader, world.officer, world.approver):
        with pytest.raises((NotFound, Forbidden)):
            rate(world, grant, by=stranger, level=2, now=now)
    grant.status = GrantStatus.REVOKED
    with pytest.raises(TeamIsGone):
        rate(world, grant, by=world.coach, level=2, now=now)


def test_a_rating_that_is_given_never_changes(session, now):
    world, grant = make_growing(session, now=now)
    rating = rate(world, grant, by=world.owner, level=2, now=now, words="Bene")
    with pytest.raises(AlreadyFinal):
        rate(world, grant, by=world.owner, level=3, now=now)
    assert list(broken(session)) == []
    session.flush()
    for statement in (
        update(Rating).where(Rating.id == rating.id).values(levels={"team": 4}),
        text("DELETE FROM maturity_rating"),
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(statement)


@pytest.mark.parametrize(("seen", "before", "after"), [
    (RatingsSeen.AFTER_BOTH, set(), set(Side)), (RatingsSeen.AS_GIVEN, {Side.COACH}, set(Side)),
    (RatingsSeen.NEVER, set(), {Side.TEAM}),
])  # fmt: skip
def test_the_team_sees_the_coach_s_rating_when_the_call_says(session, now, seen, before, after):
    world, grant = make_growing(session, now=now, seen=seen)
    rate(world, grant, by=world.coach, level=1, now=now)

    def shown(person):
        return set(team_page(session, world.actor(person), grant.id, local_day(now)).moments[0].shown)

    assert shown(world.owner) == before
    assert shown(world.officer) == {Side.COACH}
    rate(world, grant, by=world.owner, level=3, now=now)
    assert shown(world.owner) == after
    assert shown(world.officer) == set(Side)


def test_the_stage_follows_the_facts_one_after_the_other(session, now):
    world, grant = make_growing(session, now=now)
    stage = lambda: grown(session, [grant])[grant.id].standing.stage  # noqa: E731
    assert stage() is Stage.CONSTITUTED
    rate(world, grant, by=world.owner, level=4, now=now)
    assert stage() is Stage.CONSTITUTED
    rate(world, grant, by=world.coach, level=3, now=now)
    assert stage() is Stage.OPERATING
    group = world.activate(world.group_application)
    assert grown(session, [group])[group.id].standing.stage is Stage.CONSTITUTED


def test_warnings_are_raised_once_set_aside_when_over_and_seen_with_a_note(session, now):
    figures = EarlyWarnings(silent_days=10, drop=1, gap=2, overdue_days=5)
    world, grant = make_growing(session, now=now, warnings=figures)
    end_at(session, grant, now, days=1)
    rate(world, grant, by=world.coach, level=3, now=now)
    rate(world, grant, by=world.owner, level=3, now=now, team=1)
    rate(world, grant, by=world.coach, level=3, now=now, moment=END, roots=2)
    assert [each.mark for each in warnings_of(session, grant)] == ["drop:end:coach:roots", "gap:entry:team"]
    later = now + timedelta(days=11)
    plan_of(session, grant.id)[0].due_on = local_day(later - timedelta(days=6))
    session.flush()
    assert look_for_warnings(session, now=later) == 2
    assert look_for_warnings(session, now=later) == 0
    found = {each.kind.value: each for each in warnings_of(session, grant)}
    assert found.keys() == {"drop", "gap", "silent", "overdue"}
    note = {"warning_id": found["silent"].id, "note": " Chiamato il coach. ", "now": later}
    with pytest.raises(NotFound):
        see_warning(session, actor=world.actor(world.coach), **note)
    auditor = make_staff(session, world.authority, Role.AUDITOR, now=now)
    with pytest.raises(NotFound):
        see_warning(session, actor=world.actor(auditor), **note)
    seen = see_warning(session, actor=world.actor(world.officer), **note)
    assert (seen.note, seen.is_open) == ("Chiamato il coach.", False)
    with pytest.raises(AlreadySeen):
        see_warning(session, actor=world.actor(world.officer), **note)
    plan_of(session, grant.id)[0].due_on = local_day(later)
    session.flush()
    look_for_warnings(session, now=later)
    assert found["overdue"].over_at == later
    assert found["gap"].is_open
