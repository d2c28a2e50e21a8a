"""The public pages in Chromium: axe clean, whole at 360 px, with and without JavaScript."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.db import database
from tests.factories.calls import dated_design, publish_design, shipped_design
from tests.factories.reporting import make_funded

PAGES = ("/", "/calls", "/calls/bari-urbis", "/calls/venezia-welfare-comunita", "/results", "/funded", "/open-data",
         "/accessibility", "/privacy")  # fmt: skip
NO_SIDEWAYS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def filled(live):
    """Two calls, one open; three funded projects."""
    fill(live.app)


def fill(app: Flask) -> None:
    """What a visitor finds."""
    instant = now()
    with app.app_context(), Session(database.engine) as session:
        design = dated_design(instant.replace(hour=11, minute=0, second=0, microsecond=0), closes=timedelta(days=6))
        call = publish_design(session, design, now=instant)
        publish_design(session, shipped_design("venezia-welfare-comunita"), now=instant)
        for title in ("Cucina di cortile", "Doposcuola delle nonne", "Ciclofficina San Pio"):
            make_funded(session, call, now=instant, title=title, awarded_cents=3_600_000, paid_cents=1_440_000)
        session.commit()


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("width", [1280, 360])
def test_filled_pages_are_accessible_and_never_scroll_sideways(open_page, accessible, width):
    page = open_page(width=width)
    for path in PAGES:
        page.goto(path)
        accessible(page)
        assert page.evaluate(NO_SIDEWAYS), f"{path} is wider than {width} pixels"


@pytest.mark.usefixtures("live")
def test_empty_pages_are_accessible(open_page, accessible):
    page = open_page(language="en-GB")
    for path in ("/", "/calls", "/results", "/funded"):
        page.goto(path)
        accessible(page)


@pytest.mark.usefixtures("filled")
def test_a_visitor_finds_the_open_call_without_javascript(open_page):
    page = open_page(javascript=False, width=360)
    page.goto("/")
    page.get_by_role("link", name="URBIS").first.click()
    assert page.get_by_role("link", name="Inizia la domanda").is_visible()
    page.get_by_role("link", name="Come si valuta").click()
    assert page.url.endswith("#assessment")
    page.goto("/calls")
    page.get_by_label("Mostra").select_option("closed")
    page.get_by_role("button", name="Filtra").click()
    assert page.get_by_role("link", name="Welfare di comunità").is_visible()


@pytest.mark.usefixtures("filled")
def test_the_map_shows_areas_and_leads_to_their_projects(open_page):
    page = open_page()
    page.goto("/funded")
    page.locator(".v-map path.leaflet-interactive").first.click()
    page.locator(".leaflet-popup-content a").click()
    page.wait_for_url("**/funded?call=bari-urbis&area=liberta")
    assert page.get_by_text("Cucina di cortile").is_visible()
