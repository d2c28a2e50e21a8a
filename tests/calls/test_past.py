"""What was in force at any minute: the page as it was, revisions compared, rectifications by an act."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from portal.access.policy import Role
from portal.calls.callfile import write_call_file
from portal.calls.models import Call
from portal.calls.operations import Frozen, NothingChanged, cancel_call, extend_deadline, rectify_call
from portal.calls.past import call_then
from portal.calls.rules.publication import CallRevised
from portal.core import events
from portal.core.actor import SYSTEM
from portal.core.errors import IllegalMove
from portal.questionnaires.models import FormRevision
from tests.factories.base import make_authority, make_staff, sign_in
from tests.factories.calls import dated_design, publish_design

ACT: dict[str, Any] = {"act_number": "2026/210/9", "act_date": date(2026, 3, 2)}
WHY = {"it": "Refuso", "en": "Misprint"}


def rectify(session, call: Call, design, now: datetime):
    """A rectification by an act."""
    return rectify_call(session, call_id=call.id, design=design, reason=WHY, actor=SYSTEM, now=now, **ACT)


@pytest.fixture
def call(session, now):
    """A published call, open around now."""
    return publish_design(session, dated_design(now), now=now)


def test_a_rectification_is_a_revision_by_an_act_and_moves_the_form(session, call, now):
    heard = []

    def hear(_session, event):
        heard.append(event)

    events.subscribe(CallRevised, hear)
    sections = call.design.questionnaire.sections
    first, before = replace(sections[0], title={"it": "Chi siamo", "en": "Who we are"}), call.phases[0].form_revision_id
    changed = replace(call.design, questionnaire=replace(call.design.questionnaire, sections=[first, *sections[1:]]))
    revision = rectify(session, call, changed, now)
    assert (revision.act_number, revision.reason) == ("2026/210/9", WHY)
    assert call.design.acts[-1].number == "2026/210/9"
    assert call.phases[0].form_revision_id != before
    assert session.get_one(FormRevision, call.phases[0].form_revision_id).number == 2
    assert [event.forms for event in heard] == [(call.phases[0].form_revision_id,)]
    events._handlers[CallRevised].remove(hear)


def test_what_the_call_promised_is_not_rectified(session, call, now):
    design = call.design
    criteria = [replace(design.criteria[0], maximum=design.criteria[0].maximum + 1), *design.criteria[1:]]
    lines = [replace(design.budget_lines[0], amount=design.budget_lines[0].amount + 1)]
    for changed in (
        replace(design, criteria=criteria), replace(design, budget_lines=lines), replace(design, slug="altro"),
        replace(design, phases=[replace(design.phases[0], opens=datetime(2026, 1, 1))]),
    ):  # fmt: skip
        with pytest.raises(Frozen) as refused:
            rectify(session, call, changed, now)
        assert refused.value.faults
    with pytest.raises(NothingChanged):
        rectify(session, call, design, now)
    cancel_call(session, call_id=call.id, reason=WHY, actor=SYSTEM, now=now, **ACT)
    with pytest.raises(IllegalMove):
        rectify(session, call, replace(design, cup=None, notes="x"), now)


@pytest.fixture
def changing(store, now, clock):
    """Published now, extended after a day, its summary rectified after two, cancelled after three; now is day five."""
    with store() as session:
        call = publish_design(session, dated_design(now), now=now)
        extend_deadline(
            session, phase_id=call.phases[0].id, closes_at=datetime(2026, 4, 20, 12), reason=WHY, actor=SYSTEM,
            now=now + timedelta(days=1), **ACT,
        )  # fmt: skip
        renamed = replace(call.design.phases[0], name={"it": "Fase nuova", "en": "New phase"})
        changed = replace(
            call.design, summary={"it": "Sommario nuovo", "en": "New summary"}, phases=[renamed]
        )  # fmt: skip
        rectify(session, call, changed, now + timedelta(days=2))
        cancel_call(session, call_id=call.id, reason=WHY, actor=SYSTEM, now=now + timedelta(days=3), **ACT)
    clock.advance(days=5)


def test_the_page_as_it_was_shows_the_texts_and_the_deadline_of_that_minute(page, changing):
    page.get("/calls/bari-urbis/on?at=2026-03-02T12:00&lang=it")
    assert page.shows("Com’era lunedì 2 marzo 2026, 12:00 (ora di Roma)")
    assert page.shows("giovedì 12 marzo 2026, 10:00 (ora di Roma)")
    assert not page.shows("20 aprile 2026")
    page.get("/calls/bari-urbis/on?at=2026-03-03T12:00")
    assert page.shows("lunedì 20 aprile 2026, 12:00")
    assert not page.shows("Sommario nuovo")
    page.get("/calls/bari-urbis/on?at=2026-03-04T12:00")
    assert page.shows("Sommario nuovo")
    assert page.shows("Atto 2026/210/9 del 2 marzo 2026")
    assert not page.shows("Questo avviso è stato annullato")
    page.get("/calls/bari-urbis/on?at=2026-03-06T12:00")
    assert page.shows("Questo avviso è stato annullato")


def test_the_name_of_a_phase_is_the_one_of_that_minute(store, changing, now):
    with store() as session:
        call = session.scalars(select(Call)).one()
        names = [call_then(session, call, now + timedelta(days=day)).phases[0].name["it"] for day in (1, 3)]
        assert (names, call.phases[0].name["it"]) == (["Progetto", "Fase nuova"], "Fase nuova")


@pytest.mark.parametrize("at", ["2026-03-02T09:59", "2030-01-01T00:00", "2026-03-29T02:30", "mai", "2026-03-02T12:00Z"])
def test_a_moment_that_cannot_be_shown_is_explained(page, changing, at):
    page.get(f"/calls/bari-urbis/on?at={at}", 422)
    assert page.tree.xpath("//*[@id='at-error']")


def test_revisions_are_listed_with_their_hash_and_compared(page, changing, statements):
    page.get("/calls/bari-urbis/on?lang=it")
    assert len(page.tree.xpath("//table//tbody/tr")) == 3
    with statements() as sent:
        page.click("cosa è cambiato nella revisione 4")
    assert len(sent) <= 8
    assert page.shows("Sommario nuovo")
    page.submit(**{"from": "4", "to": "4"})
    assert page.shows("Le due sono uguali.")
    for wrong in ("from=1&to=2", "from=99", "to=99999999999"):
        page.get(f"/calls/bari-urbis/compare?{wrong}", 404 if wrong != "to=99999999999" else 200)


def test_an_officer_rectifies_by_a_file_after_seeing_what_changes(page, store, now):
    with store() as session:
        bari = make_authority(session)
        officer = make_staff(session, bari, Role.OFFICER, now=now).email
        call = publish_design(session, dated_design(now), now=now)
        design = call.design
    office = sign_in(page, officer).get("/manage/calls/bari-urbis/rectify?lang=it")

    def send(content: str, expect: int) -> None:
        page.get("/manage/calls/bari-urbis/rectify")
        page.submit(expect=expect, file=(BytesIO(content.encode()), "call.yaml"))

    send("nulla: [", 422)
    send(write_call_file(replace(design, slug="altro")), 422)
    assert office.shows("mantiene il suo indirizzo")
    send(write_call_file(replace(design, notes="Nuova nota")), 200)
    assert office.shows("Nuova nota")
    given = {"act_date": "2026-03-02", "reason_it": "Refuso", "reason_en": "Misprint"}
    office.submit("Pubblica la rettifica", 422, act_number="", **given)
    office.submit("Pubblica la rettifica", act_number="2026/9", **given)
    assert office.shows("L’avviso è rettificato.")
    assert office.get("/calls/bari-urbis").shows("Rettificato")
