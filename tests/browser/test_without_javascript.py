"""The applicant's part of the main job with JavaScript off: nothing of it needs any."""

from functools import partial
from typing import Any

from playwright.sync_api import expect

from portal.calls.operations import approve_call, publish_call
from portal.calls.queries import call_with_slug_for_update
from portal.core.actor import SYSTEM
from tests.browser.steps import applying
from tests.browser.steps.people import Stage
from tests.factories.journey import GROUP, SLUG, set_the_stage


def test_an_application_is_written_sent_and_receipted_without_javascript(live, clock, open_page):
    stage = Stage(live, clock, partial(open_page, javascript=False, width=360))
    publish(stage)
    applying.open_the_call(stage)
    applying.introduce(stage, GROUP)
    a_button_saves_and_stays(stage)
    applying.write(stage, GROUP)
    applying.attach_two_files(stage, GROUP)
    applying.send_with_a_double_click(stage, GROUP)
    stage.work()
    applying.keep_the_receipt(stage, GROUP)


def publish(stage: Stage) -> None:
    """The call, as the office publishes it."""
    with stage.session() as session:
        set_the_stage(session, now=stage.clock())
        call = call_with_slug_for_update(session, SLUG)
        assert call is not None
        given: dict[str, Any] = {"call_id": call.id, "actor": SYSTEM, "now": stage.clock()}
        approve_call(session, **given)
        publish_call(session, act_number="2026/210/00091", act_date=stage.clock().date(), **given)


def a_button_saves_and_stays(stage: Stage) -> None:
    """Half a section is saved by hand; a wrong amount is kept and explained beside its field."""
    who = stage.person(GROUP.person).visit(f"{stage.facts[GROUP.person]}/sections/idea")
    who.fill("Titolo del progetto", "Un cortile")
    who.press("Save").heading("L'idea")
    expect(who.main.get_by_label("Titolo del progetto")).to_have_value("Un cortile")
    who.visit(f"{stage.facts[GROUP.person]}/sections/budget")
    who.fill("Contributo richiesto", "diciottomila")
    who.press("Save").heading("Bilancio")
    expect(who.main.get_by_label("Contributo richiesto")).to_have_value("diciottomila")
    expect(who.main.get_by_role("alert").get_by_role("link")).to_contain_text("Contributo richiesto")
