"""Somebody new: an address, a message, a name and a password; then a forgotten password, without scripts."""

import re

from playwright.sync_api import expect
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.db import database
from tests.browser.steps.people import it
from tests.factories.accounts import answer_requests, link_to

ADA, FIRST, SECOND = "ada@prova.example", "tre gatti sul tetto", "undici mele nel cesto"


def opened_mail(live):
    """The link of the last message to Ada."""
    with live.app.app_context(), Session(database.engine) as session:
        answer_requests(session, now=now())
        session.commit()
        return link_to(session, ADA)


def test_somebody_registers_and_later_chooses_a_new_password(live, open_page, accessible):
    page = open_page(width=360)
    page.goto("/sign-in")
    page.get_by_role("link", name=it("Create an account")).click()
    page.get_by_label(it("E-mail address")).fill(ADA)
    accessible(page)
    page.get_by_role("button", name=it("Send me the message")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(it("Look into your mail"))
    page.goto(opened_mail(live))
    page.get_by_label(it("Name and surname")).fill("Ada Bianchi")
    field = page.get_by_label(it("New password"), exact=True)
    field.fill("password-password")
    page.get_by_role("button", name=it("Create the account")).click()
    expect(page.get_by_role("alert").first).to_be_focused()
    field.fill(FIRST)
    page.get_by_role("button", name=it("Show the password")).click()
    expect(field).to_have_attribute("type", "text")
    accessible(page)
    page.get_by_role("button", name=it("Create the account")).click()
    page.wait_for_url("**/desk")
    page.get_by_role("link", name="Ada Bianchi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(it("My account"))
    accessible(page)
    a_forgotten_password(live, open_page(javascript=False))
    page.reload()
    expect(page).to_have_url(re.compile("/sign-in"))


def a_forgotten_password(live, page):
    """Elsewhere, without scripts: a message, a new password, and the desk."""
    page.goto("/sign-in")
    page.get_by_role("link", name=it("Forgotten password")).click()
    page.get_by_label(it("E-mail address")).fill(ADA)
    page.get_by_role("button", name=it("Send me the message")).click()
    page.goto(opened_mail(live))
    page.get_by_label(it("New password")).fill(SECOND)
    page.get_by_role("button", name=it("Set the new password")).click()
    page.get_by_label(it("E-mail address")).fill(ADA)
    page.get_by_label(it("Password")).fill(SECOND)
    page.get_by_role("button", name=it("Sign in")).click()
    page.wait_for_url("**/desk")
