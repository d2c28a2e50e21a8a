"""A group that becomes a legal entity is the same organisation: its grants, files, people and history stay."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Organisation, TieRow
from portal.access.operations import organisations
from portal.access.policy import Tie
from portal.access.queries.members import earlier_names, members_of
from portal.access.rules import OrganisationKind
from portal.applications.models import Application
from portal.core.audit import AuditEvent, verify
from portal.core.errors import Invalid
from portal.evaluation.models import RankingRow
from portal.grants import operations
from portal.grants.agreements import operations as agreements
from portal.grants.models import Grant
from portal.grants.queries import file_of_grant
from tests.factories.base import bari_design, sign_in
from tests.factories.grants import make_world
from tests.factories.members import make_consortium, make_member


def what_it_has(session: Session, group: Organisation) -> dict[str, list[object]]:
    """Everything that hangs on the key of an organisation."""
    members = select(TieRow.id, TieRow.person_id, TieRow.tie, TieRow.since, TieRow.until)
    return {
        "grants": list(session.scalars(select(Grant.id).where(Grant.organisation_id == group.id))),
        "applications": list(session.scalars(select(Application.id).where(Application.organisation_id == group.id))),
        "ties": [tuple(row) for row in session.execute(members.where(TieRow.object_id == group.id))],
        "trail": list(session.scalars(select(AuditEvent.hash).where(AuditEvent.subject_id == group.id))),
    }


def become_entity(world, session):
    organisations.know_organisation(
        session, organisation_id=world.group.id, authority_id=world.authority.id, now=world.now
    )
    grant = world.award(world.group_application)
    world.incorporate(grant)
    before = what_it_has(session, world.group)
    operations.confirm_incorporation(session, grant_id=grant.id, actor=world.actor(world.officer), now=world.now)
    session.flush()
    return grant, before


def test_nothing_that_hangs_on_the_group_is_lost(session, now):
    world = make_world(session, now=now)
    make_member(session, world.group, Tie.EDITOR, now=now)
    kept, people = world.group.id, [each.person.id for each in members_of(session, world.group.id)]
    grant, before = become_entity(world, session)
    after = what_it_has(session, world.group)
    assert (world.group.id, world.group.kind) == (kept, OrganisationKind.LEGAL_ENTITY)
    assert {name: after[name] for name in ("grants", "applications", "ties")} == {
        name: before[name] for name in ("grants", "applications", "ties")
    }
    assert after["trail"][: len(before["trail"])] == before["trail"], "the trail goes on, it does not begin again"
    assert [each.person.id for each in members_of(session, kept)] == people
    assert list(verify(session)) == []
    leader = world.actor(world.leader)
    assert file_of_grant(session, leader, grant.id, grant.incorporation.deed_file_id).name == "atto.pdf"


def test_what_was_ranked_keeps_the_name_of_then_and_the_page_tells_it(session, now):
    world = make_world(session, now=now)
    become_entity(world, session)
    row = select(RankingRow.organisation_name).where(RankingRow.application_id == world.group_application.id)
    assert session.scalars(row).one() == "Orti in Comune"
    (before,) = earlier_names(session, world.group.id)
    assert (before.name, before.until, before.was_group) == ("Orti in Comune", now, True)


def test_its_people_and_the_office_read_the_former_name_and_find_the_grant(store, visitors, now):
    with store() as session:
        world = make_world(session, now=now)
        grant, _ = become_entity(world, session)
        address, emails = f"/organisations/{world.group.id}", (world.leader.email, world.officer.email)
    for email in emails:
        page = sign_in(visitors(), email).get(address)
        assert page.heading == "Orti in Comune APS"
        assert page.shows("“Orti in Comune”")
        page.get(f"/grants/{grant.id}")
        assert page.shows("Orti in Comune APS")
    leader = sign_in(visitors(), emails[0]).get(f"{address}/members")
    assert leader.shows("Gino Verdi")


def test_a_consortium_is_constituted_already_and_its_organisations_stand_in_the_agreement(session, now):
    world = make_world(session, now=now)
    make_together(session, world, now)
    grant = world.make_ready(world.award())
    assert grant.incorporation is None
    agreement = agreements.prepare_agreement(session, grant_id=grant.id, actor=world.actor(world.officer), now=now)
    assert agreement.version == 1


def make_together(session, world, now):
    partner_owner = world.leader
    partner = session.get_one(Organisation, world.group.id)
    partner.kind, partner.legal_form, partner.fiscal_code = "legal_entity", "association", "01199250158"
    session.flush()
    session.refresh(partner)
    made = make_consortium(session, world.association, world.owner, (partner, partner_owner), now=now)
    world.application.organisation_id = made.id
    session.flush()
    session.refresh(world.application)
    return made


def test_the_grant_of_a_consortium_names_who_leads_and_who_is_paid(store, page, now):
    with store() as session:
        world = make_world(session, now=now)
        make_together(session, world, now)
        grant = world.award()
        address, email = f"/grants/{grant.id}", world.owner.email
    sign_in(page, email).get(address)
    assert page.shows("ATS Cortili")
    assert page.shows("Associazione Il Ponte")
    assert page.shows(world.association.fiscal_code)


def test_a_call_that_wants_a_new_entity_refuses_an_older_one(store, now):
    design = bari_design()
    groups = [replace(each, new_entity_only=each.kind == "informal_group") for each in design.applicants]
    with store() as session:
        world = make_world(session, now=now, design=replace(design, applicants=groups))
        grant, since = world.award(world.group_application), world.group_application.new_entity_since
        assert since is not None
        with pytest.raises(Invalid) as refused:
            world.incorporate(grant, incorporated_on=since - timedelta(days=1))
        assert refused.value.field == "incorporated_on"
        world.incorporate(grant, incorporated_on=since)
        assert grant.incorporation is not None
        assert grant.incorporation.incorporated_on == since
        assert world.application.new_entity_since is None
