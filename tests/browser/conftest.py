"""Chromium over the live portal: a page fails its test on any console error or breach of the policy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from tests.browser.signing_in import enter
from tests.servers import CHROMIUM_OPTIONS, Live, chromium

REFUSALS_ARE_SHOWN = "Failed to load resource: the server responded with a status of 4"
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FAULTS_ALONE = AXE_RULES | {"resultTypes": ["violations"]}
"""The same rules; what passed is not put together."""


class Complaints:
    """What a browser complained of while a test ran."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def watch(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.lines.append(f"error in {page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSALS_ARE_SHOWN):
            self.lines.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.lines.append(f"{response.status} for {response.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, one a worker."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_OPTIONS))
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """`open_page(javascript=True, width=1280, language="it-IT")`: a fresh visitor; relative URLs work."""
    complaints = Complaints()
    contexts = []

    def opened(*, javascript: bool = True, width: int = 1280, language: str = "it-IT", **options: Any) -> Page:
        context = browser.new_context(
            base_url=live.url,
            java_script_enabled=javascript,
            locale=language,
            timezone_id="Europe/Rome",
            viewport={"width": width, "height": 800},
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("page", complaints.watch)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert not complaints.lines, "the browser complained:\n" + "\n".join(complaints.lines)


@pytest.fixture
def browser_page(open_page: Callable[..., Page]) -> Page:
    """One visitor's page, in Italian, with JavaScript, 1280 pixels wide."""
    return open_page()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """`accessible(page)`: axe finds nothing (WCAG 2.2 AA, good practice) on the page as it stands."""

    def check(page: Page) -> None:
        found = Axe().run(page, options=FAULTS_ALONE)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def come_in(live: Live) -> Callable[[Page, str], Page]:
    """`come_in(page, email)`: a whole session for somebody, without form or code; the desk is shown."""
    return lambda page, email: enter(page, live, email)
