"""A form of every type, written as people write it: without scripts, and as the page saves while they type."""

import io
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal.questionnaires.models import Answer
from tests.factories.applications import World, make_draft
from tests.factories.base import make_organisation, sign_in
from tests.factories.documents import PDF
from tests.factories.forms import rich_design

CELLS = "//tbody/tr[@data-row]"


@pytest.fixture
def draft(store, now):
    """A draft of a call that asks everything."""
    with store() as session:
        world = World(session, now, slug="tutto", design=rich_design())
        application = world.draft(whole=False)
        return SimpleNamespace(
            address=f"/applications/{application.id}", owner=world.owner.email, call_id=world.call.id,
            organisation_id=world.organisation.id,
        )  # fmt: skip


@pytest.fixture
def writer(page, draft):
    """The owner, with `section(key, number=1)` opened."""
    sign_in(page, draft.owner)
    page.section = lambda key, number=1: page.get(f"{draft.address}/sections/{key}?page={number}")
    return page


def value_of(store, key):
    with store() as session:
        return session.scalars(select(Answer.value).where(Answer.key == key)).one_or_none()


def fields_of(page):
    """The fields of the section as the browser would send them, and where."""
    form = page.tree.xpath("//form[@id='section']")[0]
    fields: dict[str, list[str]] = {}
    for name, text in form.form_values():
        fields.setdefault(name, []).append(text)
    return form.get("action"), fields


def test_every_type_is_rendered_and_read_back(writer, store):
    writer.section("rest")
    action, fields = fields_of(writer)
    typed = {
        "size": "12,5", "where": ["home", "street"], "the_percentage": "50 %", "the_choice": "city",
        "the_date": "2026-12-01", "the_fiscal_code": "rssmra 85t10 a562s", "the_vat_number": "IT 01199250158",
        "the_iban": "it60 x054 2811 1010 0000 0123 456", "the_cup": "f79d1900 0030007",
        "the_address.street": "Via Sparano", "the_address.postcode": "70121", "the_address.municipality": "bari",
        "place.lat": "41,1221", "place.lon": "16,8569", "the_people.0.name": "Rosa", "the_people.0.gender": "woman",
        "costs.0.item": "Legno", "costs.0.quantity": "2,5", "costs.0.unit_cost": "10,10", "honest": "yes",
        "stay": "yes",
    }  # fmt: skip
    writer.post(action, **(fields | typed))
    assert writer.shows("25,25")
    assert writer.field("the_address.municipality").get("value") == "Bari (BA)"
    assert writer.field("the_fiscal_code").get("value") == "RSSMRA85T10A562S"
    assert writer.shows("dentro l’area «Libertà»")
    assert value_of(store, "where") == {"value": ["home", "street"]}
    again = fields_of(writer)[1]
    writer.post(action, **(again | {"stay": "yes"}))
    assert writer.shows("25,25")
    with store() as session:
        assert set(session.scalars(select(Answer.version))) == {1}


def press(page, do, *, htmx=False, expect=200, **more):
    """Press a button of rows, with everything else as the page has it."""
    action, fields = fields_of(page)
    typed = {name.replace("__", "."): text for name, text in more.items()}
    return page.post(action, expect, htmx=htmx, **(fields | typed | {"rows-do": do}))


def items(page):
    """What stands in the first column of the table."""
    return [row.xpath(".//input/@value")[0] for row in page.tree.xpath(CELLS)]


def test_rows_are_added_moved_and_removed_without_scripts(writer):
    writer.section("rest")
    press(writer, "add costs", costs__0__item="Legno", size="7")
    assert items(writer) == ["Legno", ""]
    assert writer.led_to[0].endswith("#q-costs-1-item")
    assert writer.field("size").get("value") == "7"
    assert writer.tree.xpath("//*[@data-autofocus]/@id") == ["q-costs-1-item"]
    press(writer, "add costs", costs__1__item="Viti")
    press(writer, "up costs 1")
    assert items(writer) == ["Viti", "Legno"]
    press(writer, "down costs 0")
    assert items(writer) == ["Legno", "Viti"]
    press(writer, "remove costs 0")
    assert items(writer) == ["Viti"]


