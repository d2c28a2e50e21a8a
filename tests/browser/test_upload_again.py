"""A file whose answer was lost on the way is sent again by itself, and is there once."""

import re

import pytest
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.db import database
from portal.documents.models import StoredFile
from tests.browser.signing_in import enter
from tests.browser.steps.people import it
from tests.factories.applications import World
from tests.factories.documents import PDF
from tests.servers import Live


@pytest.fixture
def draft(live: Live) -> tuple[str, str]:
    """The address of somebody who writes, and that of their draft."""
    with live.app.app_context(), Session(database.engine) as session:
        world = World(session, now())
        found = world.owner.email, f"/applications/{world.draft(whole=False).id}"
        session.commit()
    return found


def files(live: Live) -> int:
    """How many files are stored."""
    with live.app.app_context(), Session(database.engine) as session:
        return session.scalar(select(func.count()).select_from(StoredFile)) or 0


def test_a_lost_answer_leaves_the_file_chosen_and_the_second_attempt_attaches_it_once(
    browser: Browser, live: Live, draft
):
    email, address = draft
    context = browser.new_context(base_url=live.url, locale="it-IT")  # its console may speak of the lost line
    context.set_default_timeout(10_000)
    attempts: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        attempts.append(route.request.method)
        if len(attempts) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort()

    page = enter(context.new_page(), live, email)
    page.goto(f"{address}/documents")
    page.route("**/documents/statute", lose_the_first_answer)
    card = page.locator("#document-statute")
    card.locator("input[type=file]").set_input_files(
        {"name": "statuto.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    card.get_by_role("button", name=it("Attach"), exact=True).click()
    expect(card.get_by_role("alert")).to_contain_text("Connessione interrotta")
    assert files(live) == 1
    card.get_by_role("button", name=it("Try again now")).click()
    expect(card.locator(".v-files a[download]")).to_have_text(re.compile(r"statuto\.pdf"))
    assert (len(attempts), files(live)) == (2, 1)
    context.close()
