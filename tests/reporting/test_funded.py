"""Funded projects: what the law asks, to the cent, and never a person or a formula."""

import csv
import io

import pytest

from portal.reporting.queries import FundedFilter, funded_projects
from portal.reporting.rules import entity_code
from tests.engines import both_engines
from tests.factories.base import make_authority, make_call, make_organisation, make_person
from tests.factories.calls import dated_design, publish_design
from tests.factories.reporting import make_funded

REQUIRED = {"id", "title", "description", "currency", "amountAwarded", "awardDate", "recipientOrganization",
            "fundingOrganization"}  # fmt: skip


@pytest.fixture
def grants(store, now):
    """One grant of an organisation, partly paid; one of a group; one not published."""
    with store() as session:
        call = publish_design(session, dated_design(now), now=now)
        owner = make_person(session, now=now, name="Carla Segreta", email="carla@segreta.example")
        entity = make_organisation(session, now=now, owner=owner, name="Officina Libertà", fiscal_code="80015010723")
        group = make_organisation(session, now=now, owner=owner, informal=True, name="Gruppo Madonnella")
        paid = make_funded(session, call, now=now, organisation=entity, awarded_cents=4_000_000, paid_cents=1_600_001)
        other = make_funded(session, call, now=now, organisation=group, title='=HYPERLINK("http://evil.example")')
        hidden = make_funded(session, call, now=now, published=False, title="Nascosto")
        return paid, other, hidden


def rows(client) -> list[dict[str, str]]:
    """The CSV, read as a spreadsheet reads it."""
    text = client.get("/open-data/grants.csv").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@both_engines
def test_the_list_shows_published_grants_with_what_was_paid(page, grants):
    page.get("/funded?lang=it")
    for words in ("Officina Libertà", "Gruppo Madonnella", "€ 40.000,00", "€ 16.000,01", "Libertà"):
        assert page.shows(words), words
    assert not page.shows("Nascosto")
    page.get(f"/funded/{grants[0].reference}")
    for words in (
        "80015010723",
        "Atto 2026/77 del 20 febbraio 2026",
        "Ripartizione Servizi alla persona",
        "€ 23.999,99",
    ):
        assert page.shows(words), words


def test_a_grant_that_is_not_published_is_nowhere(page, client, grants):
    hidden = grants[2].reference
    page.get(f"/funded/{hidden}", 404)
    page.get("/funded/%00", 404)
    for path in ("/funded", "/open-data/grants.csv", "/open-data/grants.json"):
        assert hidden not in client.get(path).get_data(as_text=True)


def test_the_map_has_one_point_for_each_area(client, grants):
    document = client.get("/funded/places.geojson", headers={"Accept-Language": "it"}).get_json()
    [feature] = document["features"]
    assert feature["geometry"]["coordinates"] == [16.8569, 41.1221]
    assert feature["properties"]["name"] == "Libertà"
    assert feature["properties"]["text"].startswith("2 progetti · € 60.000,00")
    assert feature["properties"]["url"] == "/funded?call=bari-urbis&area=liberta"


def test_the_map_of_several_cities_has_one_point_for_each(client, grants, store, now):
    with store() as session:
        make_funded(
            session, make_call(session, make_authority(session, code="torino", name="Torino"), now=now), now=now
        )
    features = client.get("/funded/places.geojson").get_json()["features"]
    assert [feature["properties"]["url"] for feature in features] == ["/funded?city=bari", "/funded?city=torino"]


def test_json_follows_360giving(client, grants):
    document = client.get("/open-data/grants.json").get_json()
    by_id = {grant["id"]: grant for grant in document["grants"]}
    paid = by_id[f"360G-vivaio-{grants[0].reference}"]
    assert len(by_id) == 2
    assert paid.keys() >= REQUIRED
    assert (paid["amountAwarded"], paid["amountDisbursed"], paid["currency"]) == (40000.0, 16000.01, "EUR")
    assert paid["recipientOrganization"] == [{"id": "360G-vivaio-ORG:80015010723", "name": "Officina Libertà"}]
    assert paid["grantProgramme"][0]["url"] == "http://localhost/calls/bari-urbis"
    assert {"legalBasis", "office", "responsibleOfficer", "selectionMode", "projectUrl", "awardAct"} <= paid.keys()


def test_no_cell_of_the_table_is_a_formula(client, grants):
    found = {row["identifier"]: row for row in rows(client)}
    other = found[f"360G-vivaio-{grants[1].reference}"]
    assert other["title"] == '\'=HYPERLINK("http://evil.example")'
    assert (other["recipient_fiscal_code"], other["recipient_kind"]) == ("", "informal group")
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in found.values() for cell in row.values())


def test_no_person_is_published(client, grants, now):
    for path in ("/funded", "/open-data/grants.csv", "/open-data/grants.json", f"/funded/{grants[0].reference}"):
        text = client.get(path).get_data(as_text=True)
        assert "Segreta" not in text
        assert "segreta" not in text
        assert "prova.example" not in text


@pytest.mark.parametrize("code", ["RSSMRA85T10A562S", "8001501072", "", None, "800150107231"])
def test_the_code_of_a_person_is_never_taken_for_an_entity(code):
    assert entity_code(code) is None


def test_the_list_goes_on_by_pages_and_narrows(session, now):
    call = publish_design(session, dated_design(now), now=now)
    other = make_call(session, make_authority(session, code="torino", name="Torino"), now=now)
    for _ in range(3):
        make_funded(session, call, now=now)
    make_funded(session, other, now=now)
    first, more = funded_projects(session, FundedFilter(), most=3)
    rest, end = funded_projects(session, FundedFilter(after=more or ""), most=3)
    assert (len(first), len(rest), end) == (3, 1, None)
    assert len({project.reference for project in first + rest}) == 4
    assert len(funded_projects(session, FundedFilter(city="torino"))[0]) == 1
    assert len(funded_projects(session, FundedFilter(call="bari-urbis", area="liberta"))[0]) == 3
    assert funded_projects(session, FundedFilter(area="nowhere"))[0] == []
