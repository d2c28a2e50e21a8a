"""Writing and sending an application in the browser: saved while typing, two people at once, axe on every page."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from portal.access.policy import Role, Tie
from portal.core.clock import now
from portal.core.db import db_session
from tests.factories.applications import World
from tests.factories.base import join, make_person, make_staff
from tests.factories.documents import PDF

EDITOR = "redazione@prova.example"
SHOTS = os.environ.get("VIVAIO_SCREENSHOTS")


@pytest.fixture
def begun(live):
    """An application ready to be sent, of somebody who can sign in."""
    with live.app.app_context():
        session = db_session()
        world = World(session, now(), slug="prossimita")
        application = world.draft()
        sections = world.call.design.questionnaire.sections
        key = next(s.key for s in sections if any(q.key == "title" for q in s.questions))
        found = world.owner.email, f"/applications/{application.id}", key
        join(session, make_person(session, now=world.now, email=EDITOR), world.organisation, Tie.EDITOR, now=world.now)
        session.commit()
        return found


def look(page, name):
    """Keep a picture where one is asked for."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_what_is_typed_is_saved_and_a_fast_writer_never_conflicts_with_herself(open_page, begun, come_in):
    email, address, key = begun
    page = come_in(open_page(), email)
    page.goto(f"{address}/sections/{key}")
    box = page.locator("#q-title")
    for words in (" uno", " due", " tre", " quattro"):
        box.press_sequentially(words, delay=120)
        page.wait_for_timeout(700)
    page.wait_for_selector("[data-save-state][data-state=saved]")
    page.wait_for_timeout(1500)
    assert page.locator("[data-save-state]").get_attribute("data-state") == "saved"
    page.reload()
    assert page.locator("#q-title").input_value().startswith("uno due tre quattro")


def test_two_people_at_once_lose_nothing(open_page, begun, come_in, accessible):
    email, address, key = begun
    first, second = come_in(open_page(), email), come_in(open_page(width=360), EDITOR)
    for page in (first, second):
        page.goto(f"{address}/sections/{key}")
    second.locator("[data-together]").get_by_text("Anche Marta Rossi sta scrivendo").wait_for()
    first.locator("#q-title").fill("Prima versione")
    first.wait_for_selector("[data-save-state][data-state=saved]")
    second.locator("#q-title").fill("Seconda versione")
    second.wait_for_selector("[data-save-state][data-state=conflict]")
    assert second.locator("#q-title").input_value() == "Seconda versione"
    assert second.locator("#q-title-says").get_by_text("Prima versione").is_visible()
    look(second, "conflict-360")
    second.get_by_role("button", name="Salva", exact=True).click()
    second.wait_for_selector("#q-title-conflict")
    assert second.locator("#q-title-conflict blockquote").inner_text() == "Prima versione"
    assert second.locator("#q-title").input_value() == "Seconda versione"
    look(second, "merge-360")
    second.get_by_role("link", name="Cronologia").first.click()
    accessible(second)
    look(second, "history-360")
    second.goto(f"{address}/comments/{key}?about=title")
    accessible(second)
    second.goto(f"{address}/print")
    accessible(second)
    look(second, "paper-360")


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_a_draft_and_its_receipt_is_accessible(open_page, begun, accessible, width, come_in):
    email, address, key = begun
    page = come_in(open_page(width=width), email)
    for path, name in (("", "list"), (f"/sections/{key}", "section"), ("/documents", "documents"), ("/send", "send")):
        page.goto(address + path)
        accessible(page)
        look(page, f"{name}-{width}")
    page.get_by_role("button", name="Invia la domanda").click()
    page.wait_for_url("**/receipt")
    accessible(page)
    look(page, f"receipt-{width}")
    for path, name in (("", "registered"), ("/content", "content"), ("/withdraw", "withdraw"), ("/reopen", "reopen")):
        page.goto(address + path)
        accessible(page)
        look(page, f"{name}-{width}")


def test_a_file_is_sent_with_its_progress_and_a_wrong_one_is_refused_in_place(open_page, begun, come_in):
    email, address, _ = begun
    page = come_in(open_page(), email)
    page.goto(f"{address}/documents")
    card = page.locator("#document-partner_letters")
    card.locator("input[type=file]").set_input_files({"name": "lettere.exe", "mimeType": "x/y", "buffer": b"MZ"})
    card.get_by_role("button", name="Allega").click()
    card.locator(".v-error").wait_for()
    assert "lettere.exe" in card.inner_text()
    card.locator("input[type=file]").set_input_files({"name": "lettere.pdf", "mimeType": "x/y", "buffer": PDF})
    card.get_by_role("button", name="Allega").click()
    page.get_by_role("link", name="lettere.pdf", exact=True).wait_for()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_office_checks_and_decides(live, open_page, accessible, width, come_in):
    with live.app.app_context():
        session = db_session()
        world = World(session, now() - timedelta(days=20), slug="prossimita", closes=timedelta(days=10))
        address = f"/applications/{world.submitted().id}"
        officer = make_staff(session, world.authority, Role.OFFICER, now=world.now).email
        organisation = f"/organisations/{world.organisation.id}"
        session.commit()
    page = come_in(open_page(width=width), officer)
    for path, name in (
        ("/manage/calls/prossimita/applications", "inbox"), (address, "officer"), (f"{address}/content", "content"),
        (f"{address}/admissibility", "admissibility"), (organisation, "organisation"),
    ):  # fmt: skip
        page.goto(path)
        accessible(page)
        look(page, f"{name}-{width}")
    page.goto(f"{address}/admissibility")
    page.get_by_label("Non ammettere").check()
    page.get_by_role("button", name="Registra la decisione").click()
    page.locator("#error-summary").wait_for()
    accessible(page)
    page.locator("#reason").fill("Manca la firma sullo statuto.")
    page.get_by_role("button", name="Registra la decisione").click()
    page.get_by_text("Manca la firma sullo statuto.").wait_for()
