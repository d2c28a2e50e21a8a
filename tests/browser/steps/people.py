"""People at their browsers: each with a context of their own, reading Italian, finding things by role and label."""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

from babel.support import Translations
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

import portal
from portal.access.queries import person_by_email
from portal.core.actor import Actor
from portal.core.db import database
from portal.core.jobs.models import Job, JobState
from portal.core.jobs.worker import new_owner, run_one
from tests.browser.signing_in import next_code, open_session
from tests.conftest import Clock
from tests.factories.base import PASSWORD, as_actor
from tests.factories.journey import address_of
from tests.servers import Live

LOG = logging.getLogger(__name__)
CATALOGUE = Translations.load(Path(portal.__file__).parent / "translations", ["it"])


def it(message: str, **values: Any) -> str:
    """The words of the page in Italian; texts of the call are Italian already and stay."""
    found = str(CATALOGUE.gettext(message))
    return found % values if values else found


def it_in_part(message: str) -> str:
    """The longest piece of these words in Italian that says the same whatever is filled in."""
    return max(re.split(r"%\(\w+\)s", it(message)), key=len).strip()


def it_counted(one: str, many: str, num: int) -> str:
    """The words of the page for a number of things."""
    return str(CATALOGUE.ungettext(one, many, num)) % {"num": num}


def beginning(text: str) -> re.Pattern[str]:
    """A name that begins with these words: hidden words may follow that tell one button from the next."""
    return re.compile("^" + re.escape(text))


def named(text: str) -> re.Pattern[str]:
    """This name, alone or with hidden words after a colon."""
    return re.compile("^" + re.escape(text) + r"\s*(:|$)")


class Somebody:
    """One person at one browser."""

    def __init__(
        self, key: str, page: Page, code: Callable[[str], str], enter: Callable[[Page, str], None] | None = None
    ) -> None:
        self.key, self.page, self._code, self._enter = key, page, code, enter

    # ---- going ----

    def visit(self, path: str) -> "Somebody":
        """Open a page; whoever is asked to sign in, or for a code, gives it."""
        self.page.goto(path)
        return self.come_in()

    def come_in(self) -> "Somebody":
        """Sign in where the page asks for it, and be at the page that was asked for."""
        if "/sign-in" in self.page.url and self._enter:
            wanted = parse_qs(urlsplit(self.page.url).query).get("next", ["/desk"])[0]
            self._enter(self.page, address_of(self.key))
            self.page.goto(wanted)
        elif "/sign-in" in self.page.url:
            self.sign_in()
        return self.prove_if_asked()

    def prove_if_asked(self) -> "Somebody":
        """Write the code of the app where the page asks for it."""
        if self.page.locator("#proof").count():
            self.fill("Code of six digits", self._code(address_of(self.key)))
            with self.page.expect_navigation():
                self.main.get_by_role("button", name=named(it("Confirm"))).first.click()
            expect(self.page.locator("#proof")).to_have_count(0)
        return self

    def sign_in(self) -> None:
        """Address and password, in the form that is open."""
        self.fill("E-mail address", address_of(self.key))
        self.fill("Password", PASSWORD)
        self.press("Sign in")
        expect(self.page).not_to_have_url(re.compile("/sign-in"))
        self.prove_if_asked()
        expect(self.page.locator("html")).to_have_attribute("lang", "it")

    def follow(self, text: str, **values: Any) -> "Somebody":
        """Follow a link of the page's content."""
        with self.page.expect_navigation():
            self.main.get_by_role("link", name=beginning(it(text, **values))).first.click()
        return self.prove_if_asked()

    def take_step(self, what: str) -> "Somebody":
        """From the desk: the due step with these words, and its one button."""
        self.visit("/desk")
        step = self.main.get_by_role("listitem").filter(has_text=what).first
        with self.page.expect_navigation():
            step.get_by_role("link").first.click()
        return self

    @property
    def main(self) -> Locator:
        """The content of the page."""
        return self.page.get_by_role("main")

    @property
    def path(self) -> str:
        """Where they are, without the host."""
        return "/" + self.page.url.split("/", 3)[3]

    def status_of(self, path: str) -> int:
        """The status that this person's browser gets for an address."""
        return self.page.request.get(path, max_redirects=0).status

    # ---- doing ----

    def fill(self, label: str, text: str) -> None:
        """Write in the field with this label."""
        self.main.get_by_label(beginning(it(label))).first.fill(text)

    def choose(self, question: str, option: str) -> None:
        """Choose one of a group of options."""
        group = self.main.get_by_role("group", name=beginning(it(question)))
        group.get_by_label(beginning(it(option))).check()

    def tick(self, label: str) -> None:
        """Tick the box with this label."""
        self.main.get_by_label(beginning(it(label))).check()

    def press(self, text: str, *, swaps: bool = False, **values: Any) -> "Somebody":
        """Press the button with this name and wait for the answer: a page, or the part that htmx swaps."""
        button = self.main.get_by_role("button", name=named(it(text, **values))).locator("visible=true").first
        self._send(button, swaps=swaps)
        return self

    def confirm(self, text: str, *, swaps: bool = False, **values: Any) -> "Somebody":
        """Open the effect of an act, then do it."""
        name = it(text, **values)
        panel = self.main.locator("details.v-confirm").filter(has=self.page.locator("summary", has_text=name)).first
        panel.locator("summary").click()
        self._send(panel.get_by_role("button", name=named(name)), swaps=swaps)
        return self

    def open_details(self, text: str) -> "Somebody":
        """Unfold what stands behind these words."""
        self.main.locator("summary", has_text=it(text)).first.click()
        return self

    def _send(self, button: Locator, *, swaps: bool) -> None:
        if not swaps:
            with self.page.expect_navigation():
                button.click()
            self.prove_if_asked()
            return
        with self.page.expect_response(lambda response: response.request.method == "POST"):
            button.click()

    # ---- looking ----

    def sees(self, text: str, **values: Any) -> "Somebody":
        """The page says this, in Italian where the catalogue knows it."""
        expect(self.main).to_contain_text(it(text, **values))
        return self

    def heading(self, text: str, **values: Any) -> "Somebody":
        """The page has this title."""
        expect(self.main.get_by_role("heading", level=1)).to_have_text(it(text, **values))
        return self

    def download(self, text: str) -> bytes:
        """Take the file behind a link."""
        with self.page.expect_download() as taken:
            self.main.get_by_role("link", name=beginning(it(text))).first.click()
        return Path(taken.value.path()).read_bytes()


