"""Scoring with the keyboard, in a real browser: saved while writing, totals live, nothing lost."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.core.db import database
from portal.evaluation.models import Assignment
from tests.factories.evaluation import assign, compute, declare_free, make_evaluation, publish, score_everything


@pytest.fixture
def now():
    """The live portal runs under the system's clock."""
    return datetime.now(UTC)


def build(app: Flask, make):
    with app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        made = make(session)
        session.commit()
    return made


@pytest.fixture
def sheet(live, now, open_page, come_in):
    """Opens the scoring page of an evaluator free of conflict."""

    def make(session):
        world = make_evaluation(session, now=now, applications=2)
        world.assignments = assign(session, world, now=now)
        declare_free(session, session.get_one(Assignment, world.assignments[0].id), now=now)
        return world

    world = build(live.app, make)
    first = world.assignments[0]
    person = next(each for each in world.people if each.id == first.person_id)

    def opened(**options) -> Page:
        page = come_in(open_page(**options), person.email)
        page.goto(f"/scoring/{first.id}")
        return page

    return opened


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state=sheet]")).to_have_attribute("data-state", "saved")


def test_keys_give_the_marks_and_the_total_follows(sheet, accessible):
    page = sheet()
    accessible(page)
    page.locator("#mark-impact-0").focus()
    page.keyboard.press("8")
    expect(page.locator("#tally strong")).to_have_text("20")
    expect(page.locator("#points-impact")).to_have_value("20")
    saved(page)
    page.keyboard.press("n")
    page.keyboard.press("5")
    expect(page.locator("#tally strong")).to_have_text("30")
    page.fill("#reason-impact", "Bisogno provato con numeri del quartiere")
    page.fill("#points-impact", "21,5")
    expect(page.locator("#tally strong")).to_have_text("31,5")
    expect(page.locator("#version-impact")).not_to_have_value("0")
    page.fill("#points-budget", "99")
    expect(page.locator("#says-budget .v-error")).to_be_visible()
    accessible(page)
    page.fill("#points-budget", "9")
    expect(page.locator("#tally strong")).to_have_text("40,5")
    expect(page.locator("#says-budget .v-error")).to_have_count(0)
    page.reload()
    expect(page.locator("#reason-impact")).to_have_value("Bisogno provato con numeri del quartiere")
    expect(page.locator("#points-impact")).to_have_value("21,5")


def test_two_windows_never_overwrite_each_other(sheet):
    one, other = sheet(), sheet()
    one.fill("#reason-impact", "Prima finestra")
    saved(one)
    other.fill("#reason-impact", "Seconda finestra")
    expect(other.locator("#says-impact .v-notice")).to_contain_text("Prima finestra")
    expect(other.locator("#reason-impact")).to_have_value("Seconda finestra")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_an_evaluation_are_accessible(live, now, open_page, come_in, accessible, width):
    def make(session):
        world = make_evaluation(session, now=now, applications=3)
        assign(session, world, now=now)
        score_everything(session, world, now=now)
        world.known["ranking"] = publish(session, world, compute(session, world, now=now), now=now)
        return world

    world = build(live.app, make)
    visits = {
        world.officer: [f"/manage/calls/{world.call.slug}/commission", f"/rankings/{world.ranking.id}",
                        f"/rankings/{world.ranking.id}/results/{world.applications[0].id}"],
        world.owners[0]: [f"/applications/{world.applications[0].id}/outcome"],
        world.chair: ["/scoring"],
    }  # fmt: skip
    for person, paths in visits.items():
        page = come_in(open_page(width=width), person.email)
        for path in paths:
            page.goto(path)
            accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
