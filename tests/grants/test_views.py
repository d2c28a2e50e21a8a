"""The pages of grants, as a strict browser without scripts sees them."""

from uuid import UUID

import pytest
from sqlalchemy import text

from portal.access.policy import Role
from tests.engines import both_engines
from tests.factories.base import make_authority, make_organisation, make_person, make_staff, sign_in
from tests.factories.documents import PDF
from tests.factories.grants import CUP, FISCAL_CODE, make_world, sent_pdf
from tests.unchanged import REFUSALS


@pytest.fixture
def world(store, now):
    """The final ranking is out; people are known by their address."""
    with store() as session:
        return make_world(session, now=now)


@pytest.fixture
def grant(world, store):
    with store() as session:
        world.session = session
        session.add_all([world.officer])
        return world.award(session.merge(world.application))


def ask(visitors, person):
    return sign_in(visitors(), person.email)


def of(world, what, store):
    """One number from the database."""
    with store() as session:
        return session.execute(text(what)).scalar_one()


def test_awarding_everything_shows_the_effect_first_and_a_second_click_awards_nothing_more(world, page, store):
    sign_in(page, world.officer.email)
    address = f"/manage/calls/{world.call.slug}/grants"
    page.get(address)
    assert page.shows("€ 2.524.000,00 di € 2.564.000,00") or page.shows("€ 2.524.000,00 of € 2.564.000,00")
    assert page.shows("Laboratorio aperto")
    form = dict(page.tree.get_element_by_id("award-form").form_values())
    page.submit("#award-form", act_number="DD 145/2026", act_date="2026-03-01")
    assert page.led_to == [address]
    assert of(world, "SELECT count(*) FROM grant_award", store) == 2
    page.post(address, **(form | {"act_number": "DD 145/2026", "act_date": "2026-03-01"}))
    assert of(world, "SELECT count(*) FROM grant_award", store) == 2
    assert of(world, "SELECT count(*) FROM ledger_entry WHERE posting = 'awarded'", store) == 2


def test_a_wrong_act_keeps_what_was_typed_and_awards_nothing(world, page, store):
    sign_in(page, world.officer.email)
    page.get(f"/manage/calls/{world.call.slug}/grants")
    page.submit("#award-form", 422, act_number="DD 145/2026", act_date="2026-03-03")
    assert page.field("act_number").get("value") == "DD 145/2026"
    page.submit("#award-form", 422, act_number="", act_date="2026-02-30")
    assert of(world, "SELECT count(*) FROM grant_award", store) == 0


def test_a_forged_ranking_is_not_found(world, page, nothing_changes):
    sign_in(page, world.officer.email)
    page.get(f"/manage/calls/{world.call.slug}/grants")
    address = page.url
    with nothing_changes(*REFUSALS):
        page.post(address, 404, ranking_id="' OR 1=1", act_number="1", act_date="2026-03-01")


@both_engines
def test_the_association_goes_from_award_to_project_by_clicking(grant, world, visitors, store):
    address = f"/grants/{grant.id}"
    officer, owner, approver = (ask(visitors, who) for who in (world.officer, world.owner, world.approver))
    for key in ("declarations", "state_aid", "exclusions"):
        officer.get(f"{address}/checks/{key}")
        officer.submit("#check-form", outcome="positive", issued_on="2026-03-01", reference="PG 12/2026")
    officer.submit(f"{address}/checks-closed")
    officer.submit("#cup-form", 422, cup="F79D1900003000X")
    assert officer.field("cup").get("value") == "F79D1900003000X"
    officer.submit("#cup-form", cup=CUP.lower())
    officer.get(f"{address}/publication").submit("#publication-form", summary="Un laboratorio aperto.")
    officer.get(f"{address}/agreement/preview").submit(f"{address}/agreement/prepare")
    owner.get(f"{address}/agreement").submit("#sign-form", 422, signed_copy=(b"", ""))
    owner.submit("#sign-form", signed_copy=sent_pdf("firmata.pdf", PDF))
    approver.get(f"{address}/agreement").submit("#countersign-form")
    approver.get(address)
    assert approver.shows("1. Avvio del servizio")
    assert of(world, "SELECT status FROM grant_award", store) == "active"
    assert of(world, "SELECT count(*) FROM milestone", store) == 3
    owner.get(address)
    assert owner.shows("Avvio del servizio")


def test_the_group_records_its_entity_and_the_officer_confirms_it(world, visitors, store):
    with store() as session:
        world.session = session
        grant = world.award(session.merge(world.group_application))
    address = f"/grants/{grant.id}"
    leader, officer = ask(visitors, world.leader), ask(visitors, world.officer)
    entity = {
        "name": "Orti in Comune APS", "legal_form": "social_promotion_association", "incorporated_on": "2026-02-20",
    }  # fmt: skip
    leader.get(address)
    leader.submit("#incorporation-form", 422, **entity, fiscal_code="01199250159", deed=sent_pdf("atto.pdf", PDF))
    assert leader.field("name").get("value") == "Orti in Comune APS"
    leader.submit("#incorporation-form", **entity, fiscal_code=FISCAL_CODE, deed=sent_pdf("atto.pdf", PDF))
    officer.get(address)
    assert officer.shows("Orti in Comune APS")
    officer.submit(f"{address}/incorporation/confirm")
    assert of(world, "SELECT kind FROM organisation WHERE name = 'Orti in Comune APS'", store) == "legal_entity"


def test_files_are_read_by_team_and_staff_and_by_nobody_else(grant, world, visitors, store, now):
    with store() as session:
        world.session = session
        world.sign(world.make_ready(session.merge(grant)))
        stranger, other = make_person(session, now=now), make_authority(session, code="venezia", name="Venezia")
        make_organisation(session, now=now, owner=stranger)
        foreign = make_staff(session, other, Role.OFFICER, now=now)
    file = UUID(str(of(world, "SELECT file_id FROM agreement", store)))
    address = f"/grants/{grant.id}/files/{file}"
    for person, expect in (
        (world.owner, 200),
        (world.officer, 200),
        (stranger, 404),
        (foreign, 404),
        (world.leader, 404),
    ):
        ask(visitors, person).get(address, expect)
        assert ask(visitors, person).get(f"/grants/{grant.id}", expect)
    ask(visitors, world.owner).get(f"/grants/{grant.id}/files/{grant.id}", 404)


def test_a_member_who_is_no_owner_cannot_sign_and_a_visitor_is_led_to_sign_in(grant, world, visitors):
    ask(visitors, world.leader).post(f"/grants/{grant.id}/agreement/sign", 404)
    visitor = visitors()
    visitor.get(f"/grants/{grant.id}")
    assert visitor.led_to[0].startswith("/sign-in")


def test_the_pages_stay_within_their_statements(world, visitors, store, statements):
    with store() as session:
        world.session = session
        grant = world.activate(session.merge(world.application))
        world.award(session.merge(world.group_application))
    owner, officer = ask(visitors, world.owner), ask(visitors, world.officer)
    with statements() as sent:
        owner.get(f"/grants/{grant.id}")
    assert len(sent) <= 12, sent
    with statements() as sent:
        officer.get(f"/manage/calls/{world.call.slug}/grants")
    assert len(sent) <= 8, sent
