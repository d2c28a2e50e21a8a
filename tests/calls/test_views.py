"""The public pages of calls, asked by a strict visitor."""

from datetime import timedelta

import pytest

from portal.access.policy import Role
from tests.engines import both_engines
from tests.factories.base import make_authority, make_call, make_staff, sign_in
from tests.factories.calls import dated_design, publish_design, shipped_design


@pytest.fixture
def call(store, now):
    """A published call of Bari, open around now."""
    with store() as session:
        return publish_design(session, dated_design(now), now=now)


@pytest.fixture
def draft(store, now):
    """A draft of Bari, with an officer of its own and one of another city."""
    with store() as session:
        bari, torino = make_authority(session), make_authority(session, code="torino", name="Torino")
        made = make_call(session, bari, now=now, slug="bozza", published=False)
        own = make_staff(session, bari, Role.OFFICER, now=now)
        return made, own.email, make_staff(session, torino, Role.OFFICER, now=now).email


@both_engines
def test_open_calls_come_first_by_deadline(page, store, now):
    with store() as session:
        for slug, closes in (("dopo", 20), ("prima", 5)):
            publish_design(session, dated_design(now, slug=slug, closes=timedelta(days=closes)), now=now)
        publish_design(session, shipped_design("venezia-welfare-comunita"), now=now)
        later = dated_design(now, slug="futuro", opens=timedelta(days=3), closes=timedelta(days=30))
        publish_design(session, later, now=now)
    page.get("/calls")
    order = [link.get("href") for link in page.tree.xpath("//article//h3/a")]
    assert order == ["/calls/prima", "/calls/dopo", "/calls/futuro", "/calls/venezia-welfare-comunita"]
    for state, slugs in {"open": order[:2], "upcoming": order[2:3], "closed": order[3:]}.items():
        page.get(f"/calls?state={state}")
        assert [link.get("href") for link in page.tree.xpath("//article//h3/a")] == slugs
    page.get("/calls").submit(authority="venezia")
    assert [link.get("href") for link in page.tree.xpath("//article//h3/a")] == order[3:]


@pytest.mark.parametrize("query", ["state=nonsense", "authority=%00", "authority=nowhere", "state=open&state=closed"])
def test_an_odd_filter_is_no_fault(page, call, query):
    page.get(f"/calls?{query}")


def test_a_call_tells_what_decides_first(page, call):
    page.get("/calls/bari-urbis?lang=it")
    for words in (
        "€ 15.000,00 – € 40.000,00",
        "quota propria di almeno il 15 %",
        "giovedì 12 marzo 2026, 10:00 (ora di Roma)",
        "Impatto sociale",
        "punteggio più alto in «Impatto sociale»",
        "Criteri sintetici",
        "Statuto o atto costitutivo",
        "Libertà",
        "urbis@comune-bari.example",
        "Atto 2026/210/00001 del 1 febbraio 2026",
    ):
        assert page.shows(words), words
    assert page.tree.xpath("//a[@href='/calls/bari-urbis/apply']")


def test_a_call_reads_in_english_too(page, call):
    page.get("/calls/bari-urbis?lang=en")
    assert page.heading == "URBIS – New neighbourhood services"
    assert page.shows("Thursday 12 March 2026, 10:00 (Rome time)")
    assert page.shows("€15,000.00 – €40,000.00")


def test_a_closed_call_shows_every_deadline_it_had_and_no_way_in(page, store, now):
    with store() as session:
        publish_design(session, shipped_design("venezia-welfare-comunita"), now=now)
    page.get("/calls/venezia-welfare-comunita?lang=it")
    for words in (
        "giovedì 12 dicembre 2019, 12:00",
        "martedì 31 dicembre 2019, 13:00",
        "Atto PG/2019/0629450",
        "acqua alta",
    ):
        assert page.shows(words), words
    assert not page.tree.xpath("//a[contains(@href, '/apply')]")


def test_the_deadline_includes_its_own_instant(page, call, clock, now):
    clock.set(now + timedelta(days=10))
    page.get("/calls/bari-urbis")
    assert page.tree.xpath("//a[@href='/calls/bari-urbis/apply']")
    clock.advance(seconds=1)
    page.get("/calls/bari-urbis")
    assert not page.tree.xpath("//a[@href='/calls/bari-urbis/apply']")


def test_a_draft_is_secret_to_all_but_its_office(page, visitors, draft):
    _, own, foreign = draft
    for path in ("/calls/bozza", "/calls/bozza/areas.geojson", "/calls/bozza/deadline.ics"):
        page.get(path, 404)
        sign_in(visitors(), foreign).get(path, 404)
    shown = sign_in(visitors(), own).get("/calls/bozza?lang=it")
    assert shown.shows("non è ancora pubblicato")
    assert not page.get("/calls").shows("URBIS")


@pytest.mark.parametrize("slug", ["nope", "%00", "BARI", "a" * 90, "..", "bari-urbis%0a"])
def test_no_such_call(page, call, slug):
    page.get(f"/calls/{slug}", 404)


def test_areas_are_drawn_by_their_outline_or_their_point(client, call):
    document = client.get("/calls/bari-urbis/areas.geojson").get_json()
    ring = document["features"][0]["geometry"]["coordinates"][0]
    assert document["features"][0]["geometry"]["type"] == "Polygon"
    assert ring[0] == ring[-1] == [16.8539, 41.1302]
    assert document["features"][1]["geometry"] == {"type": "Point", "coordinates": [16.7968, 41.1118]}
    assert len(document["features"]) == 8


def test_the_deadline_goes_into_a_calendar(client, call):
    answer = client.get("/calls/bari-urbis/deadline.ics")
    assert answer.mimetype == "text/calendar"
    assert b"DTSTART:20260312T090000Z" in answer.data


def test_a_visitor_keeps_an_unchanged_page(client, call, store):
    first = client.get("/calls/bari-urbis", headers={"Accept-Language": "it"})
    tag = {"If-None-Match": first.headers["ETag"], "Accept-Language": "it"}
    again = client.get("/calls/bari-urbis", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Security-Policy" not in again.headers
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "private, no-cache"
    assert client.get("/calls/bari-urbis", headers=tag | {"Accept-Language": "en"}).status_code == 200


def test_a_changed_page_is_sent_again(client, call, clock):
    tag = {"If-None-Match": client.get("/calls/bari-urbis").headers["ETag"]}
    clock.advance(days=11)
    assert client.get("/calls/bari-urbis", headers=tag).status_code == 200


def test_somebody_signed_in_keeps_nothing(page, draft, call):
    sign_in(page, draft[1]).get("/calls/bari-urbis")
    assert "ETag" not in page.response.headers
    assert page.response.headers["Cache-Control"] == "no-store"


def test_the_list_and_the_call_stay_within_their_statements(page, store, now, statements):
    with store() as session:
        for n in range(12):
            publish_design(session, dated_design(now, slug=f"avviso-{n}"), now=now)
    with statements() as sent:
        page.get("/calls")
    assert len(sent) <= 8
    with statements() as sent:
        page.get("/calls/avviso-3")
    assert len(sent) <= 12
