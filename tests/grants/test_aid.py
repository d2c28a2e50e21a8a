"""The register of de minimis aid: whole grants refused, single undertakings, who is one at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.models import OrganisationRegistration
from portal.access.policy import Role
from portal.calls.rules import AidRegime, AwardRules, CheckKind, GrantCheck
from portal.core.errors import Invalid, NotFound
from portal.grants import operations, queries
from portal.grants.aid import operations as aid
from portal.grants.aid.page import aid_page
from portal.grants.checking.queries import checklist_of
from portal.grants.checking.rules import Standing
from portal.grants.models import AidEntry
from portal.grants.operations.awardable import AidExceeded
from portal.grants.rules import local_day
from tests.factories.base import bari_design, make_authority, make_staff
from tests.factories.grants import ACT, make_world

TEXT = {"it": "Verifica", "en": "Check"}
OF_AID = (GrantCheck("aid", CheckKind.DE_MINIMIS, TEXT), GrantCheck("code", CheckKind.AID_CODE, TEXT))


pytestmark = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


@pytest.fixture
def world(session, now):
    """A call under de minimis rules; both applicants registered a document with its authority."""
    design = replace(bari_design(), aid_regime=AidRegime.DE_MINIMIS, award=AwardRules(checks=list(OF_AID)))
    world = make_world(session, now=now, design=design)
    for organisation in (world.association, world.group):
        session.add(
            OrganisationRegistration(organisation_id=organisation.id, authority_id=world.authority.id, since=now)
        )
    session.flush()
    return world


def of_others(world, cents, organisation=None, **given):
    typed = aid.AidTyped(AidRegime.DE_MINIMIS, local_day(world.now) - timedelta(days=30), cents, "Regione Puglia")
    return aid.record_aid(
        world.session, organisation_id=(organisation or world.association).id, typed=replace(typed, **given),
        actor=world.actor(world.officer), now=world.now,
    )  # fmt: skip


def link(world, code, note="Stessa maggioranza."):
    return aid.link_undertakings(
        world.session, organisation_id=world.group.id, fiscal_code=code, note=note, actor=world.actor(world.officer),
        now=world.now,
    )  # fmt: skip


def award_all(world):
    return operations.award_all(
        world.session, ranking_id=world.ranking.id, act_number=ACT, act_date=local_day(world.now),
        actor=world.actor(world.officer), now=world.now,
    )  # fmt: skip


def test_a_grant_is_written_into_the_register_whole_on_the_day_of_its_act(world, session):
    grant = world.award()
    entry = session.scalars(select(AidEntry)).one()
    assert (entry.grant_id, entry.cents, entry.granted_on) == (grant.id, 2_000_000, grant.act_date)
    states = {state.check.key: state.standing for state in checklist_of(session, grant, local_day(world.now))}
    assert states == {"aid": Standing.POSITIVE, "code": Standing.OPEN}
    given = {"organisation_id": world.association.id, "actor": world.actor(world.officer), "now": world.now}
    aid.record_code(session, entry_id=entry.id, cor=" 1234567 ", **given)
    assert entry.cor == "1234567"
    with pytest.raises(aid.CodeRecorded):
        aid.record_code(session, entry_id=entry.id, cor="7654321", **given)
    for statement in ("UPDATE aid_entry SET cents = 1", "DELETE FROM aid_entry"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(statement))


def test_one_cent_beyond_the_ceiling_refuses_the_whole_grant_with_the_sums(world):
    of_others(world, 28_000_001)
    with pytest.raises(AidExceeded) as refused:
        world.award()
    assert "300.000,01" in str(refused.value.message)
    assert [each.reference for each in award_all(world)] == [world.group_application.reference]


def test_the_page_of_the_act_sets_aside_what_would_go_beyond(world, session):
    of_others(world, 28_000_001)
    rows = queries.waiting_rows(session, ranking_id=world.ranking.id)
    plan = queries.plan_of_award(session, rows, local_day(world.now))
    assert [each.row.application_id for each in plan.aside] == [world.application.id]
    verdict = plan.aside[0].verdict
    assert verdict is not None
    assert verdict.room_cents == 30_000_000 - 28_000_001
    lines = queries.effects_on(queries.money_and_lines(session, world.call.id)[1], plan.awarded)
    assert (lines[0].taken, lines[0].before - lines[0].after) == (2_000_000, 2_000_000)


def test_linked_undertakings_are_one_until_the_link_ends(world, session):
    of_others(world, 28_000_001)
    made = link(world, world.association.fiscal_code)
    with pytest.raises(AidExceeded):
        world.award(world.group_application)
    given = {"organisation_id": world.group.id, "link_id": made.id, "actor": world.actor(world.officer)}
    aid.end_link(session, now=world.now, **given)
    with pytest.raises(aid.LinkEnded):
        aid.end_link(session, now=world.now, **given)
    assert world.award(world.group_application).awarded_cents == 2_000_000


def test_two_grants_of_one_undertaking_by_the_same_act_count_for_each_other(world, session):
    of_others(world, 27_000_000)
    link(world, world.association.fiscal_code)
    rows = queries.waiting_rows(session, ranking_id=world.ranking.id)
    plan = queries.plan_of_award(session, rows, local_day(world.now))
    assert (len(plan.awarded), len(plan.aside)) == (1, 1)
    assert len(award_all(world)) == 1


def test_who_carries_on_no_economic_activity_gets_no_aid(world, session):
    of_others(world, 28_000_001)
    aid.decide_activity(
        session, organisation_id=world.association.id, is_undertaking=False, reason="Solo volontariato.",
        actor=world.actor(world.officer), now=world.now,
    )  # fmt: skip
    grant = world.award()
    assert session.scalars(select(AidEntry).where(AidEntry.grant_id == grant.id)).all() == []


def test_aid_that_acts_took_back_no_longer_counts(world, session):
    grant = world.award()
    page = aid_page(session, world.association.id, world.actor(world.officer), local_day(world.now))
    assert page.sums[0].counted == 2_000_000
    grant.reduced_cents = 2_000_000
    session.flush()
    page = aid_page(session, world.association.id, world.actor(world.officer), local_day(world.now))
    assert (page.sums[0].counted, page.entries) == (0, [])


@pytest.mark.parametrize(
    ("given", "field"),
    [({"cents": 0}, "amount"), ({"granted_by": " "}, "granted_by"), ({"cor": "12/34"}, "cor"),
     ({"granted_on": "tomorrow"}, "granted_on")],
)  # fmt: skip
def test_what_is_written_into_the_register_is_checked(world, given, field):
    if "granted_on" in given:
        given = {"granted_on": local_day(world.now) + timedelta(days=1)}
    with pytest.raises(Invalid) as refused:
        of_others(world, **({"cents": 1} | given))
    assert refused.value.field == field


def test_a_link_needs_another_organisation_that_is_here_and_a_reason(world):
    for code, note, field in (("00000000000", "x", "fiscal_code"), (world.association.fiscal_code, " ", "note")):
        with pytest.raises(Invalid) as refused:
            link(world, code, note)
        assert refused.value.field == field


def test_an_office_that_does_not_know_the_organisation_finds_no_register(world, session, now):
    stranger = make_staff(session, make_authority(session, code="lecce", name="Lecce"), Role.OFFICER, now=now)
    with pytest.raises(NotFound):
        aid_page(session, world.association.id, world.actor(stranger), local_day(now))
