"""A form of every type in the browser: by keyboard on a phone, two people at one table, and without scripts."""

import os
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, expect

from portal.calls.rules.pricing import pricing_of
from portal.core.clock import now
from portal.core.db import db_session
from portal.core.money import format_money
from portal.questionnaires.fields.rows import pricing_of_page, sums_of
from portal.questionnaires.rules import FilledForm, Form, Question, stored_answer
from tests.factories.applications import World
from tests.factories.documents import PDF
from tests.factories.duties import PRICED, cost_row, priced_design, priced_table
from tests.factories.forms import rich_design

SHOTS = os.environ.get("VIVAIO_SCREENSHOTS")


NUMBERS = ("", "0", "1", "2,5", "0,05", "1,005", "12,34", "7.5", "1.000", "-3", "x", "333,33", "99,99")
AMOUNTS = ("", "0,01", "0,05", "10", "1.234,55", "1234.50", "1,005", "€ 7,77", "33.333,33", "99.999,99", "-5", "012")
COMPUTED_BY_THE_PAGE = """([cases, sums, pricing]) => cases.map(rows => {
  const frame = document.createElement('div')
  Object.assign(frame.dataset, { sums, pricing })
  const add = (row, tag, name, data) => {
    const made = document.createElement(tag)
    if (name) made.name = name
    Object.assign(made.dataset, data)
    return row.appendChild(made)
  }
  rows.forEach((typed, number) => {
    const row = add(frame, 'p', '', { row: '' })
    for (const key in typed) add(row, 'input', `costs.${number}.${key}`, {}).value = typed[key]
    add(row, 'span', '', { result: 'cost' })
  })
  const derived = add(frame, 'p', '', { derived: '0' })
  add(derived, 'span', '', { base: '' })
  add(derived, 'span', '', { result: 'cost' })
  add(frame, 'span', '', { total: 'cost' })
  document.body.appendChild(frame)
  frame.querySelector('input').dispatchEvent(new Event('input', { bubbles: true }))
  const seen = [...frame.querySelectorAll('[data-result], [data-base], [data-total]')].map(each => each.textContent)
  frame.remove()
  return seen
})"""


def random_rows(chance: Random) -> list[dict[str, str]]:
    """Rows as somebody might type them."""
    kinds = [each.key for each in PRICED.categories if each.key != "overhead"]
    return [
        cost_row(chance.choice(kinds), chance.choice(NUMBERS), chance.choice(AMOUNTS))
        for _row in range(chance.randint(1, 6))
    ]


def expected(filled: FilledForm, table: Question) -> list[str]:
    """What the portal shows: the amount of each row, the base and the amount of the flat rate, the total."""
    *rows, rate = filled.rows(table)
    amounts = [row.get("cost") for row in rows]
    return [
        format_money(cents) for cents in (*amounts, rate["_by"]["base"], rate["cost"], filled.totals(table)["cost"])
    ]


@pytest.fixture
def draft(live):
    """A draft of a call that asks everything, of somebody who can sign in."""
    with live.app.app_context():
        session = db_session()
        world = World(session, now(), slug="tutto", design=rich_design())
        found = world.owner.email, f"/applications/{world.draft(whole=False).id}"
        session.commit()
        return found


