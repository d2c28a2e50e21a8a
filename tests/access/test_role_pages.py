"""The pages of roles: lists, their file, what an auditor sees; absences; the trail of a stand-in."""

import pytest
from sqlalchemy import select

from portal.access.models import Authority, RoleGrant
from portal.access.policy import Role
from portal.core.audit import record
from tests.factories.base import as_actor, make_staff, sign_in
from tests.factories.roles import Office, make_proposal, make_stand_in


@pytest.fixture
def world(store, now) -> Office:
    with store() as session:
        return Office(session, now)


def person_url(person) -> str:
    return f"/admin/people/{person.id}"


# ---- lists of roles ----


def test_the_roles_page_shows_what_is_held_ended_and_refused(page, world: Office, store, now):
    with store() as session:
        proposal = make_proposal(session, world.bari, world.officer, by=world.second, now=now)
    sign_in(page, world.first.email)
    assert page.get("/admin/roles").shows("Olga Oglio")
    page.post(f"/admin/roles/proposals/{proposal.id}/refuse", reason="Non serve")
    assert page.shows("non confermato da Anna Adige")
    assert page.shows("Non serve")
    assert page.get("/admin/roles?view=ended").shows("Niente qui")
    assert not page.get("/admin/roles").shows("Stefano Stura")


def test_the_file_of_roles_holds_ours_alone_and_no_formula(page, client, world: Office, store, now):
    with store() as session:
        make_staff(session, world.bari, Role.COACH, now=now, name="=1+1")
    sign_in(page, world.first.email)
    page.get("/admin/roles")
    content = page.client.get("/admin/roles.csv", headers={"Sec-Fetch-Site": "same-origin"}).get_data(as_text=True)
    assert "Olga Oglio" in content
    assert "Stefano Stura" not in content
    assert '"\'=1+1"' in content


def test_an_auditor_reads_and_changes_nothing(page, world: Office, store, now):
    with store() as session:
        auditor = make_staff(session, world.bari, Role.AUDITOR, now=now)
        proposal = make_proposal(session, world.bari, world.nobody, by=world.first, now=now)
    sign_in(page, auditor.email)
    for path in ("/admin", "/admin/people", "/admin/roles", person_url(world.officer)):
        page.get(path)
        assert page.tree.xpath("//main//form[@method='post']") == []
    page.get("/admin/roles/new", 403)
    page.post(f"/admin/roles/proposals/{proposal.id}/confirm", 403)


# ---- absences ----


def test_an_officer_lets_a_colleague_stand_in_and_ends_it(page, visitors, world: Office, store, now):
    with store() as session:
        coach = make_staff(session, world.bari, Role.COACH, now=now, name="Carla Chiese")
        own = session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == world.officer.id)).one()
    sign_in(page, world.officer.email)
    page.get("/delegations").click("Scegli chi sostituisce")
    page.submit("#absence", role=own, colleague=coach.id, first_day="2026-03-02", last_day="2026-03-04", reason="Ferie")
    assert page.shows("Carla Chiese sostituisce Olga Oglio")
    stand_in = visitors()
    sign_in(stand_in, coach.email)
    assert stand_in.shows("Carla Chiese sostituisce Olga Oglio solo fino ad allora")
    stand_in.get("/manage/calls")
    page.submit("Termina ora: Carla Chiese")
    stand_in.get("/manage/calls", 403)


def test_the_form_of_an_absence_offers_colleagues_of_the_same_authority_alone(page, world: Office):
    sign_in(page, world.officer.email)
    page.get("/delegations/new")
    offered = page.tree.xpath("//select[@name='colleague']/option/text()")
    assert offered == ["Scegli…", "Anna Adige", "Bruno Brenta"]


def test_the_trail_says_in_whose_place_somebody_acted(page, world: Office, store, now):
    with store() as session:
        coach = make_staff(session, world.bari, Role.COACH, now=now, name="Carla Chiese")
        own = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.officer.id)).one()
        make_stand_in(session, own, coach, now=now)
        actor = as_actor(session, coach, now=now)
        record(
            session, at=now, actor=actor, event="authority.edited", subject=session.get_one(Authority, world.bari.id)
        )
        auditor = make_staff(session, world.bari, Role.AUDITOR, now=now)
    sign_in(page, auditor.email)
    assert page.get("/manage/trail").shows("responsabile in sostituzione di Olga Oglio")
