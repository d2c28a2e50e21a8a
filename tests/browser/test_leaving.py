"""Leaving a page right after the last key: the link waits until the words are saved, and nothing is asked."""

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.db import database
from portal.questionnaires.models import Answer
from tests.browser.signing_in import enter
from tests.factories.applications import World
from tests.servers import Live


def test_a_link_waits_for_the_words_typed_last(browser_page: Page, live: Live):
    with live.app.app_context(), Session(database.engine) as session:
        world = World(session, now(), slug="prossimita")
        sections = world.call.design.questionnaire.sections
        key = next(each.key for each in sections if any(one.key == "title" for one in each.questions))
        draft, email = f"/applications/{world.draft(whole=False).id}", world.owner.email
        session.commit()
    page = enter(browser_page, live, email)
    page.goto(f"{draft}/sections/{key}")
    page.locator("#q-title").press_sequentially("Scritto un attimo prima")
    page.locator(f"a[href='{draft}']").first.click()
    expect(page).to_have_url(f"{live.url}{draft}")
    with live.app.app_context(), Session(database.engine) as session:
        value = session.scalars(select(Answer.value).where(Answer.key == "title")).one()
    assert value["value"] == "Scritto un attimo prima"
