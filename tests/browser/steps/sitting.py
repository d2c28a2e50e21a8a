"""A whole session of a commission: convened, opened, declared, assigned, scored, agreed, ranked, closed, signed."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from portal.calls.rules.times import wall_time
from portal.core.instants import ROME
from portal.evaluation.points import most_of, scored
from tests.browser.steps.people import Somebody, it
from tests.factories.evaluation import Evaluation

SECRETARY, CHAIR, FIRST, SECOND, OFFICER = "secretary", "chair", "first", "second", "officer"
APART = {FIRST: 4}
"""Whoever gives a quarter of the first criterion, where the others give nearly all of it."""


@dataclass
class Room:
    """The people of the commission at their browsers, and what the pages showed on the way."""

    world: Evaluation
    enter: Callable[[str], Page]
    work: Callable[[], None]
    facts: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Somebody] = field(default_factory=dict)

    def person(self, key: str) -> Somebody:
        """Somebody of the session, signed in at a browser of their own."""
        if key not in self.people:
            world = self.world
            who = {SECRETARY: world.known["secretary"], CHAIR: world.chair, OFFICER: world.officer,
                   FIRST: world.members[0], SECOND: world.members[1]}[key]  # fmt: skip
            self.people[key] = Somebody(key, self.enter(who.email), lambda _email: "")
        return self.people[key]

    @property
    def names(self) -> list[str]:
        """Who applies."""
        return [each.organisation.name for each in self.world.applications]


def convene(room: Room) -> None:
    """The secretary convenes for ten minutes from now; everybody who sits has a notice of it."""
    secretary = room.person(SECRETARY).visit(f"/commissions/{room.world.known['commission'].id}")
    starts = wall_time(datetime.now(UTC) + timedelta(minutes=10), ROME).strftime("%Y-%m-%dT%H:%M")
    secretary.fill("Day and hour", starts)
    secretary.fill("Place, or link", "Sala Giunta")
    secretary.fill("Agenda", "1. Conflitti\n2. Valutazioni")
    secretary.press("Convene the commission").sees("The session is convened: whoever sits was told.")
    room.facts["session"] = secretary.path
    room.person(FIRST).visit("/desk")
    expect(room.person(FIRST).page.locator("main")).to_contain_text("La commissione è convocata")


def open_it(room: Room) -> None:
    """Without everybody who votes a reason is asked; with everybody there is a quorum."""
    secretary = room.person(SECRETARY).visit(room.facts["session"])
    secretary.tick(room.world.chair.name)
    secretary.press("Open the session").sees("Why it is held although somebody who votes is missing")
    for each in (*room.world.people, room.world.known["secretary"]):
        secretary.tick(each.name)
    secretary.press("Open the session").sees("The session is open.")
    secretary.fill("Note for the minutes", "Si concorda l'ordine di lettura.")
    secretary.press("Note it").sees("Noted.")


def declare(room: Room) -> None:
    """Each swears, then answers on the names; the second member is in conflict with the second applicant."""
    for key in (SECRETARY, CHAIR, FIRST, SECOND):
        who = room.person(key).take_step(it("Give your declaration as a member of the commission"))
        assert not any(name in who.page.content() for name in room.names)
        who.choose("Your declaration", "I declare what is written above")
        who.press("Sign and go on to the names").sees(room.names[0])
        if key == SECOND:
            who.main.get_by_label(room.names[1], exact=True).check()
            who.choose("Your declaration", "I am in conflict with those I tick, and with no other")
            who.press("Send the declaration")
            who.page.locator("li", has_text=room.names[1]).get_by_role("textbox").fill("Mia sorella vi lavora.")
        else:
            who.choose("Your declaration", "I am in no conflict with any of them")
        who.press("Send the declaration")


def assign(room: Room) -> None:
    """The office asks for a plan, reads it, puts it into force."""
    officer = room.person(OFFICER).visit(f"/manage/calls/{room.world.call.slug}/commission")
    plan = officer.follow("Assign the applications").press("Work out a plan").path
    room.work()
    officer.visit(plan).press("Put the plan into force")


def score(room: Room) -> None:
    """Each gives what is theirs, criterion by criterion, with a reason; then it is final."""
    for key in (CHAIR, FIRST, SECOND):
        who = room.person(key).visit("/scoring")
        places = [str(each.get_attribute("href")) for each in who.main.locator("table a[href*='/scoring/']").all()]
        assert len(places) == (1 if key == SECOND else 2)
        for place in places:
            who.visit(place)
            _fill(room, who, apart=APART.get(key, 1))
            who.press("Save and check").press("Make the scores final").sees("The scores are final. Thank you.")
    assert room.names[1] not in room.person(SECOND).visit("/scoring").page.content()


def _fill(room: Room, who: Somebody, *, apart: int) -> None:
    for number, each in enumerate(scored(room.world.phase.design)):
        points = int(most_of(each)) * 4 // 5
        who.page.fill(f"#points-{each.key}", str(points if number else max(points // apart, 1)))
        who.page.fill(f"#reason-{each.key}", "Come si legge nella proposta.")


def agree(room: Room) -> None:
    """Where the marks lie apart the chair reports one, and each of the others assents."""
    for application in room.world.applications:
        place = f"/discussions/{application.id}"
        chair = room.person(CHAIR).visit(place)
        box = chair.main.locator("form[id^=propose-]")
        box.get_by_role("textbox", name=re.compile(it("Common mark"))).fill("12")
        box.get_by_role("textbox", name=re.compile(it("Reason"))).fill("La commissione ne ha discusso.")
        chair.press("Propose this mark").sees("reported by %(name)s", name=room.world.chair.name)
        others = (FIRST, SECOND) if application is room.world.applications[0] else (FIRST,)
        for key in others:
            room.person(key).visit(place).press("Assent to this mark").sees("Your assent is recorded.")
        chair.visit(place).sees("agreed")
    assert room.person(SECOND).status_of(f"/discussions/{room.world.applications[1].id}") == 404


def rank(room: Room) -> None:
    """The chair computes the ranking, and reads it; nobody else of the commission does."""
    chair = room.person(CHAIR).visit(f"/manage/calls/{room.world.call.slug}/commission")
    chair.press("Compute the ranking").sees("The ranking is computed. Read it before publishing it.")
    chair.follow("Version %(number)s", number=1)
    assert room.person(SECOND).status_of(chair.path) == 404


def close(room: Room) -> None:
    """The minutes are read before they are made; who is in conflict reads an extract."""
    secretary = room.person(SECRETARY).visit(room.facts["session"]).follow("Read the minutes and close…")
    for line in (
        "Si concorda l'ordine di lettura.",
        "in conflitto di interessi",
        it("Version %(version)s of the ranking is computed", version=1),
    ):
        expect(secretary.main).to_contain_text(line)
    secretary.press("Close the session").sees(
        "The session is closed. The minutes are registered and wait for who was there."
    )
    other = room.person(SECOND).visit(room.facts["session"])
    other.sees("What concerns applications with which you are in conflict is left out: this is an extract.")
    assert room.world.applications[1].reference not in other.page.content()


def sign(room: Room) -> None:
    """Three sign the file that they were shown; one does not, and says why."""
    for key in (SECRETARY, CHAIR, FIRST):
        who = room.person(key).take_step(it("Read and sign the minutes of session %(number)s", number=1))
        who.confirm("Sign the minutes").sees("The minutes are signed.")
    second = room.person(SECOND).visit(room.facts["session"]).open_details("I do not sign these minutes")
    second.fill("Why you do not sign", "Manca la mia dichiarazione a voce.")
    second.press("Do not sign").sees("Manca la mia dichiarazione a voce.")
    expect(second.main.get_by_role("button", name=it("Sign the minutes"))).to_have_count(0)
    officer = room.person(OFFICER).visit(f"/commissions/{room.world.known['commission'].id}")
    expect(officer.main.get_by_role("row", name=re.compile(it("Session %(number)s", number=1)))).to_contain_text(
        "rifiutata"
    )
