"""Beginning and writing, as people do in the browser without JavaScript, and as the page saves while they type."""

import io
import re

import pytest
from sqlalchemy import func, select, update

from portal.access.models import WebSession
from portal.applications.models import Application
from portal.questionnaires.models import Answer
from tests.factories.base import sign_in
from tests.factories.documents import PDF

APPLY = "/calls/prossimita/apply"
HOSTILE = [
    "' OR 1=1 --", "{{ 7*7 }}", "<script>alert(1)</script>", "</div><base href=//evil>", "\x00nullo", "a\r\nBcc: b@c.d",
    "\u202egnirts", "data-hx-get=/x", "e\u0301", " \u200b ", "x" * 400,
]  # fmt: skip


def value_of(store, key):
    with store() as session:
        return session.scalars(select(Answer.value).where(Answer.key == key)).one()


def test_whoever_has_no_organisation_is_led_to_make_one(page, people, store, now):
    page.get(APPLY)
    assert page.url.startswith("/sign-in")


def test_a_draft_is_begun_for_an_organisation(page, people):
    sign_in(page, people.owner).get(APPLY).submit("#start", organisation=str(people.organisation_id))
    assert page.shows("VIV-2026-000001")
    assert page.tree.xpath("//ol[@class='v-steps']/li")


def test_a_second_beginning_is_told_where_the_first_is(page, people, begun):
    begun(whole=False)
    sign_in(page, people.owner).get(APPLY).submit("#start", 409, organisation=str(people.organisation_id))
    assert page.shows("VIV-2026-000001")


def test_a_double_click_begins_once(page, people, store):
    sign_in(page, people.owner).get(APPLY)
    fields = dict(page.tree.xpath("//form[@id='start']")[0].form_values())
    first = page.post(APPLY, **fields).url
    assert page.post(APPLY, **fields).url == first
    with store() as session:
        assert session.scalar(select(func.count(Application.id))) == 1


@pytest.mark.parametrize("organisation", ["", "x", "5f1d7a3c-0000-4000-8000-000000000000"])
def test_another_organisation_cannot_be_chosen(page, people, organisation, nothing_changes):
    sign_in(page, people.owner).get(APPLY)
    with nothing_changes():
        page.post(APPLY, 422, organisation=organisation)


def test_a_closed_call_says_so(page, people, clock):
    clock.advance(days=11)
    sign_in(page, people.owner).get(APPLY)
    assert not page.tree.xpath("//form[@id='start']")
    page.post(APPLY, 423, organisation=str(people.organisation_id))


def test_an_unknown_call_is_not_found(page, people):
    sign_in(page, people.owner).get("/calls/atlantide/apply", 404)


def test_saving_without_scripts_goes_on_to_the_next_section(page, people, begun):
    address, (first, second, *_) = begun(whole=False), people.sections
    sign_in(page, people.owner).get(f"{address}/sections/{first}")
    page.submit("#section")
    assert page.url == f"{address}/sections/{second}"


