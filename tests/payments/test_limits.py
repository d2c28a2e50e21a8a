"""Limits of a person and a day: kept in the releasing transaction, set by an administrator, the newest counts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access.policy import Role
from portal.core.audit.models import AuditEvent
from portal.core.errors import Forbidden, Invalid
from portal.payments.limits.operations import OverLimit, OwnLimit, set_limit
from portal.payments.limits.queries import limits_in_force, room_of
from portal.payments.rules import TrancheStatus
from tests.factories.base import make_person, make_staff
from tests.factories.gated import limit, make_gated, template


@pytest.fixture
def finance(session, now):
    return make_gated(session, now=now, tranches=[template(key, 25) for key in ("a", "b", "c", "d")])


def released(finance) -> int:
    return room_of(finance.session, finance.grant.authority_id, finance.checker.id, finance.now).released_cents


def test_releases_of_a_day_stay_within_the_limit_to_the_cent(finance):
    limit(finance, 1_000_000)
    first, second, third, _last = finance.tranches
    finance.release(first)
    finance.release(second)
    assert released(finance) == 1_000_000
    finance.propose_all_the_way(third)
    with pytest.raises(OverLimit, match=r"5\.000"):
        finance.approve(third)
    assert third.status is TrancheStatus.PROPOSED
    other = make_staff(finance.session, finance.world.authority, Role.FINANCE_APPROVER, now=finance.now)
    assert finance.approve(third, by=other).status is TrancheStatus.APPROVED


def test_a_new_day_begins_at_midnight_in_rome(finance):
    """The clock of the tests stands in the morning: 24 hours later it is another day, one second before it is not."""
    limit(finance, 500_000)
    finance.release(finance.first)
    finance.propose_all_the_way(finance.tranches[1])
    with pytest.raises(OverLimit):
        finance.approve(finance.tranches[1])
    finance.now += timedelta(days=1)
    assert released(finance) == 0
    finance.approve(finance.tranches[1])
    assert released(finance) == 500_000


def test_a_limit_of_ones_own_stands_before_that_of_everybody(finance):
    limit(finance, 0)
    limit(finance, 500_000, finance.checker)
    finance.release(finance.first)
    limit(finance, None, finance.checker)
    with pytest.raises(OverLimit):
        finance.release(finance.tranches[1])
    in_force = limits_in_force(finance.session, finance.grant.authority_id)
    assert [(each.person, each.cents) for each in in_force] == [(None, 0)]


def test_a_limit_is_set_by_an_administrator_for_an_approver_and_told_in_the_trail(finance):
    authority, session = finance.world.authority, finance.session
    row = limit(finance, 100, finance.checker)
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == "release_limit.set")).one()
    assert (event.subject_id, event.after["limit_cents"], event.after["person"]) == (authority.id, 100, "Ugo Lai")
    assert row.set_by != finance.checker.id
    admin = make_staff(session, authority, Role.ADMINISTRATOR, now=finance.now)
    both = make_person(session, now=finance.now, authority=authority,
                       roles=(Role.ADMINISTRATOR, Role.FINANCE_APPROVER))  # fmt: skip
    for person, who, refusal in (
        (finance.checker, None, Forbidden), (admin, finance.maker.id, Invalid), (both, both.id, OwnLimit)
    ):  # fmt: skip
        with pytest.raises(refusal):
            set_limit(session, authority=authority, person_id=who, cents=1, **finance.by(person))
    with pytest.raises(Invalid):
        set_limit(session, authority=authority, person_id=None, cents=-1, **finance.by(admin))
