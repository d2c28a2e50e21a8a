"""The register of aid and the act of award read by a hostile stranger."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access.models import OrganisationRegistration
from portal.access.policy import Role
from portal.core.errors import Invalid, NotFound
from portal.grants import operations, queries
from portal.grants.aid import operations as aid
from portal.grants.models import AidEntry
from portal.grants.operations.awardable import AidExceeded
from portal.grants.rules import local_day
from portal.notices.gathering import gathered
from tests.factories.base import make_authority, make_staff
from tests.factories.grants import ACT
from tests.grants.test_aid import link, of_others, world

pytestmark = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
__all__ = ["world"]


def award_on(world, day, application=None):
    return operations.award_grant(
        world.session, application_id=(application or world.group_application).id, ranking_id=world.ranking.id,
        act_number=ACT, act_date=day, actor=world.actor(world.officer), now=world.now,
    )  # fmt: skip


def test_exactly_the_ceiling_with_everybody_linked_fits_and_one_cent_more_does_not(world):
    of_others(world, 28_000_000)
    link(world, world.association.fiscal_code)
    assert world.award(world.group_application).awarded_cents == 2_000_000
    of_others(world, 1)
    with pytest.raises(AidExceeded):
        world.award()


def test_a_link_written_down_after_the_day_of_the_act_counts_all_the_same(world):
    of_others(world, 28_000_001)
    link(world, world.association.fiscal_code)
    with pytest.raises(AidExceeded):
        award_on(world, local_day(world.now) - timedelta(days=1))


def test_two_organisations_are_linked_once(world, session):
    made = link(world, world.association.fiscal_code)
    world.now += timedelta(days=1)
    with pytest.raises(aid.LinkedAlready):
        link(world, world.association.fiscal_code)
    given = {"organisation_id": world.group.id, "actor": world.actor(world.officer), "now": world.now}
    aid.end_link(session, link_id=made.id, **given)
    assert link(world, world.association.fiscal_code).id != made.id


def test_a_link_that_ended_by_mistake_is_written_again_on_the_same_day_and_counts(world, session):
    of_others(world, 28_000_001)
    given = {"organisation_id": world.group.id, "actor": world.actor(world.officer), "now": world.now}
    for _time in range(2):
        made = link(world, world.association.fiscal_code)
        aid.end_link(session, link_id=made.id, **given)
    made = link(world, world.association.fiscal_code)
    with pytest.raises(AidExceeded):
        world.award(world.group_application)
    aid.end_link(session, link_id=made.id, **given)
    assert world.award(world.group_application).awarded_cents == 2_000_000


def test_the_code_of_a_grant_is_written_by_its_own_office(world, session):
    grant = world.award()
    elsewhere = make_authority(session, code="altrove")
    session.add(
        OrganisationRegistration(organisation_id=world.association.id, authority_id=elsewhere.id, since=world.now)
    )
    stranger = make_staff(session, elsewhere, Role.OFFICER, now=world.now)
    entry = session.scalars(select(AidEntry).where(AidEntry.grant_id == grant.id)).one()
    given = {"organisation_id": world.association.id, "entry_id": entry.id, "cor": "12345678", "now": world.now}
    with pytest.raises(NotFound):
        aid.record_code(session, actor=world.actor(stranger), **given)
    assert aid.record_code(session, actor=world.actor(world.officer), **given).cor == "12345678"


@pytest.mark.parametrize("day", [date.min, date(206, 3, 1), date(2020, 1, 1)])
def test_an_act_older_than_the_application_is_a_slip(world, day):
    with pytest.raises(Invalid) as refused:
        award_on(world, day)
    assert refused.value.field == "act_date"


def test_the_desk_counts_no_grant_that_the_ceiling_may_set_aside(world, session):
    of_others(world, 28_000_001)
    steps = gathered(session, queries.asks(world.actor(world.officer), world.now))
    assert [step.what for step in steps] == ["Concedere i contributi della graduatoria definitiva"]
    assert "massimale" in str(steps[0].why)
