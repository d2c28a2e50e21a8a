"""Running a final ranking down: each cause with its money on the ledger, over partial grants and several lines."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from portal.access.rules.facts import local_day
from portal.applications.rules import EXCLUDE, ApplicationStatus
from portal.calls.operations import add_budget
from portal.calls.queries import remaining_budget
from portal.calls.rules import EdgeRule
from portal.calls.rules.design import EvaluationRules
from portal.core.errors import Closed
from portal.evaluation import following_checks, operations
from portal.evaluation.afterwards import DepartureCause
from portal.evaluation.operations.departing import GrantStands
from portal.evaluation.queries.following import NothingFollows
from portal.evaluation.ranking import Outcome
from portal.grants.operations import award_grant
from portal.grants.rules import FORFEIT, RENOUNCE, REVOKE, GrantStatus
from portal.ledger.operations import transfer
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind, PostingKind
from tests.factories.base import as_actor, bari_design
from tests.factories.evaluation import assign, compute, make_evaluation, publish, score_everything

DAY = timedelta(days=1)
on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
"""Where the rules are at stake, not the database."""
FUNDED, RESERVE = ApplicationStatus.FUNDED, ApplicationStatus.RESERVE_LIST
FIRST, SECOND, THIRD = 1_500_000, 1_510_000, 1_520_000


def scored_world(session, now, *, budget="30200.00", edge=EdgeRule.STOP, **rules):
    """Three scored applications that ask for 15 000, 15 100 and 15 200 euro of one line."""
    line = replace(bari_design().budget_lines[0], amount=Decimal(budget))
    design = replace(bari_design(), budget_lines=[line], edge_rule=edge, evaluation=EvaluationRules(**rules))
    world = make_evaluation(session, now=now, applications=3, design=design)
    assign(session, world, now=now)
    score_everything(session, world, now=now)
    return world


def final_world(session, now, **asked):
    """The same with its final ranking published."""
    world = scored_world(session, now, **asked)
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    world.known["ranking"] = publish(session, world, ranking, now=now, final=True)
    return world


def office(session, world, now):
    return {"actor": as_actor(session, world.officer, now=now), "now": now}


def act(now):
    return {"act_number": "2026/77", "act_date": local_day(now)}


def award(session, world, number, now):
    return award_grant(session, application_id=world.applications[number].id, ranking_id=world.ranking.id,
                       **act(now), **office(session, world, now))  # fmt: skip


def give_back(session, grant, cents, now, actor):
    """What an act frees of a grant: from its account to its budget line."""
    line = account_of(session, AccountKind.BUDGET, grant.budget_line_id)
    award_account = account_of(session, AccountKind.AWARD, grant.id)
    assert line is not None
    assert award_account is not None
    transfer(session, debit=line, credit=award_account, amount_cents=cents, posting=PostingKind.AWARD_REDUCED,
             subject=grant, actor=actor, now=now)  # fmt: skip
    session.flush()


def ended(session, world, grant, move, cause, now):
    """The grant is over by an act, as whoever keeps grants tells it."""
    grant.status = next(iter(move.sources)) if grant.status not in move.sources else grant.status
    session.flush()
    grant.make(move, at=now)
    give_back(session, grant, grant.granted_cents, now, office(session, world, now)["actor"])
    return operations.depart_with_grant(session, application_id=grant.application_id, cause=cause, reason="Atto.",
                                        **act(now), **office(session, world, now))  # fmt: skip


def scrolled(session, world, now):
    draft = operations.scroll_down(session, phase_id=world.phase.id, why="Si scorre.", **office(session, world, now))
    world.known["ranking"] = operations.publish_rectified(session, ranking_id=draft.id, **act(now),
                                                          **office(session, world, now))  # fmt: skip
    session.flush()
    assert list(following_checks.broken(session)) == []
    return world.ranking


def statuses(world):
    return [each.status for each in world.applications]


@on_sqlite
def test_before_any_grant_a_departure_lets_the_next_one_up(session, now):
    world = final_world(session, now)
    operations.record_departure(session, application_id=world.applications[1].id, cause=DepartureCause.FORFEITURE,
                                reason="Atto.", **act(now), **office(session, world, now))  # fmt: skip
    scrolled(session, world, now)
    assert (statuses(world)[0], statuses(world)[2]) == (FUNDED, FUNDED)
    assert award(session, world, 2, now).awarded_cents == THIRD


@pytest.mark.parametrize(
    ("move", "cause"),
    [(RENOUNCE, DepartureCause.RENUNCIATION), (FORFEIT, DepartureCause.FORFEITURE),
     (REVOKE, DepartureCause.REVOCATION)],
)  # fmt: skip
def test_a_grant_that_ends_frees_its_money_for_the_next_one(session, now, move, cause):
    world = final_world(session, now)
    first, second = award(session, world, 0, now), award(session, world, 1, now)
    assert remaining_budget(session, world.call)[0].remaining_cents == 3_020_000 - FIRST - SECOND
    with pytest.raises(NothingFollows):
        scrolled(session, world, now)
    departure = ended(session, world, second, move, cause, now)
    assert departure is not None
    assert departure.cause is cause
    assert ended_again(session, world, second, cause, now) is None
    ranking = scrolled(session, world, now)
    assert [each.outcome for each in ranking.rows if each.awarded_cents] == [Outcome.FUNDED, Outcome.FUNDED]
    assert award(session, world, 2, now).awarded_cents == THIRD
    assert first.status is not GrantStatus.RENOUNCED
    assert remaining_budget(session, world.call)[0].remaining_cents == 3_020_000 - FIRST - THIRD


def ended_again(session, world, grant, cause, now):
    return operations.depart_with_grant(session, application_id=grant.application_id, cause=cause, reason="Due volte.",
                                        **act(now), **office(session, world, now))  # fmt: skip


@on_sqlite
def test_a_winner_with_a_grant_leaves_by_the_end_of_the_grant_alone(session, now):
    world = final_world(session, now)
    award(session, world, 0, now)
    with pytest.raises(GrantStands):
        operations.record_departure(session, application_id=world.applications[0].id, reason="Atto.", **act(now),
                                    cause=DepartureCause.REVOCATION, **office(session, world, now))  # fmt: skip


def test_what_a_partial_revocation_frees_goes_down_and_the_grant_stays_as_it_is_now(session, now):
    world = final_world(session, now, edge=EdgeRule.PARTIAL)
    first = award(session, world, 0, now)
    award(session, world, 1, now)
    first.reduced_cents = 700_000
    give_back(session, first, 700_000, now, office(session, world, now)["actor"])
    ranking = scrolled(session, world, now)
    given = {each.application_id: (each.outcome, each.awarded_cents) for each in ranking.rows}
    one, two, three = (given[each.id] for each in world.applications)
    assert one == (Outcome.FUNDED_PARTIALLY, FIRST - 700_000)
    assert two == (Outcome.FUNDED, SECOND)
    assert three == (Outcome.FUNDED_PARTIALLY, 3_020_000 - SECOND - (FIRST - 700_000))
    assert award(session, world, 2, now).awarded_cents == three[1]
    assert remaining_budget(session, world.call)[0].remaining_cents == 0


def test_money_that_is_added_serves_who_follows_and_nobody_else(session, now):
    world = final_world(session, now)
    award(session, world, 0, now)
    add_budget(session, call_id=world.call.id, line_key=world.call.design.budget_lines[0].key, amount_cents=THIRD,
               reason={"it": "Risorse", "en": "Money"}, **act(now), **office(session, world, now))  # fmt: skip
    ranking = scrolled(session, world, now)
    assert [each.awarded_cents for each in ranking.rows] == [FIRST, SECOND, THIRD]
    assert statuses(world) == [FUNDED, FUNDED, FUNDED]


@on_sqlite
def test_a_partial_winner_without_a_grant_gets_the_rest_first(session, now):
    world = final_world(session, now, budget="40000.00", edge=EdgeRule.PARTIAL)
    assert [each.awarded_cents for each in world.ranking.rows] == [FIRST, SECOND, 4_000_000 - FIRST - SECOND]
    operations.record_departure(session, application_id=world.applications[0].id, cause=DepartureCause.RENUNCIATION,
                                reason="Atto.", **act(now), **office(session, world, now))  # fmt: skip
    ranking = scrolled(session, world, now)
    assert sorted(each.awarded_cents for each in ranking.rows) == [0, SECOND, THIRD]


@on_sqlite
def test_nobody_moves_up_after_the_validity_not_even_by_a_version_computed_before(session, now):
    world = final_world(session, now, validity_months=6)
    operations.record_departure(session, application_id=world.applications[1].id, cause=DepartureCause.RENUNCIATION,
                                reason="Atto.", **act(now), **office(session, world, now))  # fmt: skip
    draft = operations.scroll_down(session, phase_id=world.phase.id, why="Si scorre.", **office(session, world, now))
    late = now + 200 * DAY
    with pytest.raises(Closed):
        operations.publish_rectified(session, ranking_id=draft.id, **act(late), **office(session, world, late))
    with pytest.raises(Closed):
        scrolled(session, world, late)


@on_sqlite
def test_who_follows_and_was_excluded_meanwhile_takes_nobodys_money(session, now):
    world = final_world(session, now)
    world.applications[2].make(EXCLUDE, at=now)
    operations.record_departure(session, application_id=world.applications[1].id, cause=DepartureCause.RENUNCIATION,
                                reason="Atto.", **act(now), **office(session, world, now))  # fmt: skip
    ranking = scrolled(session, world, now)
    given = {each.application_id: (each.outcome, each.awarded_cents) for each in ranking.rows}
    assert given[world.applications[2].id] == (Outcome.LEFT, 0)
