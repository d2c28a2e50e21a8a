"""The first page, results and declarations: true numbers, both languages, nothing that is not public."""

import pytest

from portal.calls.operations import import_call
from portal.core.actor import SYSTEM
from portal.reporting.queries import home_totals
from tests.engines import both_engines
from tests.factories.base import make_application, make_authority, make_call, make_organisation
from tests.factories.calls import dated_design, publish_design, shipped_design
from tests.factories.reporting import make_funded, make_ranking

PAGES = ("/", "/calls", "/results", "/funded", "/open-data", "/accessibility", "/privacy", "/styleguide")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["it", "en"])
def test_every_public_page_stands_empty_in_both_languages(page, path, language):
    page.get(f"{path}?lang={language}")
    assert page.tree.get("lang") == language


@both_engines
def test_the_first_page_shows_open_calls_and_sums_of_the_ledger(page, store, now):
    with store() as session:
        call = publish_design(session, dated_design(now), now=now)
        publish_design(session, shipped_design("venezia-welfare-comunita"), now=now)
        make_funded(session, call, now=now, awarded_cents=4_000_000, paid_cents=1_600_050)
        make_funded(session, call, now=now, published=False)
        make_application(session, call, make_organisation(session, now=now), now=now)
    page.get("/?lang=it")
    assert [link.get("href") for link in page.tree.xpath("//article//h3/a")] == ["/calls/bari-urbis"]
    for words in ("€ 2.774.000,00", "€ 60.000,00", "€ 16.000,50", "€ 43.999,50"):
        assert page.shows(words), words
    with store() as session:
        totals = home_totals(session)
    assert (totals.applications, totals.projects) == (2, 1)


def test_a_draft_weighs_nothing_on_the_first_page(session, now):
    import_call(session, design=dated_design(now), actor=SYSTEM, now=now)
    assert home_totals(session).money.budget_cents == 0


def test_results_list_published_rankings_only(page, store, now):
    with store() as session:
        call = make_call(session, make_authority(session), now=now)
        shown, hidden = make_ranking(session, call, now=now), make_ranking(session, call, now=now, published=False)
    page.get("/results?lang=it")
    assert page.tree.xpath(f"//a[@href='/rankings/{shown.id}']")
    assert str(hidden.id) not in page.html
    assert page.shows("provvisoria")
    assert not page.get("/results?call=another").tree.xpath("//table")


def test_public_lists_stay_within_their_statements(page, store, now, statements):
    with store() as session:
        for n in range(6):
            call = publish_design(session, dated_design(now, slug=f"avviso-{n}"), now=now)
            make_funded(session, call, now=now, paid_cents=100)
            make_funded(session, call, now=now)
    for path in (
        "/",
        "/results",
        "/funded",
        "/funded?call=avviso-2",
        "/funded/places.geojson",
        "/open-data/grants.csv",
    ):
        with statements() as sent:
            page.get(path)
        assert len(sent) <= 8, path


@pytest.mark.parametrize("path", PAGES[:-1])
def test_a_visitor_keeps_an_unchanged_page(client, path):
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, "Content-Security-Policy" in again.headers) == (304, False)


def test_security_txt_says_where_to_write_and_until_when(client):
    answer = client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.get_data(as_text=True).splitlines())
    assert lines["Contact"].startswith("mailto:")
    assert lines["Expires"] == "2026-08-29T00:00:00Z"


def test_the_style_guide_is_not_for_production(portals, clock):
    secret = "s" * 40
    app = portals.fresh("sqlite", "production", production=True, origin="https://bandi.example", secret_key=secret)
    client = app.test_client()
    for path in ("/styleguide", "/styleguide/part"):
        assert client.get(path, base_url="https://bandi.example").status_code == 404


@pytest.mark.parametrize("query", ["call=%00", "city=x&area=%00", "after=VIV-9", "after=%00", "call=" + "x" * 500])
def test_an_odd_question_is_no_fault(page, query):
    for path in ("/funded", "/results", "/open-data/grants.json", "/funded/places.geojson"):
        page.get(f"{path}?{query}")