def look(page: Page, name: str) -> None:
    """Keep a picture where one is asked for."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def saved(page: Page) -> None:
    """Wait until what was typed is kept."""
    page.locator("[data-save-state][data-state=saved]").wait_for()


def typed(page: Page, name: str, text: str) -> None:
    """Type into a field as the keyboard does, then leave it."""
    page.locator(f"[name='{name}']").focus()
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def test_a_form_of_every_type_is_written_with_the_keyboard_on_a_phone(open_page, draft, come_in, accessible):
    email, address = draft
    page = come_in(open_page(width=360), email)
    page.goto(f"{address}/sections/idea")
    typed(page, "title", "Un orto per tutti")
    page.locator("#q-alone-0").focus()
    page.keyboard.press("ArrowRight")
    partner = page.locator("[name='partners.0.name']")
    partner.wait_for()
    partner.focus()
    page.keyboard.type("Arci Bari")
    page.locator("#q-partners-add").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name='partners.1.name']")).to_be_focused()
    expect(page.locator("#status")).to_contain_text("2 in tutto")
    expect(partner).to_have_value("Arci Bari")
    look(page, "idea-360")
    page.goto(f"{address}/sections/rest")
    accessible(page)
    for name, text in (("costs.0.item", "Legno"), ("costs.0.quantity", "2,5"), ("costs.0.unit_cost", "10,10")):
        typed(page, name, text)
    expect(page.locator("[data-total=cost]")).to_have_text("€ 25,25")
    saved(page)
    page.locator("#q-costs-add").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name='costs.1.item']")).to_be_focused()
    typed(page, "place.lat", "41,1221")
    typed(page, "place.lon", "16,8569")
    expect(page.locator("#q-place-says")).to_contain_text("Libertà")
    page.locator("[name='papers.file']").set_input_files({"name": "carta.pdf", "mimeType": "x/y", "buffer": PDF})
    page.locator("button[value='attach papers']").press("Enter")
    page.get_by_role("link", name="carta.pdf", exact=True).wait_for()
    accessible(page)
    look(page, "rest-360")


def test_the_page_computes_to_the_cent_what_the_portal_computes(open_page, live):
    """The same texts, in a table of simplified costs: every amount, base and total, also of what cannot be read."""
    page, table = open_page(), priced_table()
    page.goto("/sign-in")
    form = Form(priced_design().questionnaire.sections)
    pricing = pricing_of(PRICED, form)
    cases = [random_rows(Random(number)) for number in range(120)]
    with live.app.test_request_context("/?lang=it"):
        sums, priced = sums_of(table), pricing_of_page(table, pricing["costs"])
        wanted = [expected(FilledForm(form, {"costs": stored_answer(table, rows, areas=())}, {}, pricing), table)
                  for rows in cases]  # fmt: skip
    assert page.evaluate(COMPUTED_BY_THE_PAGE, [cases, sums, priced]) == wanted


def test_two_people_at_one_table_lose_nothing(open_page, draft, come_in):
    email, address = draft
    first, second = come_in(open_page(), email), come_in(open_page(width=360), email)
    for page in (first, second):
        page.goto(f"{address}/sections/rest")
    first.locator("[name='costs.0.item']").fill("Legno")
    saved(first)
    second.locator("[name='costs.0.item']").fill("Viti")
    second.wait_for_selector("[data-save-state][data-state=conflict]")
    expect(second.locator("#q-costs-says blockquote")).to_contain_text("Legno")
    expect(second.locator("[name='costs.0.item']")).to_have_value("Viti")
    second.get_by_role("button", name="Salva", exact=True).click()
    second.wait_for_selector("#q-costs-conflict")
    expect(second.locator("[name='costs.0.item']")).to_have_value("Viti")
    assert second.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look(second, "conflict-table-360")


def test_rows_conditions_and_pages_need_no_javascript(open_page, draft, come_in, accessible):
    email, address = draft
    page = come_in(open_page(javascript=False, width=360), email)
    page.goto(f"{address}/sections/idea")
    page.locator("#q-alone-1").check()
    page.get_by_role("button", name="Salva", exact=True).click()
    page.locator("[name='partners.0.name']").fill("Arci")
    page.locator("#q-partners-add").click()
    assert page.url.endswith("#q-partners-1-name")
    expect(page.locator("[name='partners.0.name']")).to_have_value("Arci")
    page.get_by_role("button", name="Salva e continua").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dove e quanto")
    page.get_by_role("button", name="Salva e torna indietro").click()
    page.goto(f"{address}/sections/rest")
    page.locator("[name='the_address.municipality']").fill("Livo")
    page.locator("[name='the_address.street']").fill("Via Roma")
    page.locator("[name='the_address.postcode']").fill("22010")
    page.get_by_role("button", name="Salva", exact=True).click()
    expect(page.locator("#q-the_address-says")).to_contain_text("Livo (CO)")
    look(page, "plain-360")


@pytest.mark.parametrize("width", [1280, 320])
def test_nothing_is_lost_on_any_width(open_page, draft, come_in, accessible, width):
    email, address = draft
    page = open_page(width=width)
    page.goto("/calls/tutto/eligibility")
    page.get_by_label("Chi presenterebbe la domanda?").select_option("association")
    page.get_by_role("button", name="Vedi il risultato").click()
    expect(page.locator("#result")).to_contain_text("si può partecipare")
    accessible(page)
    look(page, f"eligibility-{width}")
    come_in(page, email)
    for path in ("/sections/idea", "/sections/rest", ""):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        look(page, f"{path.rpartition('/')[2] or 'list'}-{width}")