class Stage:
    """The portal, its clock, its database, and everybody who has come so far.

    `by_form`: whether people sign in by form and code; else a session is opened for them, and signing in is not shown.
    """

    def __init__(self, live: Live, clock: Clock, open_page: Callable[..., Page], *, by_form: bool = True) -> None:
        self.live, self.clock, self._open_page, self.by_form = live, clock, open_page, by_form
        self._people: dict[str, Somebody] = {}
        self.facts: dict[str, Any] = {}
        """What one step leaves for the next: addresses and numbers that the pages showed."""

    def person(self, key: str) -> Somebody:
        """One of the cast, at a browser of their own."""
        if key not in self._people:
            enter = None if self.by_form else self._enter
            self._people[key] = Somebody(key, self._open_page(), self.code, enter)
        return self._people[key]

    def _enter(self, page: Page, email: str) -> None:
        open_session(page, self.live, email)

    def actor(self, session: Session, key: str) -> Actor:
        """One of the cast, as an operation receives them."""
        person = person_by_email(session, address_of(key))
        assert person is not None
        return as_actor(session, person, now=self.clock())

    def code(self, email: str) -> str:
        """What the app of this person shows: a code works once, so time goes on where none is left."""
        while (code := next_code(self.live.app, email)) is None:
            self.clock.advance(seconds=30)
        return code

    def session(self) -> AbstractContextManager[Session]:
        """The database behind the pages."""

        @contextmanager
        def opened() -> Iterator[Session]:
            with self.live.app.app_context(), Session(database.engine) as session:
                yield session
                session.commit()

        return opened()

    def play(self, steps: "Sequence[tuple[str, Step]]") -> None:
        """Step by step; an error says during which one."""
        for name, step in steps:
            began = perf_counter()
            try:
                step(self)
            except BaseException as error:
                error.add_note(f"while: {name}")
                raise
            LOG.info("%5.1f s  %s", perf_counter() - began, name)

    def work(self) -> None:
        """Let the worker do what is due; no job may have failed."""
        with self.live.app.app_context():
            while run_one(database.engine, clock=self.clock, owner=new_owner()):
                pass
        with self.session() as session:
            left = session.query(Job).filter((Job.state == JobState.FAILED) | Job.error.is_not(None)).all()
            assert not left, [(job.kind, job.error) for job in left]


Step = Callable[[Stage], object]