def test_a_swapped_table_equals_the_reloaded_one_and_says_what_was_done(writer, draft):
    writer.section("rest")
    press(writer, "add costs", htmx=True, costs__0__item="Legno", costs__0__quantity="2", costs__0__unit_cost="5")
    assert writer.tree.xpath("//*[@id='status']//text()[contains(., '2')]")
    assert writer.tree.xpath("//*[@data-autofocus]/@id") == ["q-costs-1-item"]
    swapped = [row.text_content().split() for row in writer.tree.xpath(CELLS)]
    writer.get(f"{draft.address}/sections/rest?longer=costs")
    assert [row.text_content().split() for row in writer.tree.xpath(CELLS)] == swapped
    assert writer.shows("10,00")


def test_more_rows_than_asked_are_kept_and_cannot_be_sent(writer):
    writer.section("rest")
    rows = {f"costs__{number}__item": f"Voce {number}" for number in range(5)}
    press(writer, "up costs 0", expect=422, **rows)
    assert len(items(writer)) == 5
    assert not writer.tree.xpath("//*[@id='q-costs-add']")


@pytest.mark.parametrize("act", ["remove costs 99", "up costs -1", "add nothing", "fly costs 0", "remove title 0"])
def test_a_button_that_makes_no_sense_changes_nothing(writer, act):
    writer.section("rest")
    press(writer, act, costs__0__item="Legno")
    writer.section("rest")
    assert items(writer)[0] == "Legno"


def test_a_cell_that_cannot_be_read_is_marked_where_it_stands(writer):
    writer.section("rest")
    action, fields = fields_of(writer)
    writer.post(action, 422, **(fields | {"costs.0.item": "Legno", "costs.0.quantity": "molti"}))
    (cell,) = writer.tree.xpath("//*[@id='q-costs-0-quantity']")
    assert cell.get("value") == "molti"
    assert cell.get("aria-invalid") == "true"
    assert writer.tree.xpath("//*[@id='error-summary']//a[@href='#q-costs-0-quantity']")


def test_an_answer_opens_a_question_and_the_other_closes_it_without_losing_what_was_written(writer, store):
    writer.section("idea")
    assert not writer.tree.xpath("//*[@name='v-partners']")
    action, fields = fields_of(writer)
    writer.post(action, htmx=True, **(fields | {"alone": "no"}))
    assert writer.tree.xpath("//*[@id='f-partners']//input[@name='partners.0.name']")
    writer.section("idea")
    action, fields = fields_of(writer)
    writer.post(action, htmx=True, **(fields | {"partners.0.name": "Arci", "alone": "yes"}))
    (place,) = writer.tree.xpath("//*[@id='f-partners']")
    assert not place.xpath(".//input")
    writer.section("idea")
    assert not writer.tree.xpath("//*[@name='v-partners']")
    assert value_of(store, "partners") == {"value": [{"name": "Arci"}]}


def test_a_section_that_is_not_asked_is_neither_listed_nor_required(writer, draft, store, now):
    with store() as session:
        world = World.again(session, now, draft.organisation_id, draft.call_id)
        group = make_organisation(session, now=now, owner=world.owner, informal=True)
        begun = make_draft(session, world.call, group, by=world.actor, now=now, whole=False)
        address, owner = f"/applications/{begun.id}", draft.owner
    writer.get(draft.address)
    assert writer.tree.xpath("//ol[@class='v-steps']//a[contains(@href, 'sections/entity')]")
    sign_in(writer, owner).get(address)
    assert not writer.tree.xpath("//ol[@class='v-steps']//a[contains(@href, 'sections/entity')]")
    writer.get(f"{address}/sections/entity")
    assert not writer.tree.xpath("//*[@name='statute']")


