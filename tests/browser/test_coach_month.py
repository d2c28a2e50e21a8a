"""A coach's month: times proposed and chosen, sessions logged on a phone, confirmed, disputed and mended, confirmed by
silence; notes with three readers; the statement with the minutes that count and no others.
"""

import re
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy.orm import Session

from portal.core.db import database
from portal.core.jobs.worker import new_owner, run_one
from tests.browser.signing_in import open_session
from tests.browser.steps.people import Somebody, beginning, it
from tests.conftest import Clock
from tests.factories.grants import World, make_world
from tests.servers import Live

AGREED, TWICE, UNANSWERED = "Bozza di statuto letta insieme.", "Piano dei conti.", "Chiamata sul calendario."
WRONG = "È durato un'ora, non un'ora e mezza."
COUNTED = 3
"""Sessions in the statement: agreed, mended, left unanswered."""
NOTES = {"shared": "Portare i tre preventivi.", "office": "Il gruppo è stanco.", "author": "Chiedere del trasloco."}


class Month:
    """The team, its coach at a phone, the people at their desks; every visit is signed in anew."""

    def __init__(self, live: Live, clock: Clock, world: World, open_page: Any) -> None:
        self.live, self.clock, self.world = live, clock, world
        self.team = world.paths["team"]
        self._pages = {
            "coach": open_page(width=360, has_touch=True, is_mobile=True), "owner": open_page(), "officer": open_page(),
        }  # fmt: skip

    def at(self, who: str, path: str) -> Somebody:
        """Somebody at a page."""
        email, page = getattr(self.world, who).email, self._pages[who]
        open_session(page, self.live, email)
        return Somebody(who, page, str).visit(path)

    def on(self, day: int, hour: int, *, month: int = 3) -> None:
        """Go on to a day of 2026, in UTC."""
        self.clock.set(datetime(2026, month, day, hour, tzinfo=self.clock().tzinfo))

    def log(self, began: str, minutes: str, summary: str) -> Somebody:
        """The coach logs a session on the phone."""
        coach = self.at("coach", self.team)
        coach.fill("When it began", began)
        coach.main.get_by_label(beginning(f"{minutes} min")).check()
        coach.tick(self.world.owner.name)
        coach.fill("What happened", summary)
        return coach.press("Save the session").sees(summary)

    def work(self) -> None:
        """The worker does what is due."""
        with self.live.app.app_context():
            while run_one(database.engine, clock=self.clock, owner=new_owner()):
                pass


def card(who: Somebody, text: str) -> Locator:
    """The last session with these words."""
    return who.main.locator("#sessions").get_by_role("article").filter(has_text=text).first


@pytest.fixture
def month(live: Live, clock: Clock, open_page: Any) -> Month:
    """A coach and a team with thirty hours."""
    with live.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        registry: Any = database.session.registry
        registry.set(session)
        world = make_world(session, now=clock())
        world.paths["team"] = f"/engagements/{world.engage().id}"
        session.commit()
    return Month(live, clock, world, open_page)


def propose_and_choose(month: Month) -> None:
    """The coach proposes two times, whoever represents the team picks the second one from the desk."""
    coach = month.at("coach", f"{month.team}/meeting")
    coach.fill("First time", "2026-03-04T10:00")
    coach.fill("Second time", "2026-03-05T15:00")
    coach.fill("Where, if in person", "Casa del quartiere")
    coach.press("Propose these times").sees("Casa del quartiere")
    owner = month.at("owner", "/desk").take_step(it("Choose a time for the meeting"))
    with owner.page.expect_navigation():
        owner.main.get_by_role("button", name=re.compile("5 marzo 2026, 15:00")).click()
    owner.sees("agreed")


def hold_and_confirm(month: Month) -> None:
    """Once it is over the log begins with it; the team confirms."""
    month.on(5, 16)
    coach = month.at("coach", "/desk").take_step("5 marzo 2026, 15:00")
    coach.sees("Filled in from the meeting that was agreed: change what was otherwise.")
    coach.fill("What happened", AGREED)
    coach.press("Save the session").sees("No meeting is planned.")
    owner = month.at("owner", month.team)
    card(owner, AGREED).get_by_role("button", name=beginning(it("Confirm"))).click()
    expect(card(owner, AGREED)).to_contain_text(it("confirmed"))


def dispute_and_mend(month: Month) -> None:
    """Half an hour too much: the team says so, the coach takes the session back and logs it as it was."""
    month.on(12, 16)
    month.log("2026-03-12T10:00", "90", TWICE)
    owner = month.at("owner", month.team)
    disputed = card(owner, TWICE)
    disputed.locator("summary").click()
    disputed.get_by_label(beginning(it("What is not right"))).fill(WRONG)
    disputed.get_by_role("button", name=it("Dispute the session")).click()
    expect(disputed).to_contain_text(it("disputed by the team"))
    coach = month.at("coach", month.team).sees(WRONG)
    wrong = card(coach, TWICE)
    wrong.locator("summary").click()
    wrong.get_by_label(beginning(it("Why it is taken back"))).fill("Ha ragione il gruppo.")
    with coach.page.expect_navigation():
        wrong.get_by_role("button", name=it("Take the session back")).click()
    month.log("2026-03-12T10:00", "60", TWICE)
    owner = month.at("owner", month.team)
    owner.main.get_by_role("button", name=beginning(it("Confirm"))).first.click()
    expect(owner.main.get_by_role("button", name=beginning(it("Confirm")))).to_have_count(0)


def write_notes(month: Month) -> None:
    """Three notes; each is read by those whom it is for."""
    for readers, what in NOTES.items():
        coach = month.at("coach", month.team)
        coach.open_details("Write a note").fill("Note", what)
        coach.main.locator(f"input[name=readers][value={readers}]").check()
        coach.press("Save the note").sees(what)
    for who, read in (("coach", NOTES), ("officer", ("shared", "office")), ("owner", ("shared",))):
        notes = month.at(who, month.team).main.locator("#notes")
        for readers, what in NOTES.items():
            expect(notes.get_by_text(what)).to_have_count(int(readers in read))


def close_the_month(month: Month) -> None:
    """Silence confirmed the third session; the statement holds what was confirmed, once, and nothing taken back."""
    month.on(20, 16)
    month.log("2026-03-20T12:00", "30", UNANSWERED)
    month.on(1, 9, month=4)
    month.work()
    officer = month.at("officer", "/manage/coaching").sees("2 h 30 min")
    officer.confirm("Close %(month)s", month="marzo 2026")
    coach = month.at("coach", "/coaching/statements").follow("marzo 2026")
    coach.sees("2 h 30 min").sees("150")
    assert coach.main.get_by_role("row").filter(has_text=month.world.association.name).count() == COUNTED


@pytest.mark.timeout(120)
def test_a_coach_s_month_from_the_first_proposal_to_the_statement(month, accessible):
    for step in (propose_and_choose, hold_and_confirm, dispute_and_mend, write_notes, close_the_month):
        step(month)
    accessible(month.at("coach", month.team).page)
