"""The office's page of who scores what."""

import pytest

from portal.core.db import database
from portal.core.jobs import run_one
from tests.factories.base import sign_in
from tests.factories.evaluation import appoint, make_evaluation


@pytest.fixture
def world(store, now):
    """Four applications and a commission of five; nothing given out."""
    with store() as session:
        made = make_evaluation(session, now=now, applications=4, members=4)
        appoint(session, made, now=now)
    return made


@pytest.fixture
def work(app, clock):
    """What the worker does, one job after the other."""

    def done():
        with app.app_context():
            while run_one(database.engine, clock=clock, owner="worker"):
                pass

    return done


def test_a_plan_is_asked_for_looked_at_and_put_into_force(world, page, work):
    here = f"/manage/calls/{world.call.slug}/assignments"
    page = sign_in(page, world.officer.email)
    page.get(f"/manage/calls/{world.call.slug}/commission")
    page.click("Assegna le domande")
    page.submit("Prepara un piano")
    assert page.shows("Il piano è in preparazione")
    work()
    page.get(here)
    assert page.shows("Il piano aggiunge 12 assegnazioni")
    assert page.shows("Domande per commissario dopo il piano")
    page.submit("Metti in vigore il piano")
    page.get(here)
    assert page.shows("Assegnazioni in vigore")
    reference = page.tree.xpath("//table[@id='given']//tbody//th")[0].text
    page.get(f"{here}?only={reference}")
    assert len(page.tree.xpath("//table[@id='given']//tbody/tr")) == 3
    page.submit(page.tree.xpath("//form[contains(@action, '/take-back')]/@action")[0])
    page.get(f"{here}?only={reference}")
    assert len(page.tree.xpath("//table[@id='given']//tbody/tr")) == 2


def test_by_hand_a_wrong_number_is_named_beside_its_field(world, page):
    page = sign_in(page, world.officer.email)
    page.get(f"/manage/calls/{world.call.slug}/assignments")
    page.submit("Assegna", expect=422, reference="VIV-2026-999", person=str(world.chair.id))
    assert page.shows("Nessuna domanda in valutazione ha questo numero")
    assert page.field("reference").get("value") == "VIV-2026-999"


def test_the_load_of_an_evaluator_is_written_and_shown(world, page):
    page = sign_in(page, world.officer.email)
    page.get(f"/manage/calls/{world.call.slug}/assignments")
    name = f"{world.chair.id.hex}-most"
    page.submit(f"/manage/calls/{world.call.slug}/assignments/terms/{world.chair.id}?phase=project", **{name: "7"})
    assert page.shows("al massimo 7")
    assert page.field(name).get("value") == "7"
