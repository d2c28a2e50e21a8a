"""The office's pages: acts by their forms, each effect once, nothing for strangers."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.access.policy import Role
from portal.calls.callfile import read_call_file
from portal.calls.models import Call
from portal.calls.operations import import_call
from portal.calls.queries import due_steps
from portal.core.actor import SYSTEM
from portal.core.db import database
from portal.core.jobs.worker import new_owner, run_one
from portal.notices.models import Notice
from tests.factories.base import (
    as_actor,
    make_application,
    make_authority,
    make_organisation,
    make_person,
    make_staff,
    sign_in,
)
from tests.factories.calls import dated_design, publish_design

MANAGE = "/manage/calls/bari-urbis"


@pytest.fixture
def people(store, now):
    """Addresses of staff of Bari by role, and of a foreign officer; a draft stands ready."""
    with store() as session:
        bari, torino = make_authority(session), make_authority(session, code="torino", name="Torino")
        import_call(session, design=dated_design(now), actor=SYSTEM, now=now)
        found = {
            role: make_staff(session, bari, role, now=now).email for role in (Role.OFFICER, Role.AUDITOR, Role.COACH)
        }
        return found | {"foreign": make_staff(session, torino, Role.OFFICER, now=now).email}


@pytest.fixture
def office(page, people):
    """The officer, signed in."""
    return sign_in(page, people[Role.OFFICER])


def stored(store) -> Call:
    """The call as it stands."""
    with store() as session:
        return session.scalars(select(Call).options(selectinload(Call.phases))).one()


def test_an_officer_approves_publishes_extends_and_begins_the_evaluation(office, people, clock):
    office.get(MANAGE + "?lang=it").submit("Approva l’avviso")
    assert office.shows("L’avviso è approvato")
    office.click("Pubblica l’avviso…").submit(act_number="2026/1", act_date="2026-03-01")
    assert office.shows("L’avviso è pubblicato")
    office.click("Proroga il termine…")
    office.submit(
        closes_at="2026-04-20T12:00",
        act_number="2026/2",
        act_date="2026-03-02",
        reason_it="Maltempo",
        reason_en="Storm",
    )
    assert office.shows("lunedì 20 aprile 2026, 12:00")
    assert office.shows("Atto 2026/2 del 2 marzo 2026. Maltempo")
    clock.advance(days=60)
    sign_in(office, people[Role.OFFICER]).get(MANAGE).submit("Avvia la valutazione")
    assert office.shows("in valutazione")


def test_a_refused_extension_keeps_what_was_typed(office, store):
    office.get(MANAGE).submit(MANAGE + "/approve")
    office.get(MANAGE + "/publish").submit(act_number="2026/1", act_date="2026-03-01")
    phase = stored(store).phases[0]
    path = f"{MANAGE}/phases/{phase.id}/extend"
    office.get(path).submit(
        expect=422,
        closes_at="2026-03-29T02:30",
        act_number="2026/2",
        act_date="2026-03-02",
        reason_it="Uno",
        reason_en="One",
    )
    assert office.field("closes_at").get("value") == "2026-03-29T02:30"
    assert office.field("reason_it").text.strip() == "Uno"
    assert office.tree.xpath("//a[@href='#closes_at']")
    office.get(path).submit(expect=422, closes_at="")
    office.get(path).submit(expect=422, closes_at="mai", act_date="x")


def test_publishing_without_an_act_is_refused_in_the_form(office):
    office.get(MANAGE).submit(MANAGE + "/approve")
    office.get(MANAGE + "/publish").submit(expect=422, act_number="", act_date="")
    assert office.tree.xpath("//a[@href='#act_number']")


def test_a_second_click_publishes_nothing_more(office, store):
    office.get(MANAGE).submit(MANAGE + "/approve")
    office.get(MANAGE + "/publish")
    fields = {"act_number": "1", "act_date": "2026-03-01", "idempotency_key": "the-same-key"}
    office.post(MANAGE + "/publish", **fields)
    office.post(MANAGE + "/publish", **fields)
    assert stored(store).revision == 2
    office.post(MANAGE + "/publish", 409, act_number="1", act_date="2026-03-01")


def test_strangers_find_no_office(visitors, people):
    for who in ("foreign", Role.COACH):
        stranger = sign_in(visitors(), people[who])
        denied = 404 if who == "foreign" else 403
        for path in ("", "/publish", "/call.yaml"):
            stranger.get(MANAGE + path, denied)
        stranger.post(MANAGE + "/approve", denied)
    reader = sign_in(visitors(), people[Role.AUDITOR]).get(MANAGE)
    assert not reader.tree.xpath("//main//form")
    reader.post(MANAGE + "/approve", 403)


def test_the_file_of_a_call_can_be_taken(office, client, store):
    answer = office.client.get(MANAGE + "/call.yaml")
    assert read_call_file(answer.get_data(as_text=True)) == stored(store).design


def test_numbers_of_applications_stand_beside_their_lists(visitors, people, store, now, statements):
    with store() as session:
        call = publish_design(session, dated_design(now, slug="altro"), now=now)
        for _ in range(3):
            make_application(session, call, make_organisation(session, now=now), now=now)
    office = sign_in(visitors(), people[Role.OFFICER])
    with statements() as sent:
        office.get("/manage/calls/altro?lang=it")
    assert office.tree.xpath("//aside//dd")[0].text.strip() == "3"
    assert len(sent) <= 12
    with statements() as sent:
        office.get("/manage/calls")
    assert len(sent) <= 8
    assert office.shows("bozza")


def test_the_desk_hears_what_calls_wait_for(session, now):
    bari = make_authority(session)
    officer = as_actor(session, make_staff(session, bari, Role.OFFICER, now=now), now=now)
    import_call(session, design=dated_design(now), actor=SYSTEM, now=now)
    late = publish_design(session, dated_design(now, slug="scaduto"), now=now)
    steps = due_steps(session, officer, late.phases[0].closes_at.replace(year=2027))
    assert [step.path for step in steps] == ["/manage/calls/scaduto", MANAGE]
    stranger = as_actor(session, make_staff(session, bari, Role.COACH, now=now), now=now)
    assert due_steps(session, stranger, now) == []


def test_whoever_has_a_draft_is_told_of_the_extension(app, page, people, store, now, clock):
    with store() as session:
        call = publish_design(session, dated_design(now, slug="altro"), now=now)
        owner = make_person(session, now=now)
        make_application(session, call, make_organisation(session, now=now, owner=owner), now=now)
        path = f"/manage/calls/altro/phases/{call.phases[0].id}/extend"
    given = {"act_number": "2026/2", "act_date": "2026-03-02", "reason_it": "Maltempo", "reason_en": "Storm"}
    sign_in(page, people[Role.OFFICER]).get(path).submit(path, closes_at="2026-04-20T12:00", **given)
    with app.app_context():
        while run_one(database.engine, clock=clock, owner=new_owner()):
            pass
    with store() as session:
        [notice] = session.scalars(select(Notice)).all()
    assert (notice.person_id, notice.path.split("/")[1]) == (owner.id, "applications")
    assert "lunedì 20 aprile 2026, 12:00 (ora di Roma)" in notice.text["it"]
    assert "Monday 20 April 2026, 12:00 (Rome time)" in notice.text["en"]
