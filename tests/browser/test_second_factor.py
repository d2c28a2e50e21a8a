"""Second factors in Chromium: a passkey with a virtual authenticator, an app, recovery codes, the end of a session."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import BankDetails, Passkey
from portal.access.policy import Role
from portal.core.db import database
from tests.browser.steps.people import it
from tests.factories.base import PASSWORD, make_authority, make_organisation, make_person
from tests.factories.second_factor import address_code, app_code, give_app

STILL = "Promise.all(document.getAnimations().map(each => each.finished)).then(() => true)"
SHOTS = os.environ.get("SCREENSHOTS")
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def officer(live, clock) -> str:
    """An officer who has set nothing up yet."""
    with live.app.app_context(), Session(database.engine) as session:
        authority = make_authority(session)
        email = make_person(session, now=clock(), name="Marta", roles=(Role.OFFICER,), authority=authority).email
        session.commit()
        return email


@pytest.fixture
def owner(live, clock) -> tuple[str, str]:
    """Somebody with an app who represents an organisation, and the form of its account."""
    with live.app.app_context(), Session(database.engine) as session:
        person = give_app(session, make_person(session, now=clock(), name="Ada"), now=clock())
        organisation = make_organisation(session, now=clock(), owner=person)
        found = person.email, f"/organisations/{organisation.id}/bank-details"
        session.commit()
        return found


def password(page: Page, email: str) -> None:
    """Address and password in the form."""
    page.goto("/sign-in")
    page.get_by_label(it("E-mail address")).fill(email)
    page.locator("#password").fill(PASSWORD)
    press(page, "Sign in")


def press(page: Page, text: str) -> None:
    """Press a button or follow a link of the content, and wait for the page that comes."""
    main = page.get_by_role("main")
    name = re.compile("^" + re.escape(it(text)) + "$")
    with page.expect_navigation():
        main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


def show_address(page: Page, live: Any) -> None:
    """Before the first factor: ask for the code that goes to the address, and write it."""
    press(page, "Send me the code")
    with live.app.app_context(), Session(database.engine) as session:
        code = address_code(session)
    page.get_by_label(it("Code of eight digits")).fill(code)
    look(page, "address-code")
    press(page, "Go on")


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for it, and let nothing stick out of the content."""
    if SHOTS and page.viewport_size:
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)
    assert page.evaluate("(main => main.scrollWidth <= main.clientWidth)(document.querySelector('main'))"), name


