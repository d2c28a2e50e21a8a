"""The main pages of every role over the demonstration, at 320 px (400 % zoom of 1280): axe clean, no sideways scroll,
no dead link.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.models import Call
from portal.core.actor import SYSTEM
from portal.core.db import database
from portal.demo.people import DOMAIN
from portal.rehearsal.operations import begin_rehearsal, close_rehearsal, play_step
from tests.browser.conftest import AXE_RULES
from tests.factories.demonstration import in_the_demonstration

REHEARSED = ("/manage/calls/torino-prossimita-2026/rehearsals", "@/manage/rehearsals/*")
WALKS: dict[str, tuple[str, ...]] = {
    "applicant": ("/desk", "@/grants/*", "@/tranches/*", "@/milestones/*", "@/engagements/*", "@/organisations/*",
                  "@/organisations/*/edit", "@/organisations/*/documents/offer"),
    "group": ("/desk", "@/applications/*", "@/applications/*/outcome", "/organisations/new"),
    "officer": (
        "/desk", "/manage/calls", "/manage/calls/torino-prossimita-2026", "/manage/calls/bari-urbis/applications",
        "@/applications/*", "/manage/calls/bari-urbis/commission", "@/rankings/*", "@/rankings/*/results/*",
        "/manage/calls/bari-urbis/grants", "@/grants/*", "/manage/likeness", "@/manage/likeness/bari/*/*",
        "@/organisations/*/offers/*", *REHEARSED,
    ),
    "evaluator": ("/scoring", "@/scoring/*"),
    "coach": ("/coaching", "@/engagements/*"),
    "finance_maker": ("/finance", "/finance?status=approved", "/finance/orders", "@/finance/orders/*"),
    "finance_approver": (
        "/finance?status=proposed", "@/tranches/*", "/finance/ledger", "/finance/trial-balance?kind=award",
        "/finance/periods",
    ),
    "auditor": ("/manage/calls/bari-urbis",),
    "administrator": ("/desk", "/account/sessions", "/account/second-factor", "/account/second-factor/app"),
}  # fmt: skip
"""Pages by role; "@" asks for the first link of that shape among those met so far."""
KEY = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}")
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
LINKS = "nodes => nodes.map(node => node.href)"
FAULTS_ALONE = AXE_RULES | {"resultTypes": ["violations"]}
OF_EACH_SHAPE = 2


@pytest.mark.timeout(300)
def test_the_main_pages_of_every_role_are_accessible_and_lead_somewhere(portals, live, clock, open_page, come_in):
    rehearse_a_little(in_the_demonstration(portals, live.app), clock())
    walkers = {role: Walker(role, open_page, come_in) for role in WALKS}
    faults = [f"{role}: {fault}" for role, walker in walkers.items() for fault in walker.walk(WALKS[role])]
    faults += [f"officer at 1280 px: {fault}" for fault in walkers["officer"].look_again(REHEARSED, width=1280)]
    assert not faults, "\n".join(faults)


def rehearse_a_little(app: Flask, now: datetime) -> None:
    """A call that was played for two steps, then closed."""
    with app.app_context(), Session(database.engine) as session:
        call = session.scalars(select(Call).where(Call.slug == "torino-prossimita-2026")).one()
        rehearsal = begin_rehearsal(session, call_id=call.id, actor=SYSTEM, now=now, in_background=False)
        for _ in range(2):
            play_step(session, rehearsal_id=rehearsal.id, now=now)
        close_rehearsal(session, rehearsal_id=rehearsal.id, actor=SYSTEM, now=now)
        session.commit()


@dataclass
class Walker:
    """One person on a narrow screen, who looks at pages and tries the links of each."""

    role: str
    open_page: Callable[..., Page]
    come_in: Callable[[Page, str], Page]
    met: dict[str, list[str]] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    shapes: Counter[str] = field(default_factory=Counter)
    page: Page | None = None

    def walk(self, path: tuple[str, ...]) -> Iterator[str]:
        """What is wrong with these pages."""
        page = self.page = self.open_page(width=320)
        self.come_in(page, f"{self.role}@{DOMAIN}")
        for wanted in path:
            found = self._address(wanted)
            if found is None:
                yield f"no link to {wanted[1:]} was met; there are {sorted(self.met)}"
                continue
            yield from self._look_at(page, found)

    def look_again(self, path: tuple[str, ...], *, width: int) -> Iterator[str]:
        """What is wrong with these pages where there is more room."""
        assert self.page is not None
        self.page.set_viewport_size({"width": width, "height": 900})
        for wanted in path:
            yield from self._look_at(self.page, self._address(wanted) or wanted)

    def _address(self, wanted: str) -> str | None:
        if not wanted.startswith("@"):
            return wanted
        return next(iter(self.met.get(wanted[1:], [])), None)

    def _look_at(self, page: Page, address: str) -> Iterator[str]:
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            yield f"{address} answers {answer and answer.status}"
            return
        if page.locator("html").get_attribute("lang") != "it":
            yield f"{address} is not in Italian"
        if (wide := page.evaluate(TOO_WIDE)) > 0:
            yield f"{address} is {wide} px too wide"
        found = Axe().run(page, options=FAULTS_ALONE)
        for violation in found.response["violations"]:
            places = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            yield f"{address} {violation['id']}: {violation['help']} ({places})"
        yield from self._try_links(page, address)

    def _try_links(self, page: Page, address: str) -> Iterator[str]:
        """Every link of the page that was not tried yet; of lists, the first ones of each shape."""
        for href in page.locator("a[href]").evaluate_all(LINKS):
            target = urlsplit(urljoin(page.url, href))
            link = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc != urlsplit(page.url).netloc or link in self.tried:
                continue
            shape = KEY.sub("/*", target.path)
            self.met.setdefault(shape, []).append(link)
            self.tried.add(link)
            self.shapes[shape] += 1
            if self.shapes[shape] <= OF_EACH_SHAPE and (status := page.request.get(link).status) >= 400:
                yield f"{address} leads to {link}, which answers {status}"
