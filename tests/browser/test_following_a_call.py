"""Somebody follows a call, hears of its extension, and reads the page as it was before."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.models import Call
from portal.calls.operations import extend_deadline
from portal.core.actor import SYSTEM
from portal.core.clock import now
from portal.core.db import database
from portal.core.jobs.worker import new_owner, run_one
from portal.core.mail import OutgoingMail
from tests.browser.signing_in import enter
from tests.browser.steps.people import it
from tests.factories.base import make_person
from tests.factories.calls import dated_design, publish_design
from tests.servers import Live

READER = "lea@prova.example"
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def published(live: Live) -> str:
    """A call that went out ten minutes ago; the minute after it, as Rome's clock shows it."""
    before = now() - timedelta(minutes=10)
    with live.app.app_context(), Session(database.engine) as session:
        design = dated_design(before.replace(second=0, microsecond=0), closes=timedelta(days=6))
        publish_design(session, design, now=before)
        make_person(session, now=before, name="Lea Rossi", email=READER)
        session.commit()
    return (before + timedelta(minutes=1)).astimezone(ROME).strftime("%Y-%m-%dT%H:%M")


def extend(live: Live) -> str:
    """The office moves the deadline by a week; what the worker writes to the reader."""
    with live.app.app_context(), Session(database.engine) as session:
        phase = session.scalars(select(Call)).one().phases[0]
        later = (phase.closes_at + timedelta(days=7)).astimezone(ROME).replace(tzinfo=None)
        extend_deadline(
            session, phase_id=phase.id, closes_at=later, act_number="2026/44", act_date=date(2026, 3, 2),
            reason={"it": "Maltempo", "en": "Storm"}, actor=SYSTEM, now=now(),
        )  # fmt: skip
        session.commit()
        while run_one(database.engine, clock=now, owner=new_owner()):
            pass
        session.expire_all()
        return session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == READER)).one().subject


def shown_deadline(page: Page) -> str:
    """The deadline as the card of the call shows it."""
    return page.locator("#main time").last.inner_text()


def test_whoever_follows_a_call_hears_of_its_extension_and_finds_the_page_as_it_was(
    live, open_page, accessible, published
):
    page = enter(open_page(width=360), live, READER)
    page.goto("/calls/bari-urbis")
    expect(page.locator(".v-deadline").first).to_contain_text(re.compile(r"mancan|manca"))
    first = shown_deadline(page)
    page.get_by_role("button", name=it("Tell me about this call")).click()
    expect(page.get_by_role("button", name=it("Stop following this call"))).to_be_visible()
    subject = extend(live)
    page.goto("/desk")
    page.get_by_role("link", name="URBIS").first.click()
    second = shown_deadline(page)
    assert second in subject
    assert second != first
    page.get_by_role("link", name=it("The page as it was on another day")).click()
    page.get_by_label(it("Show the page as it was on")).fill(published)
    page.get_by_role("button", name=it("Show"), exact=True).click()
    expect(page.get_by_text("SHA-256")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(first)
    expect(page.get_by_role("main")).not_to_contain_text(second)
    accessible(page)
