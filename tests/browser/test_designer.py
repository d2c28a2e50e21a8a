"""A call designed from an empty page in the browser, approved by a second person, published, and applied to."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.access.policy import Role
from portal.access.rules import LegalForm
from portal.core.clock import now
from portal.core.db import db_session
from tests.browser.steps.people import it
from tests.factories.base import make_authority, make_organisation, make_person, make_staff
from tests.factories.designing import NEEDED

DESIGN = "/manage/calls/laboratori/design"
TITLE, REQUESTED, COST = (
    "The form does not ask for the title of the project.",
    "The form does not ask how much is requested.",
    "The form does not ask what the project costs.",
)
SHOTS = os.environ.get("VIVAIO_SCREENSHOTS")


@pytest.fixture
def people(live, clock):
    """Two officers of Torino, and somebody with an association."""
    with live.app.app_context():
        session = db_session()
        torino = make_authority(session, code="torino", name="Città di Torino")
        officers = [make_staff(session, torino, Role.OFFICER, now=now()).email for _ in range(2)]
        owner = make_person(session, now=now())
        make_organisation(session, owner=owner, form=LegalForm.ASSOCIATION, now=now())
        found = (*officers, owner.email)
        session.commit()
        return found


def visit(page: Page, path: str) -> None:
    """Go to a page; whatever is done there waits for what it needs."""
    page.goto(path, wait_until="domcontentloaded")


def look(page: Page, name: str) -> None:
    """Keep a picture where one is asked for."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def begin(page: Page) -> None:
    """From the list of calls to a draft with nothing but its name."""
    visit(page, "/manage/calls")
    page.get_by_role("link", name="Nuovo avviso").click()
    page.get_by_label("Titolo, in italiano").fill("Laboratori")
    expect(page.get_by_label("Indirizzo della pagina")).to_have_value("laboratori")
    page.get_by_label("Titolo, in inglese").fill("Workshops")
    page.get_by_role("button", name="Comincia la bozza").click()
    expect(page).to_have_url(re.compile("/design/call/about$"))


def write(page: Page, place: str, typed: dict[str, str]) -> None:
    """Type into the form of the place that is shown, and save it."""
    for name, text in typed.items():
        control = page.locator(f"#design-form [name='{name}']")
        if control.first.get_attribute("type") == "checkbox":
            page.locator(f"#design-form [name='{name}'][value='{text}']").check()
        elif control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
    page.get_by_role("button", name="Salva", exact=True).click()
    expect(page.locator("main > .v-notice")).to_contain_text("Salvato")
    assert page.url.endswith(f"/design/{place}")


def design(page: Page) -> None:
    """Every block that the checklist asks for; the questions that each form must ask by one press each."""
    for add, place, typed in NEEDED:
        if place.startswith("questionnaire"):
            continue
        visit(page, f"{DESIGN}/{add or place}")
        if add:
            form = page.locator(f"form[action='/manage/calls/laboratori/arrange/{add}']")
            form.get_by_role("button", name=re.compile("^Aggiungi")).click()
        write(page, place, typed)
    visit(page, "/manage/calls/laboratori/checklist")
    for lacking in (TITLE, REQUESTED, COST):
        page.get_by_role("button", name=it(lacking)).click()
    expect(page.locator("main")).to_contain_text("Non manca niente")


def reorder(page: Page) -> None:
    """The second criterion goes before the first one by the keyboard alone, and back."""
    visit(page, f"{DESIGN}/criteria")
    for step, goal in (("ArrowUp", 0), ("ArrowDown", 1)):
        page.locator(f"#line-criteria-{1 - goal}").focus()
        page.keyboard.press(f"Alt+{step}")
        expect(page.locator(f"#line-criteria-{goal}")).to_be_focused()
        expect(page.locator(f"#line-criteria-{goal}")).to_contain_text("Impatto")
    expect(page.locator("#status")).to_contain_text(it("Moved down."))


def retype(page: Page) -> None:
    """Another type brings its own fields at once, and keeps the words that were typed; nothing is saved."""
    visit(page, f"{DESIGN}/questionnaire/sections/0/questions/0")
    page.locator("[name='label-it']").fill("Nome del progetto")
    page.locator("[name='type']").focus()
    page.locator("[name='type']").select_option("files")
    expect(page.locator("[name='max_files']")).to_be_visible()
    expect(page.locator("[name='label-it']")).to_have_value("Nome del progetto")
    expect(page.locator("[name='type']")).to_be_focused()


def test_a_call_is_designed_from_an_empty_page_published_and_applied_to(open_page, people, come_in, accessible, clock):
    first, second, owner = people
    officer = come_in(open_page(), first)
    begin(officer)
    officer.locator("[name='summary-it']").fill("Si scrive e si vede")
    expect(officer.locator("#preview")).to_contain_text("Si scrive e si vede")
    accessible(officer)
    look(officer, "designer-1280")
    design(come_in(open_page(javascript=False), first))
    reorder(officer)
    retype(officer)
    accessible(officer)
    look(officer, "question-1280")
    officer.set_viewport_size({"width": 360, "height": 800})
    visit(officer, "/manage/calls/laboratori/design/criteria")
    assert officer.locator("[data-outline]").get_attribute("open") is None
    look(officer, "designer-360")
    approve_and_publish(come_in(open_page(), second))
    clock.advance(days=31)
    apply(come_in(open_page(), owner))


def approve_and_publish(page: Page) -> None:
    """The second officer approves what the first one wrote, and publishes it by its act."""
    visit(page, "/manage/calls/laboratori")
    page.locator("summary", has_text="Approva l’avviso").click()
    page.get_by_role("button", name="Approva l’avviso").click()
    expect(page.locator("main")).to_contain_text("L’avviso è approvato")
    visit(page, "/manage/calls/laboratori/publish")
    page.get_by_label(it("Number of the act")).fill("2026/1")
    page.get_by_label(it("Date of the act")).fill("2026-03-01")
    page.get_by_role("button", name=it("Publish the call")).click()
    expect(page.locator("main")).to_contain_text(it("The call is published."))


def apply(page: Page) -> None:
    """A draft is begun, answered and sent."""
    visit(page, "/calls/laboratori/apply")
    page.get_by_role("button", name=it("Begin"), exact=True).click()
    draft = page.url
    page.locator("main").get_by_role("link", name="Il progetto").click()
    page.locator("#q-title").fill("Un cortile aperto")
    page.locator("#q-requested").fill("10.000,00")
    page.locator("#q-cost").fill("12.000,00")
    page.get_by_role("button", name=it("Save and go on")).click()
    visit(page, f"{draft}/send")
    page.get_by_role("button", name=it("Send the application")).click()
    expect(page).to_have_url(re.compile("/receipt$"))
