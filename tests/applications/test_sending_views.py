"""Sending, the receipt, taking back, and the office's side, through the pages."""

import pytest
from sqlalchemy import func, select

from portal.applications.models import Submission, SubmissionAttempt
from portal.core.db import database
from portal.core.jobs import run_one
from portal.register.models import ProtocolEntry
from tests.engines import both_engines
from tests.factories.applications import World
from tests.factories.base import make_organisation, make_person, sign_in

DETAIL, LIST = 12, 8


@both_engines
def test_the_whole_way_without_scripts(page, people, begun, store, app, clock):
    address = begun()
    sign_in(page, people.owner).get(address).click("Invia…")
    page.submit(f"{address}/send")
    assert page.url == f"{address}/receipt"
    assert page.shows("0000001/2026")
    with store() as session:
        sha256 = session.scalars(select(Submission.content_sha256)).one()
    assert page.shows(sha256)
    with app.app_context():
        while run_one(database.engine, clock=clock, owner="test"):
            pass
    page.get(f"{address}/receipt")
    answer = page.client.get(f"{address}/receipt.pdf")
    assert answer.data.startswith(b"%PDF")
    page.get(f"{address}/content")
    assert page.shows("La casa delle bici")


@both_engines
def test_a_double_click_sends_once_and_shows_the_same_receipt(page, people, begun, store):
    address = begun()
    sign_in(page, people.owner).get(f"{address}/send")
    form = page.tree.xpath(f"//form[@action='{address}/send']")[0]
    fields = dict(form.form_values())
    for _click in range(2):
        page.post(f"{address}/send", **fields)
        assert page.url == f"{address}/receipt"
    page.post(f"{address}/send")
    assert page.url == f"{address}/receipt"
    with store() as session:
        assert session.scalar(select(func.count(ProtocolEntry.id))) == 1


def test_who_was_cut_off_right_after_the_commit_is_led_to_the_receipt(page, people, begun, monkeypatch):
    """A process killed before its answer tells no address any more: it was committed with the application."""
    address = begun()
    sign_in(page, people.owner).get(f"{address}/send")
    fields = dict(page.tree.xpath(f"//form[@action='{address}/send']")[0].form_values())
    monkeypatch.setattr("portal.core.web.respond.remember_location", lambda _: None)
    page.post(f"{address}/send", **fields)
    page.post(f"{address}/send", **fields)
    assert page.url == f"{address}/receipt"


def test_what_is_missing_is_listed_with_its_address_and_the_attempt_is_kept(page, people, begun, store):
    address = begun(whole=False)
    sign_in(page, people.owner).get(f"{address}/send")
    links = page.tree.xpath("//ul[@class='v-gates']//a/@href")
    assert any(link.endswith("#q-title") for link in links)
    assert any(link.endswith("#document-statute") for link in links)
    page.get(links[0].split("#")[0])
    page.post(f"{address}/send", 422)
    with store() as session:
        assert session.scalar(select(func.count(SubmissionAttempt.id))) == 1
        assert session.scalar(select(func.count(Submission.id))) == 0
    page.get(address)
    assert page.tree.xpath("//details[contains(@class, 'v-more')]")


def test_after_the_term_the_server_refuses_tells_the_time_and_keeps_the_attempt(page, people, begun, store, clock):
    address = begun()
    sign_in(page, people.owner)
    clock.advance(days=10, microseconds=1)
    sign_in(page, people.owner)
    page.post(f"{address}/send", 423)
    assert page.shows("12 marzo 2026, 10:00 (ora di Roma)")
    with store() as session:
        assert session.scalar(select(func.count(SubmissionAttempt.id))) == 1
        assert session.scalar(select(func.count(Submission.id))) == 0


def test_an_editor_does_not_send(page, people, begun):
    address = begun()
    sign_in(page, people.editor).get(f"{address}/send")
    assert not page.tree.xpath(f"//form[@action='{address}/send']")
    page.post(f"{address}/send", 403)


def test_a_sent_application_is_reopened_changed_back_and_withdrawn(page, people, begun):
    address = begun(sent=True)
    sign_in(page, people.owner).get(f"{address}/reopen").submit(f"{address}/reopen")
    assert page.shows("0000001/2026")
    page.submit(f"{address}/keep")
    page.get(f"{address}/withdraw").submit(f"{address}/withdraw")
    page.post(f"{address}/withdraw", 409)
    page.get(f"{address}/content")


