"""Writing when the line fails and when the session ends: the text stays, and is saved by itself."""

import re

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access.models import WebSession
from portal.core.clock import now
from portal.core.db import database
from portal.questionnaires.models import Answer
from tests.browser.signing_in import enter
from tests.factories.applications import World
from tests.servers import Live


@pytest.fixture
def draft(live: Live) -> tuple[str, str]:
    """Somebody who writes, and the section of the title of their draft."""
    with live.app.app_context(), Session(database.engine) as session:
        world = World(session, now(), slug="prossimita")
        sections = world.call.design.questionnaire.sections
        key = next(each.key for each in sections if any(one.key == "title" for one in each.questions))
        found = world.owner.email, f"/applications/{world.draft(whole=False).id}/sections/{key}"
        session.commit()
    return found


def title(live: Live) -> object:
    """What is kept of the title."""
    with live.app.app_context(), Session(database.engine) as session:
        found = session.scalars(select(Answer.value).where(Answer.key == "title")).one_or_none()
        return found and found["value"]


def test_neither_a_lost_line_nor_the_end_of_the_session_loses_a_word(browser: Browser, live: Live, draft):
    email, address = draft
    context = browser.new_context(base_url=live.url, locale="it-IT")  # its console may speak of the lost line
    context.set_default_timeout(10_000)
    page = enter(context.new_page(), live, email)
    page.goto(address)
    box, state = page.locator("#q-title"), page.locator("[data-save-state=section]")
    box.fill("Scritto in rete")
    expect(state).to_have_text(re.compile(r"salvato alle \d\d:\d\d"))

    context.set_offline(True)
    box.fill("Scritto senza rete")
    expect(state).to_have_text(re.compile(r"non salvato: riprovo fra \d+ s"))
    page.get_by_role("button", name="Salva", exact=True).click()
    expect(box).to_have_value("Scritto senza rete")
    context.set_offline(False)
    expect(state).to_have_attribute("data-state", "saved")
    assert title(live) == "Scritto senza rete"

    with live.app.app_context(), Session(database.engine) as session:
        session.execute(update(WebSession).values(ended_at=WebSession.began_at))
        session.commit()
    box.fill("Scritto dopo la fine")
    banner = page.locator("[data-save-banner]")
    expect(banner.get_by_role("link")).to_be_visible()
    assert title(live) == "Scritto senza rete"
    enter(context.new_page(), live, email).close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(state).to_have_attribute("data-state", "saved")
    expect(banner).to_be_hidden()
    assert title(live) == "Scritto dopo la fine"
    context.close()