def section_with(page, address, people, field):
    for key in people.sections:
        page.get(f"{address}/sections/{key}")
        if page.tree.xpath(f"//*[@name='{field}']"):
            return page
    raise AssertionError(field)


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_is_kept_or_refused_never_run(page, people, begun, store, text):
    address = begun(whole=False)
    section_with(sign_in(page, people.owner), address, people, "title")
    form = page.tree.xpath("//form[@id='section']")[0].get("action")
    fields = dict(page.tree.xpath("//form[@id='section']")[0].form_values()) | {"title": text, "stay": "yes"}
    response = page.client.post(form, data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code in {303, 422}
    page.get(address)
    page.get(form)
    assert "<script>alert" not in page.html


AMBIGUOUS = ["1234.50", "-5", "1,234", "NaN", "inf", "１２", "1e9", "12,345", "0,001", "9" * 30, "€"]


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_an_amount_that_can_be_read_in_two_ways_is_kept_as_typed_with_its_mend(page, people, begun, text):
    address = begun(whole=False)
    section_with(sign_in(page, people.owner), address, people, "requested")
    page.submit("#section", 422, requested=text)
    assert page.field("requested").get("value") == text
    assert page.tree.xpath("//*[@id='error-summary']//a[@href='#q-requested']")
    page.get(page.url)
    assert page.field("requested").get("value") == text


def test_a_draft_saved_while_typing_answers_with_new_versions(page, people, begun, store):
    address = begun(whole=False)
    section_with(sign_in(page, people.owner), address, people, "title")
    form = page.tree.xpath("//form[@id='section']")[0]
    fields = dict(form.form_values())
    for version, title in enumerate(["Uno", "Due", "Tre"]):
        page.post(form.get("action"), htmx=True, **(fields | {"title": title, "v-title": version}))
        assert re.search(rf'name="v-title" value="{version + 1}"', page.html)
    assert value_of(store, "title") == {"value": "Tre"}


@pytest.mark.parametrize("htmx", [True, False])
def test_a_stale_version_overwrites_nothing_and_shows_both_texts(visitors, people, begun, store, htmx):
    address = begun(whole=False)
    first = section_with(sign_in(visitors(), people.owner), address, people, "title")
    second = section_with(sign_in(visitors(), people.editor), address, people, "title")
    first.submit("#section", title="La mia versione")
    form = second.tree.xpath("//form[@id='section']")[0]
    fields = dict(form.form_values()) | {"title": "La sua versione", "stay": "yes"}
    second.post(form.get("action"), 409, htmx=htmx, **fields)
    assert second.shows("La mia versione")
    assert value_of(store, "title") == {"value": "La mia versione"}
    if not htmx:
        assert second.field("title").get("value") == "La sua versione"
        second.submit("#section")
        assert value_of(store, "title") == {"value": "La sua versione"}


def test_the_other_version_can_be_kept(visitors, people, begun, store):
    address = begun(whole=False)
    first = section_with(sign_in(visitors(), people.owner), address, people, "title")
    second = section_with(sign_in(visitors(), people.editor), address, people, "title")
    first.submit("#section", title="La mia versione")
    second.submit("#section", 409, title="La sua versione")
    second.submit("#section", **{"theirs-title": True})
    assert value_of(store, "title") == {"value": "La mia versione"}


@pytest.mark.parametrize("htmx", [True, False])
def test_after_the_term_nothing_is_saved_and_the_text_is_kept(page, people, begun, clock, store, htmx):
    address = begun(whole=False)
    section_with(sign_in(page, people.owner), address, people, "title")
    form = page.tree.xpath("//form[@id='section']")[0]
    clock.advance(days=10, seconds=1)
    sign_in(page, people.owner)
    fields = dict(form.form_values()) | {"title": "Troppo tardi", "csrf_token": page.csrf_token}
    page.post(form.get("action"), 423, htmx=htmx, **fields)
    if not htmx:
        assert page.field("title").get("value") == "Troppo tardi"
    with store() as session:
        assert session.scalar(select(func.count(Answer.id)).where(Answer.key == "title")) == 0


def test_a_session_that_ends_while_writing_costs_no_text(page, people, begun, store):
    address = begun(whole=False)
    section_with(sign_in(page, people.owner), address, people, "title")
    form = page.tree.xpath("//form[@id='section']")[0]
    fields = dict(form.form_values()) | {"title": "Scritto a lungo"}
    with store() as session:
        session.execute(update(WebSession).values(ended_at=WebSession.began_at))
    page.post(form.get("action"), 401, htmx=True, **fields)
    assert "data-error-fragment" in page.html
    page.post(form.get("action"), 401, **fields)
    kept = dict(page.tree.xpath("//form[@id='send-again']")[0].form_values())
    sign_in(page, people.owner)
    page.post(form.get("action"), **{name: text for name, text in kept.items() if name != "csrf_token"})
    assert value_of(store, "title") == {"value": "Scritto a lungo"}


def test_a_viewer_reads_and_cannot_write(page, people, begun):
    address = begun()
    sign_in(page, people.viewer).get(f"{address}/sections/{people.sections[0]}")
    assert not page.tree.xpath("//form[@id='section']")
    page.post(f"{address}/sections/{people.sections[0]}", 403, title="No")


@pytest.mark.parametrize("who", ["stranger", "officer"])
@pytest.mark.parametrize("path", ["", "/sections/idea", "/documents", "/send", "/receipt", "/content"])
def test_a_draft_does_not_exist_for_others(page, people, begun, who, path):
    address = begun(whole=False)
    sign_in(page, getattr(people, who))
    response = page.client.get(address + path)
    assert response.status_code in {403, 404}
    assert b"VIV-2026" not in response.data


# ---- files ----


def test_a_file_is_attached_replaced_fetched_and_removed_without_scripts(page, people, begun):
    address = begun(whole=False)
    sign_in(page, people.owner).get(f"{address}/documents")
    page.post(f"{address}/documents/statute", file=(io.BytesIO(PDF), "statuto.pdf"))
    assert page.shows("statuto.pdf")
    page.get(f"{address}/documents")
    page.post(f"{address}/documents/statute", file=(io.BytesIO(PDF + b"%2"), "nuovo.pdf"))
    (name,) = page.tree.xpath("//ul[@class='v-files'][not(ancestor::details)]//a[@download]")
    assert name.text_content().strip() == "nuovo.pdf"
    answer = page.client.get(name.get("href"))
    assert answer.data == PDF + b"%2"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (removing,) = page.tree.xpath("//form[contains(@action, '/statute/remove')]/@action")
    page.submit(removing)
    assert not page.tree.xpath("//ul[@class='v-files'][not(ancestor::details)]")
    earlier = page.tree.xpath("//details//ul[@class='v-files']//a[@download]")
    assert [link.text_content() for link in earlier] == ["nuovo.pdf", "statuto.pdf"]
    assert [page.client.get(link.get("href")).data for link in earlier] == [PDF + b"%2", PDF]


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "vuoto.pdf"), (b"<svg/>", "disegno.svg"), (b"<html>", "pagina.pdf"), (PDF, "statuto.exe"), (PDF, "")],
)
def test_a_wrong_file_is_refused_beside_its_document(page, people, begun, content, name, htmx):
    address = begun(whole=False)
    sign_in(page, people.owner).get(f"{address}/documents")
    page.post(f"{address}/documents/statute", 422, htmx=htmx, file=(io.BytesIO(content), name))
    assert page.tree.xpath("//*[@id='document-statute']//p[contains(@class, 'v-error')]")


def test_a_file_is_for_its_team_alone(visitors, people, begun):
    address = begun()
    owner = sign_in(visitors(), people.owner).get(f"{address}/documents")
    link = owner.tree.xpath("//ul[@class='v-files']//a/@href")[0]
    for who in (people.stranger, people.officer):
        sign_in(visitors(), who).get(link, 404)
    assert visitors().client.get(link).status_code == 303
    assert sign_in(visitors(), people.viewer).client.get(link).status_code == 200