def give_device(page: Page, **other: bool) -> None:
    """Chromium's virtual authenticator: it signs whatever it is asked."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | other})


def test_a_passkey_is_made_on_the_way_in_opens_the_next_sign_in_and_confirms_a_grave_act(
    live, open_page, officer, clock, accessible
):
    page = open_page()
    give_device(page)
    password(page, officer)
    expect(page.get_by_role("heading", level=1)).to_have_text(it("Set up a second factor"))
    accessible(page)
    look(page, "set-up")
    press(page, "Set up a passkey")
    show_address(page, live)
    page.get_by_label(it("Name of the passkey")).fill("Portatile dell'ufficio")
    accessible(page)
    look(page, "passkey")
    press(page, "Make the passkey")
    expect(page.locator("#codes li")).to_have_count(10)
    accessible(page)
    look(page, "codes")
    press(page, "I have kept them: go on")
    page.wait_for_url("**/desk")
    page.get_by_role("button", name=it("Sign out")).click()
    password(page, officer)
    accessible(page)
    look(page, "proof-passkey")
    with page.expect_request(lambda request: request.url.endswith("/second-factor")) as sent:
        press(page, "Use a passkey")
    page.wait_for_url("**/desk")
    again = dict(parse_qsl(sent.value.post_data or "", keep_blank_values=True))
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert page.request.post("/second-factor", form=again, headers=headers).status == 422, "signed once, good once"
    clock.advance(minutes=11)
    page.goto("/account/second-factor/app")
    press(page, "Use a passkey")
    page.wait_for_url("**/account/second-factor/app")
    with live.app.app_context(), Session(database.engine) as session:
        assert session.scalars(select(Passkey)).one().sign_count >= 2
    page.goto("/account/second-factor")
    expect(page.get_by_role("row").filter(has_text="Portatile dell'ufficio")).to_have_count(1)
    accessible(page)
    look(page, "factors")


def test_a_device_that_does_not_know_its_owner_makes_no_passkey_and_says_so(live, open_page, officer, accessible):
    page = open_page()
    give_device(page, isUserVerified=False)
    password(page, officer)
    press(page, "Set up a passkey")
    accessible(page)
    show_address(page, live)
    page.get_by_label(it("Name of the passkey")).fill("nessuno")
    page.get_by_role("button", name=it("Make the passkey")).click()
    expect(page.locator("[data-passkey-says]")).to_have_text(
        it("No passkey was made. Try again; a passkey of this device that you have already cannot be made twice."),
        timeout=15_000,
    )
    accessible(page)


def test_an_app_is_set_up_on_a_telephone_without_javascript_and_a_recovery_code_stands_in(
    live, open_page, officer, clock, accessible
):
    page = open_page(javascript=False, width=360)
    password(page, officer)
    press(page, "Set up an app")
    look(page, "address")
    show_address(page, live)
    look(page, "app")
    key = "".join(page.locator("#key").inner_text().split())
    page.get_by_label(it("Code of six digits")).fill(app_code(clock(), key=key))
    press(page, "Set up the app")
    code = page.locator("#codes li").first.inner_text()
    press(page, "I have kept them: go on")
    page.get_by_role("button", name=it("Sign out")).click()
    password(page, officer)
    look(page, "proof-app")
    page.locator("summary", has_text=it("I have neither the telephone nor the passkey with me")).click()
    page.get_by_label(it("Recovery code")).fill(code)
    press(page, "Use the recovery code")
    page.wait_for_url("**/desk")
    page.goto("/account/second-factor")
    expect(page.get_by_role("main")).to_contain_text("Restano 9 codici")


def test_an_htmx_form_asks_for_the_code_and_keeps_what_was_typed(live, open_page, come_in, owner, clock):
    email, address = owner
    page = come_in(open_page(), email)
    page.goto(address)
    clock.advance(minutes=11)
    page.get_by_label("IBAN").fill("IT60X0542811101000000123456")
    page.get_by_label(it("Holder of the account")).fill("Il Ponte")
    page.evaluate("""() => {
      const form = document.querySelector('main form')
      form.setAttribute('data-hx-post', form.getAttribute('action'))
      form.setAttribute('data-hx-nonce', document.querySelector('script[nonce]').nonce)
      htmx.process(form)
    }""")
    press(page, "Propose this account")
    expect(page.get_by_role("heading", level=1)).to_have_text(it("Confirm that it is you"))
    page.get_by_label(it("Code of six digits")).fill(app_code(clock()))
    press(page, "Confirm")
    with live.app.app_context(), Session(database.engine) as session:
        assert session.scalars(select(BankDetails)).one().holder == "Il Ponte"


def test_two_minutes_before_the_end_a_dialog_offers_to_go_on(open_page, come_in, owner, accessible):
    page = open_page()
    page.clock.install()
    come_in(page, owner[0])
    dialog = page.locator("#session-end")
    link = page.get_by_role("link", name=it("Skip to the content"))
    link.focus()
    page.clock.fast_forward("01:57:00")
    expect(dialog).not_to_be_visible()
    page.clock.fast_forward("01:05")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_accessible_name(it("Your session ends in two minutes"))
    button = dialog.get_by_role("button", name=it("Stay signed in"))
    expect(button).to_be_focused()
    accessible(page)
    look(page, "dialog")
    button.click()
    expect(dialog).not_to_be_visible()
    expect(link).to_be_focused()
    page.clock.fast_forward("01:58:30")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    page.clock.fast_forward("02:00")
    expect(dialog).to_have_accessible_name(it("Your session has ended"))
    expect(dialog.get_by_role("link", name=it("Sign in in another tab"))).to_be_visible()
    page.evaluate(STILL)
    accessible(page)
