"""Changes and ends read by a hostile stranger: what was shown is what is decided, and nothing is asked back twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.access.policy import Role, Tie
from portal.calls.callfile import design_to_json
from portal.calls.rules import AwardRules
from portal.core.errors import Invalid, InvalidForm
from portal.grants.apart import OwnOrganisation
from portal.grants.changes import checks, operations
from portal.grants.changes.due import changes_due
from portal.grants.changes.operations.refusals import NotUnderWay, RequestChanged
from portal.grants.changes.queries import amendment_to_read, seen_of
from portal.grants.changes.rules import BudgetShift, EndKind, Extension
from portal.grants.operations import accept_grant
from portal.grants.operations.answering import Renounced
from portal.notices.gathering import gathered
from tests.factories.base import bari_design, join, make_staff
from tests.factories.changes import act, answer, ask, make_changing, open_end, reply
from tests.factories.grants import make_world

pytestmark = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
PART, WHOLE = EndKind.PARTIAL_REVOCATION, EndKind.REVOCATION


@pytest.fixture
def under_way(session, now):
    return make_changing(session, now=now)


def shown(finance, row):
    """What the page of a request showed, as its form sends it back."""
    grant, found = amendment_to_read(finance.session, finance.actor(finance.world.officer), row.grant_id, row.id)
    return seen_of(finance.session, grant, found)


def pay_the_advance(finance):
    finance.release(finance.first)
    finance.order(finance.first)
    finance.pay(finance.first)


def redesign(call, **given):
    """The call as if it had been published with other rules."""
    call.definition = design_to_json(replace(call.design, **given))
    vars(call).pop("design")


def test_what_was_shown_is_what_is_granted(under_way):
    row = ask(under_way, BudgetShift("cost_staff", "cost_services", 300_000))
    seen = shown(under_way, row)
    answer(under_way, row, "return", words="Quanto serve?")
    under_way.now += timedelta(seconds=5)
    operations.complete_amendment(
        under_way.session, grant_id=row.grant_id, amendment_id=row.id, reason="Di più.",
        change=BudgetShift("cost_staff", "cost_services", 900_000), **under_way.by(under_way.world.owner),
    )  # fmt: skip
    with pytest.raises(RequestChanged):
        answer(under_way, row, seen=seen)
    answer(under_way, row, seen=shown(under_way, row))


def test_a_plan_that_moved_meanwhile_shows_its_effect_again(under_way):
    row = ask(under_way, BudgetShift("cost_staff", "cost_services", 300_000))
    seen = shown(under_way, row)
    ask(under_way, BudgetShift("cost_staff", "cost_services", 100_000))
    with pytest.raises(RequestChanged):
        answer(under_way, row, seen=seen)


def test_a_request_that_came_back_is_not_completed_once_the_grant_is_over(under_way):
    row = ask(under_way, Extension(under_way.grant.ends_on + timedelta(days=9)))
    answer(under_way, row, "return", words="Manca il motivo.")
    open_end(under_way, EndKind.RENUNCIATION)
    act(under_way)
    with pytest.raises(NotUnderWay):
        operations.complete_amendment(
            under_way.session, grant_id=row.grant_id, amendment_id=row.id, reason="Eccolo.", change=row.change,
            **under_way.by(under_way.world.owner),
        )  # fmt: skip


def test_what_was_asked_back_is_never_asked_back_again(under_way):
    pay_the_advance(under_way)
    open_end(under_way, PART, cents=1_500_000)
    reply(under_way)
    assert act(under_way).to_return_cents == 300_000
    with pytest.raises(Invalid):
        open_end(under_way, PART, cents=600_000)
    open_end(under_way, WHOLE)
    reply(under_way)
    with pytest.raises(Invalid):
        act(under_way, to_return=500_001)
    act(under_way, to_return=500_000)
    assert list(checks.broken(under_way.session)) == []


def test_an_act_says_what_is_asked_back_of_what_was_paid(under_way):
    pay_the_advance(under_way)
    open_end(under_way, WHOLE)
    reply(under_way)
    with pytest.raises(Invalid) as refused:
        act(under_way, to_return=None)
    assert refused.value.field == "to_return"


def test_an_act_is_not_older_than_the_proceedings_that_it_closes(under_way):
    open_end(under_way, WHOLE)
    reply(under_way)
    typed = operations.ActTyped("DD 9/2026", under_way.now.date() - timedelta(days=1), "Viste le osservazioni.", 0)
    with pytest.raises(InvalidForm):
        operations.end_grant(
            under_way.session, grant_id=under_way.grant.id, act=typed, **under_way.by(under_way.world.officer)
        )


def test_an_officer_of_the_recipient_does_not_close_the_proceedings_against_it(under_way):
    world = under_way.world
    open_end(under_way, WHOLE)
    member = make_staff(under_way.session, world.authority, Role.OFFICER, now=under_way.now)
    join(under_way.session, member, world.association, Tie.VIEWER, now=under_way.now)
    with pytest.raises(OwnOrganisation):
        operations.drop_proceeding(
            under_way.session, grant_id=under_way.grant.id, reason="Nulla.", **under_way.by(member)
        )


def test_an_officer_who_only_reads_for_the_recipient_moves_none_of_its_money(under_way):
    world = under_way.world
    member = make_staff(under_way.session, world.authority, Role.OFFICER, now=under_way.now)
    join(under_way.session, member, world.association, Tie.VIEWER, now=under_way.now)
    with pytest.raises(OwnOrganisation):
        ask(under_way, BudgetShift("cost_staff", "cost_services", 100), by=member)


@pytest.mark.parametrize("months", [6, None])
def test_the_end_never_passes_the_last_day_on_which_costs_count(under_way, months):
    call, last = under_way.grant.call, under_way.grant.ends_on + timedelta(days=20)
    redesign(call, costs=replace(call.design.costs, eligible_until=last),
             changes=replace(call.design.changes, extension_months=months))  # fmt: skip
    with pytest.raises(Invalid) as refused:
        ask(under_way, Extension(last + timedelta(days=1)))
    assert refused.value.field == "ends_on"
    ask(under_way, Extension(last))


def test_a_mistyped_year_is_no_end(under_way):
    call, first = under_way.grant.call, under_way.grant.starts_on
    redesign(call, changes=replace(call.design.changes, extension_months=None))
    for day in (date.max, first.replace(year=first.year + 36)):
        with pytest.raises(Invalid):
            ask(under_way, Extension(day))


def test_nobody_accepts_over_a_renunciation_that_waits(session, now):
    world = make_world(session, now=now, design=replace(bari_design(), award=AwardRules(acceptance_days=30)))
    grant, owner = world.award(), {"actor": world.actor(world.owner), "now": now}
    operations.declare_renunciation(session, grant_id=grant.id, reason="Non si può.", **owner)
    with pytest.raises(Renounced):
        accept_grant(session, grant_id=grant.id, **owner)
    operations.take_back_renunciation(session, grant_id=grant.id, reason="Si può.", **owner)
    session.expire(grant, ["open_proceeding"])
    assert accept_grant(session, grant_id=grant.id, **owner).accepted_at == now


def test_nothing_is_due_on_a_request_once_the_grant_is_over(under_way):
    row = ask(under_way, Extension(under_way.grant.ends_on + timedelta(days=9)))
    answer(under_way, row, "return", words="Manca il motivo.")
    owner = under_way.actor(under_way.world.owner)
    assert len(gathered(under_way.session, changes_due(owner, under_way.now))) == 1
    open_end(under_way, EndKind.RENUNCIATION)
    act(under_way)
    assert gathered(under_way.session, changes_due(owner, under_way.now)) == []