def test_extra_fields_change_nothing(page, people, begun, store):
    address = begun()
    sign_in(page, people.owner)
    page.post(f"{address}/send", status="funded", received_at="2020-01-01", role="admin", application_id="x")
    with store() as session:
        assert session.scalars(select(Submission.received_at)).one().year == 2026


def test_strangers_find_nothing_of_a_sent_application(page, people, begun, nothing_changes):
    address = begun(sent=True)
    sign_in(page, people.stranger)
    for path in ("", "/receipt", "/receipt.pdf", "/content", "/withdraw", "/reopen"):
        page.get(address + path, 404)
    with nothing_changes():
        page.post(f"{address}/send", 404)
        page.post(f"{address}/withdraw", 404)


# ---- the office ----


def test_the_office_reads_sent_ones_and_not_drafts(page, people, begun):
    address = begun(sent=True)
    sign_in(page, people.officer).get("/manage/calls/prossimita/applications")
    assert page.shows("La casa delle bici")
    page.click("La casa delle bici")
    assert page.url == address
    page.click("Leggi quanto inviato")
    assert page.shows("Risposta su")
    link = page.tree.xpath("//a[contains(@href, '/files/')]/@href")[0]
    assert page.client.get(link).status_code == 200


@pytest.mark.parametrize("query", ["status=nonsense", "after=x", "before=%00", "status=draft", "after=" + "f" * 300])
def test_a_list_asked_in_nonsense_is_a_list(page, people, begun, query):
    begun(sent=True)
    sign_in(page, people.officer).get("/manage/calls/prossimita/applications?" + query)


def test_admissibility_waits_for_the_term_then_is_decided_once(page, people, begun, clock):
    address = begun(sent=True)
    sign_in(page, people.officer).get(f"{address}/admissibility")
    assert not page.tree.xpath("//form[@id='admissibility']")
    clock.advance(days=11)
    sign_in(page, people.officer).get(f"{address}/admissibility")
    page.submit("#admissibility", 422)
    page.submit("#admissibility", 422, decision="no")
    page.submit("#admissibility", 422, decision="yes", area="no")
    page.submit("#admissibility", decision="yes", area="yes")
    assert page.url == address
    page.get(f"{address}/admissibility")
    assert not page.tree.xpath("//form[@id='admissibility']")


def test_the_team_reads_the_reason(visitors, people, begun, clock):
    address = begun(sent=True)
    clock.advance(days=11)
    office = sign_in(visitors(), people.officer).get(f"{address}/admissibility")
    office.submit("#admissibility", decision="no", documents="no", reason="Statuto <b>scaduto</b>")
    team = sign_in(visitors(), people.owner).get(address)
    assert team.shows("Statuto <b>scaduto</b>")
    team.get(f"{address}/admissibility", 403)


def test_the_list_costs_the_same_for_one_row_and_for_many(page, people, store, now, begun, statements):
    begun(sent=True)
    with store() as session:
        for _ in range(27):
            world = World.again(session, now, people.organisation_id, people.call_id)
            world.owner = make_person(session, now=now)
            world.organisation = make_organisation(session, now=now, owner=world.owner)
            world.submitted()
    sign_in(page, people.officer)
    with statements() as seen:
        page.get("/manage/calls/prossimita/applications")
    assert len(seen) <= LIST, seen
    assert len(page.tree.xpath("//table//tbody/tr")) == 25
    page.get(page.tree.xpath("//a[@rel='next']/@href")[0])
    assert len(page.tree.xpath("//table//tbody/tr")) == 3


@pytest.mark.parametrize("path", ["", "/sections/{first}", "/documents", "/send"])
def test_the_pages_of_a_draft_stay_within_their_statements(page, people, begun, statements, path):
    address = begun()
    sign_in(page, people.owner)
    with statements() as seen:
        page.get(address + path.format(first=people.sections[0]))
    assert len(seen) <= DETAIL, seen


@pytest.mark.parametrize("path", ["", "/content", "/receipt", "/admissibility"])
def test_the_pages_of_a_sent_one_stay_within_their_statements(page, people, begun, statements, path):
    address = begun(sent=True)
    sign_in(page, people.officer)
    with statements() as seen:
        page.get(address + path)
    assert len(seen) <= DETAIL, seen
