"""People of the money spine at their browsers: signed in anew at each visit, each page looked at, acts by keyboard."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

from portal.core.db import database
from portal.core.jobs.worker import new_owner, run_one
from portal.reporting.invariants import CHECKS
from tests.browser.signing_in import next_code, open_session
from tests.browser.steps.people import Somebody, it, named
from tests.conftest import Clock
from tests.engines import hand_out
from tests.servers import Live

NARROW, WIDE = {"width": 360, "height": 800}, {"width": 1280, "height": 800}
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
HERE = "node => document.activeElement === node"
MOST_TABS = 90
ROOMS = ("portal.ledger", "portal.milestones", "portal.payments")
T = TypeVar("T")


class Spine:
    """The portal, its clock, and whoever has come: `people` are addresses by key."""

    def __init__(
        self, live: Live, clock: Clock, open_page: Callable[..., Page], accessible: Callable[[Page], None]
    ) -> None:
        self.live, self.clock, self._open_page, self._accessible = live, clock, open_page, accessible
        self.people: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.codes: list[str] = []
        """Whom the portal asked for a code."""
        self._pages: dict[str, Page] = {}

    def write(self, made: Callable[[Session], T]) -> T:
        """Let operations write what no browser has to show."""
        with self.live.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
            hand_out(session)
            found = made(session)
            session.commit()
            return found

    def at(self, who: str, path: str, *, strong: bool = True) -> Somebody:
        """Somebody at a page; `strong=False`: signed in by password alone, so that the portal asks for a code."""
        page = self._pages[who] = self._pages.get(who) or self._open_page()
        open_session(page, self.live, self.people[who], strong=strong)
        return Somebody(who, page, lambda _address: self._code(who)).visit(path)

    def _code(self, who: str) -> str:
        self.codes.append(who)
        while (code := next_code(self.live.app, self.people[who])) is None:
            self.clock.advance(seconds=30)
        return code

    def look(self, who: Somebody) -> Somebody:
        """The page as it stands: axe finds nothing, and at 360 px nothing is wider than the page."""
        who.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        assert who.page.evaluate(TOO_WIDE) <= 0, f"{who.page.url} is too wide"
        self._accessible(who.page)
        who.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        return who

    def work(self) -> None:
        """The worker does what is due."""
        with self.live.app.app_context():
            while run_one(database.engine, clock=self.clock, owner=new_owner()):
                pass

    def nothing_is_broken(self) -> None:
        """What `portal check` would say of these rooms; the world before them is made by factories."""
        checks = [check for check in CHECKS if check.__module__.startswith(ROOMS)]
        broken = self.write(lambda session: [line for check in checks for line in check(session)])
        assert not broken, broken


def reach(who: Somebody, wanted: Locator) -> None:
    """From the top of the content by Tab alone to what is wanted; the focus can be seen there."""
    expect(wanted).to_have_count(1)
    who.page.evaluate("document.querySelector('main').focus()")
    for _ in range(MOST_TABS):
        who.page.keyboard.press("Tab")
        if wanted.evaluate(HERE):
            return
    pytest.fail(f"not reached by {MOST_TABS} tabs on {who.page.url}: {wanted}")


def act_by_keyboard(who: Somebody, text: str, **values: Any) -> Somebody:
    """Open the effect of an act and do it, with Tab and Enter alone."""
    name = it(text, **values)
    panel = who.main.locator("details.v-confirm").filter(has=who.page.locator("summary", has_text=name)).first
    reach(who, panel.locator("summary"))
    who.page.keyboard.press("Enter")
    reach(who, panel.get_by_role("button", name=named(name)))
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")
    return who.prove_if_asked()


def row(who: Somebody, text: str | re.Pattern[str]) -> Locator:
    """The rows of tables with these words."""
    return who.main.get_by_role("row").filter(has_text=text)
