"""The office publishes its call."""

from tests.browser.steps.people import Stage
from tests.factories.journey import SLUG, design


def publish_the_call(stage: Stage) -> None:
    """The officer approves the draft, then publishes it by its act; the public reads it."""
    officer = stage.person("officer").visit("/manage/calls")
    officer.follow(design().title["it"]).confirm("Approve the call").sees("The call is approved. It can be published.")
    officer.follow("Publish the call…")
    officer.sees("What will happen")
    officer.fill("Number of the act", "2026/210/00091")
    officer.fill("Date of the act", "2026-03-02")
    officer.press("Publish the call").sees("The call is published.")
    visitor = stage.person("association")
    visitor.visit(f"/calls/{SLUG}").heading(design().title["it"])
    assert visitor.main.get_by_role("link", name="Inizia la domanda").count() == 0
