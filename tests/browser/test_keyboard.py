"""Somebody without a mouse signs in, finds the first thing to do, and opens it: Tab and Enter alone."""

from datetime import timedelta

import pytest

from portal.core.clock import now
from portal.core.db import db_session
from tests.factories.applications import World
from tests.factories.base import PASSWORD

NAMED = "(document.activeElement.innerText || document.activeElement.id || document.activeElement.tagName).trim()"
SEEN = """(() => {
  const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect()
  return (style.outlineStyle !== 'none' || style.boxShadow !== 'none') && box.width > 0 && box.height > 0
})()"""
MOST_TABS = 40


@pytest.fixture
def writer(live):
    """The owner of a draft that closes in two days."""
    with live.app.app_context():
        session = db_session()
        world = World(session, now(), closes=timedelta(days=2))
        world.draft()
        email = world.owner.email
        session.commit()
        return email


def tab_to(page, wanted):
    """Press Tab until the focus stands on what is wanted; on the way it is never lost nor invisible."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        name = page.evaluate(NAMED)
        assert name != "BODY", f"the focus fell to the body of {page.url}"
        assert page.evaluate(SEEN), f"the focus on {name!r} cannot be seen on {page.url}"
        if name.startswith(wanted):
            return
    pytest.fail(f"{wanted!r} is not reached by {MOST_TABS} tabs on {page.url}")


def test_the_first_step_of_the_desk_is_opened_by_keyboard(open_page, writer):
    page = open_page()
    page.goto("/sign-in")
    tab_to(page, "Vai al contenuto")
    page.keyboard.press("Enter")
    tab_to(page, "email")
    page.keyboard.type(writer)
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    button = page.locator(".v-due-step .btn").first.inner_text().split("\n")[0].split(":")[0]
    tab_to(page, button)
    page.keyboard.press("Enter")
    page.wait_for_url("**/applications/**")
    assert page.get_by_role("heading", level=1).is_visible()
