"""The coach and the milestones."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.steps.people import Stage, it
from tests.factories.journey import CAST, ENTITY, GROUP, pdf

ROME = ZoneInfo("Europe/Rome")
FIRST, SECOND = "Prima visita allo spazio e calendario dei turni.", "Bozza del regolamento interno."
WRONG = "L'incontro è durato un'ora, non un'ora e mezza."
MISSING = "Manca il calendario firmato dalla scuola: allegatelo, per favore."


def engage_the_coach(stage: Stage) -> None:
    """The officer assigns the coach of the group."""
    application = stage.facts["group"]
    officer = stage.person("officer").visit(f"{application}/coach")
    officer.choose("Coach", CAST["coach"][0])
    officer.press("Assign the coach")


def log_two_sessions(stage: Stage) -> None:
    """Day, minutes, who was there, one sentence."""
    stage.clock.advance(days=14)
    for hours, minutes, summary in ((27, 60, FIRST), (3, 90, SECOND)):
        coach = stage.person("coach").visit("/coaching")
        coach.follow(ENTITY.name)
        began = (stage.clock() - timedelta(hours=hours)).astimezone(ROME)
        coach.fill("When it began", began.strftime("%Y-%m-%dT%H:%M"))
        coach.main.get_by_label(re.compile(f"^{minutes} min")).check()
        coach.tick(CAST["group"][0])
        coach.fill("What happened", summary)
        coach.press("Save the session").sees(summary)


def answer_the_sessions(stage: Stage) -> None:
    """The team confirms one session and disputes the other."""
    group = stage.person("group")
    group.take_step(CAST["coach"][0])
    first, second = (group.main.get_by_role("article").filter(has_text=text) for text in (FIRST, SECOND))
    first.get_by_role("button", name=re.compile("^" + it("Confirm"))).click()
    expect(first).to_contain_text(it("confirmed"))
    second.locator("summary").click()
    second.get_by_label(re.compile("^" + it("What is not right"))).fill(WRONG)
    second.get_by_role("button", name=it("Dispute the session")).click()
    expect(second).to_contain_text(WRONG)
    group.page.reload()
    expect(second).to_contain_text(it("disputed by the team"))
    coach = stage.person("coach").visit(group.path).sees(WRONG)
    expect(coach.main.get_by_role("article").filter(has_text=FIRST)).to_contain_text(it("confirmed"))


def report(stage: Stage, narrative: str) -> None:
    """What was done, with a file that shows it."""
    group = stage.person("group")
    if "milestone" in stage.facts:
        group.visit(stage.facts["milestone"]).sees(MISSING)
    else:
        group.visit(stage.facts["group:grant"]).follow("1. Avvio del servizio")
        stage.facts["milestone"] = group.path
    group.fill("What was done, and with what result", narrative)
    group.main.get_by_label(re.compile("^" + it("Files that show it"))).set_input_files(pdf(narrative[:20]))
    group.press("Send the report").sees(narrative)


def give_back(stage: Stage) -> None:
    """The officer says what is missing."""
    stage.clock.advance(minutes=5)
    officer = stage.person("officer").take_step("Avvio del servizio")
    officer.open_details("Return the report").fill("What is missing", MISSING)
    officer.press("Return with this reason", swaps=True).sees(MISSING)


def accept(stage: Stage) -> None:
    """The officer accepts the version that was read."""
    stage.clock.advance(minutes=5)
    officer = stage.person("officer").take_step("Avvio del servizio")
    officer.sees(GROUP.title)
    officer.confirm("Accept the report", swaps=True)
    expect(officer.main.locator("#promise-title")).to_contain_text(it("accepted"))