def test_pages_lead_on_and_back_and_save_each_time(writer, draft, store):
    writer.section("idea")
    assert "1" in writer.text
    writer.submit("#section", title="Un orto")
    assert writer.url == f"{draft.address}/sections/idea?page=2"
    action, fields = fields_of(writer)
    writer.post(action, **(fields | {"requested": "cento", "stay": "back"}))
    assert writer.url == f"{draft.address}/sections/idea"
    assert writer.field("title").get("value") == "Un orto"
    writer.section("idea", 2)
    assert writer.field("requested").get("value") == "cento"
    writer.submit("#section", requested="100")
    assert writer.url == f"{draft.address}/sections/rest"


def test_a_text_over_its_advice_is_saved_and_one_over_its_limit_cannot_be_sent(writer, draft):
    writer.section("idea")
    writer.submit("#section", story="x" * 60)
    writer.section("idea")
    assert writer.tree.xpath("//*[@id='q-story-says']//*[@class='v-advice']")
    writer.submit("#section", 422, story="x" * 101)
    assert len(writer.field("story").text.strip()) == 101
    writer.get(f"{draft.address}/send")
    assert writer.tree.xpath("//ul[@class='v-gates']//a[contains(@href, '#q-story')]")


@pytest.mark.parametrize("htmx", [True, False])
def test_a_conflict_on_a_table_shows_mine_and_theirs(visitors, draft, store, htmx):
    first, second = (sign_in(visitors(), draft.owner).get(f"{draft.address}/sections/rest") for _ in range(2))
    press(first, "add costs", costs__0__item="Legno")
    press(second, "add costs", htmx=htmx, expect=409, costs__0__item="Viti")
    assert items(second)[0] == "Viti"
    assert second.tree.xpath("//blockquote//td[contains(., 'Legno')]")
    assert value_of(store, "costs")["value"] == [{"item": "Legno"}]
    if not htmx:
        press(second, "up costs 0")
        assert value_of(store, "costs")["value"] == [{"item": "Viti"}]


# ---- files ----


def attach(page, expect=200, *, htmx=False, name="carta.pdf", content=PDF, **more):
    """Choose a file and press the button."""
    action, fields = fields_of(page)
    upload = {"papers.file": (io.BytesIO(content), name), "rows-do": "attach papers"}
    return page.post(action, expect, htmx=htmx, **(fields | upload | more))


@pytest.mark.parametrize("htmx", [True, False])
def test_a_file_is_attached_with_the_rest_of_the_page_fetched_and_removed(writer, store, htmx):
    writer.section("rest")
    attach(writer, htmx=htmx, size="7")
    assert writer.shows("carta.pdf")
    (link,) = writer.tree.xpath("//ul[@class='v-files']//a[@download]/@href")
    assert writer.client.get(link).data == PDF
    assert value_of(store, "size") == {"value": "7"}
    attach(writer.section("rest"))  # the same file again
    assert len(value_of(store, "papers")["value"]) == 1
    (file,) = value_of(store, "papers")["value"]
    press(writer.section("rest"), f"detach papers {file['id']}", htmx=htmx)
    assert not writer.shows("carta.pdf")
    assert value_of(store, "papers") == {"value": None}


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(("name", "content"), [("carta.exe", PDF), ("carta.pdf", b"<html>"), ("carta.pdf", b"")])
def test_a_wrong_file_is_refused_at_its_question_and_the_rest_is_saved(writer, store, name, content, htmx):
    writer.section("rest")
    attach(writer, 200 if htmx else 422, htmx=htmx, name=name, content=content, size="7")
    assert writer.tree.xpath("//*[@id='q-papers-says']//*[@class='v-error']")
    assert value_of(store, "size") == {"value": "7"}
    assert value_of(store, "papers") is None


def test_too_many_files_are_refused(writer, store):
    writer.section("rest")
    for number in range(3):
        attach(writer, 422 if number == 2 else 200, content=PDF + b"%" + str(number).encode(), name=f"{number}.pdf")
    assert len(value_of(store, "papers")["value"]) == 2
