"""A session through its pages: convened, opened, noted, closed, signed by the others, shown to everybody if public."""

from datetime import timedelta

import pytest

from portal.access.policy import Role
from portal.calls.rules.times import wall_time
from portal.core.instants import ROME
from portal.evaluation.queries.seats import commission_of
from tests.factories.base import make_staff, sign_in
from tests.factories.evaluation import make_evaluation
from tests.factories.sittings import convene, make_commission, open_one


def signing(page):
    """The forms that sign."""
    return page.tree.xpath("//main//form[contains(@action, '/sign')]/@action")


@pytest.fixture
def world(store, now):
    """An appointed commission with a substitute and a secretary."""
    with store() as session:
        return make_commission(session, now=now)[0]


def test_the_office_appoints_with_substitutes_secretary_and_an_even_number(store, page, now):
    with store() as session:
        world = make_evaluation(session, now=now, members=3)
        spare = make_staff(session, world.authority, Role.EVALUATOR, now=now, name="Ugo Supplente")
    sign_in(page, world.officer.email)
    page.get(f"/manage/calls/{world.call.slug}/commission")
    given = {"act_number": "2026/1", "act_date": now.date().isoformat(), "chair": world.chair.id,
             "members": [str(each.id) for each in world.members], "first_substitute": spare.id,
             "secretary": world.officer.id}  # fmt: skip
    page.submit("#appoint", expect=422, **given)
    assert page.shows("numero dispari")
    page.submit("#appoint", **given, even_reason="Un astenuto annunciato")
    assert page.shows("Un astenuto annunciato")
    assert page.shows("Ugo Supplente")
    with store() as session:
        found = commission_of(session, world.phase.id)
        assert found is not None
        assert found.is_even


def test_a_session_from_its_call_to_its_signatures(store, page, now, world):
    secretary, chair = world.known["secretary"], world.chair
    sign_in(page, secretary.email)
    page.get(f"/commissions/{world.known['commission'].id}")
    page.submit("#convening", expect=422)
    starts = wall_time(now + timedelta(minutes=10), ROME).strftime("%Y-%m-%dT%H:%M")
    page.submit("#convening", starts_at=starts, place="Sala Giunta", agenda="1. Conflitti", is_public="y")
    path = page.url
    page.submit("#opening", expect=422)
    page.submit("#opening", present=[each.get("value") for each in page.tree.xpath("//input[@name='present']")])
    assert page.shows("in corso")
    page.submit("#remarking", text="Si concorda l'ordine di lettura", reference="")
    page.get(f"{path}/closing")
    assert page.shows("Si concorda l'ordine di lettura")
    page.submit("Chiudi la seduta")
    assert page.shows("non ancora firmato")
    page.submit(signing(page)[0])
    sign_in(page, chair.email)
    page.get("/desk")
    assert page.shows("Leggere e firmare il verbale della seduta 1")
    page.get(path)
    page.submit(signing(page)[0])
    assert signing(page) == []
    page.get(page.tree.xpath("//a[contains(@href, '/file')]/@href")[0])
    assert page.response.data.startswith(b"%PDF")


def test_public_sessions_are_on_the_page_of_the_call(store, page, now, world):
    with store() as session:
        convene(session, world, now=now)
        convene(session, world, now=now, is_public=False, place="Stanza riservata")
    page.get(f"/calls/{world.call.slug}")
    assert page.shows("Sedute pubbliche della commissione")
    assert page.shows("Sala Giunta, Bari")
    assert not page.shows("Stanza riservata")


def test_somebody_leaves_and_the_substitute_sits(page, world):
    sign_in(page, world.officer.email)
    path = f"/commissions/{world.known['commission'].id}"
    page.get(path)
    leaving = next(each for each in page.tree.xpath("//select[@name='member']/option") if "Commissario 1" in each.text)
    page.submit("#leaving", expect=422)
    page.submit("#leaving", member=leaving.get("value"), reason="Trasferimento")
    assert page.shows("Elio Commissario 1 lascia la commissione")
    assert page.shows("al posto di Elio Commissario 1 · Trasferimento")


def test_the_pages_ask_the_database_little(store, page, now, world, statements):
    with store() as session:
        sitting = open_one(session, world, convene(session, world, now=now), now=now + timedelta(hours=1))
    sign_in(page, world.known["secretary"].email)
    for path in (f"/commissions/{world.known['commission'].id}", f"/sittings/{sitting.id}",
                 f"/sittings/{sitting.id}/closing"):  # fmt: skip
        with statements() as sent:
            page.get(path)
        assert len(sent) <= 12, (path, len(sent))
