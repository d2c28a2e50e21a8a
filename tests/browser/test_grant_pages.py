"""The pages of grants, coaching and milestones in Chromium: accessible, nothing lost on a phone, swaps that speak."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from portal.coaching.next_steps.operations import StepAsked
from portal.coaching.operations import log_session
from portal.coaching.rules import SessionMode
from portal.core.clock import now
from portal.core.db import database
from portal.milestones.operations import submit_report
from portal.milestones.queries import plan_of
from tests.factories.grants import World, a_pdf, make_world
from tests.servers import Live

WIDTHS = (1280, 360)
SHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture
def world(live: Live) -> World:
    """A grant under way with a coach, two sessions and a report; a group still to become an entity."""
    with live.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        registry: Any = database.session.registry
        registry.set(session)
        world = make_world(session, now=now())
        grant = world.activate()
        engagement = world.engage()
        log_two(world, engagement.id)
        milestone = plan_of(session, grant.id)[0]
        submit_report(
            session, milestone_id=milestone.id,
            narrative="Lo spazio è **aperto** da aprile, con tre turni a settimana.",
            uploads=[a_pdf("registro-presenze.pdf")], actor=world.actor(world.owner), now=world.now,
        )  # fmt: skip
        world.award(world.group_application)
        session.commit()
        world.paths = {
            "grant": f"/grants/{grant.id}", "plan": f"/grants/{grant.id}/plan",
            "milestone": f"/milestones/{milestone.id}",
            "engagement": f"/engagements/{engagement.id}", "grants": f"/manage/calls/{world.call.slug}/grants",
        }  # fmt: skip
        return world


def log_two(world: World, engagement_id: UUID) -> None:
    """Two sessions that the team has not answered."""
    for hours, text in ((30, "Abbiamo rivisto il bilancio e il calendario."), (3, "Incontro con la scuola.")):
        log_session(
            world.session, engagement_id=engagement_id, starts_at=world.now - timedelta(hours=hours), minutes=60,
            mode=SessionMode.IN_PERSON, attendees="Marta Bianchi", summary=text, actor=world.actor(world.coach),
            steps=[StepAsked("Mandare il preventivo", world.owner.id, world.now.date() + timedelta(days=7))],
            now=world.now,
        )  # fmt: skip


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for it, and let nothing stick out of the screen."""
    if SHOTS and page.viewport_size:
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_and_fits(
    world: World, open_page: Callable[..., Page], come_in: Callable[..., Page], accessible: Callable[[Page], None],
    width: int,
):  # fmt: skip
    seen = {
        world.officer.email: ("grant", "grants", "milestone", "plan"),
        world.coach.email: ("engagement",),
        world.owner.email: ("grant", "engagement", "milestone"),
    }
    for email, names in seen.items():
        page = come_in(open_page(width=width), email)
        look(page, f"desk-{email.split('@')[0]}")
        for name in names:
            page.goto(world.paths[name])
            accessible(page)
            look(page, f"{name}-{email.split('@')[0]}")
    leader = come_in(open_page(width=width), world.leader.email)
    leader.locator("main a[href*='/grants/']").first.click()
    accessible(leader)
    look(leader, "group")


def test_a_confirmation_swaps_the_sessions_and_keeps_the_focus_off_the_body(
    world: World, open_page: Callable[..., Page], come_in: Callable[..., Page], accessible: Callable[[Page], None]
):
    page = come_in(open_page(), world.owner.email)
    page.goto(world.paths["engagement"])
    page.locator("form[action$='/confirm'] button").first.click()
    page.locator(".v-tag-success").first.wait_for()
    assert page.evaluate("document.activeElement !== document.body")
    accessible(page)
    look(page, "engagement-confirmed")


def test_an_empty_log_is_refused_with_the_fields_named(
    world: World, open_page: Callable[..., Page], come_in: Callable[..., Page], accessible: Callable[[Page], None]
):
    page = come_in(open_page(width=360), world.coach.email)
    page.goto(world.paths["engagement"])
    page.locator("#log-form button[type=submit]").click()
    page.locator("#log-errors").wait_for()
    accessible(page)
    look(page, "engagement-error")
