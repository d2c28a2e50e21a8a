"""The technical part of a report, as a strict browser without scripts sees it: written, sent, read, kept as a PDF."""

import io

import pytest

from tests.factories.base import sign_in
from tests.factories.costs import start, with_costs
from tests.factories.documents import PDF
from tests.factories.grants import make_world
from tests.factories.payments import put_under_way
from tests.factories.technical import TECHNICAL

MOST_STATEMENTS = 12


@pytest.fixture
def world(store, now, clock):
    with store() as session:
        world = make_world(session, now=now)
        grant = put_under_way(world, world.application)
        with_costs(session, world.call, grant, reporting=TECHNICAL)
        world.now = clock.advance(days=60)
        world.paths["report"] = f"/costs/{start(world, grant).id}"
        return world


@pytest.fixture
def team(world, page):
    return sign_in(page, world.owner.email)


def answered(team, world):
    at = world.paths["report"]
    team.get(f"{at}/technical/work")
    team.submit("#section", done="Aperta la bottega.", changed="no", **{"photos.file": (io.BytesIO(PDF), "foto.pdf")})
    team.submit("#section", reached="120")


def test_it_is_answered_section_by_section_and_what_is_missing_is_named(team, world):
    at = world.paths["report"]
    team.get(at)
    assert team.shows("Parte tecnica")
    team.get(f"{at}/technical/work")
    team.submit("#section", done="Aperta la bottega.", changed="yes")
    team.get(f"{at}/send")
    assert team.shows("Domanda why")
    assert team.shows("Domanda reached")
    assert not team.shows("Domanda done")
    assert not team.shows("Inviare il rendiconto")
    team.get(f"{at}/technical/people?check=1")
    assert team.shows("Scrivere un numero")
    team.submit("#section", 422, reached="molte")
    assert team.field("reached").get("value") == "molte"


def test_it_is_sent_with_the_costs_then_read_by_the_office_on_the_page_and_as_a_pdf(team, world, visitors):
    at = world.paths["report"]
    answered(team, world)
    team.get(f"{at}/send")
    team.submit(f"{at}/send")
    officer = sign_in(visitors(), world.officer.email).get(at)
    assert officer.shows("Aperta la bottega.")
    assert officer.shows("120")
    assert officer.shows("foto.pdf")
    assert not officer.shows("Domanda why")
    assert opened(officer, officer.tree.xpath("//a[contains(@href, '/technical/files/')]/@href")[0])[:4] == b"%PDF"
    read = officer.tree.xpath("//a[contains(@href, '/read')]/@href")[0]
    officer.get(read)
    assert officer.shows("Aperta la bottega.")
    assert officer.shows("foto.pdf")
    assert opened(officer, read.replace("/read", "/pdf"))[:4] == b"%PDF"


def opened(page, path):
    answer = page.client.get(path)
    assert answer.status_code == 200
    return answer.data


def test_an_autosave_answers_with_what_changed_alone(team, world):
    at = f"{world.paths['report']}/technical/work"
    team.get(at)
    team.post(at, htmx=True, **{"changed": "yes", "v-changed": "0", "v-done": "0", "v-photos": "0"})
    assert "Domanda why" in team.html
    assert "<h1" not in team.html


def test_the_page_of_a_report_with_answers_keeps_to_its_statements(team, world, statements):
    team.get(world.paths["report"])
    with statements() as seen:
        team.get(world.paths["report"])
    assert len(seen) <= MOST_STATEMENTS, seen
