"""An account is changed by two people, payments freeze, and somebody else of the organisation stops it."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.core.db import database
from tests.browser.steps.people import beginning, it
from tests.factories.base import join, make_person
from tests.factories.payments import OTHER_IBAN, make_finance


@pytest.fixture
def world(live):
    """A grant whose advance was approved, and a second person who represents the recipient."""
    with live.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        now = datetime.now(UTC)
        finance = make_finance(session, now=now)
        tranche = finance.release(finance.first)
        second = make_person(session, now=now, name="Ada Losacco")
        join(session, second, finance.world.association, Tie.OWNER, now=now)
        people = {"owner": finance.world.owner, "second": second, "checker": finance.checker, "maker": finance.maker}
        session.commit()
        emails = {name: person.email for name, person in people.items()}
        return emails, f"/organisations/{finance.grant.organisation_id}", f"/tranches/{tranche.id}"


def press(page: Page, words: str, *, inside: str = "main") -> None:
    """Press the button with these words."""
    with page.expect_navigation():
        page.locator(inside).get_by_role("button", name=beginning(it(words))).last.click()


def test_a_change_of_account_takes_two_people_freezes_payments_and_can_be_stopped(
    open_page, come_in, accessible, world
):
    emails, organisation, tranche = world
    pages = {name: come_in(open_page(width=360 if name == "owner" else 1280), email) for name, email in emails.items()}
    owner, second, checker, maker = (pages[name] for name in ("owner", "second", "checker", "maker"))
    owner.goto(f"{organisation}/bank-details")
    accessible(owner)
    owner.get_by_label("IBAN").fill(OTHER_IBAN)
    owner.get_by_label(it("Holder of the account")).fill("Associazione Il Ponte")
    press(owner, "Propose this account")
    expect(owner.locator("main")).to_contain_text("DE89 **** 3000")
    expect(owner.locator("main")).not_to_contain_text(OTHER_IBAN)

    checker.goto(organisation)
    expect(checker.locator("main")).to_contain_text(OTHER_IBAN)
    checker.get_by_text(re.compile(f"^{it('Verify this account')}…")).click()
    accessible(checker)
    press(checker, "Verify this account")

    maker.goto(tranche)
    freeze = it("The account was changed: it can be paid from %(instant)s.").split("%")[0]
    expect(maker.locator("#gates").locator("..")).to_contain_text(freeze)

    second.goto("/desk")
    second.get_by_role("link", name=re.compile("DE89")).first.click()
    second.get_by_text(re.compile(f"^{it('Reject this account')}…")).click()
    accessible(second)
    second.get_by_label(it("Why, in a few words")).fill("Non lo conosciamo")
    press(second, "Reject this account")
    expect(second.locator("main")).not_to_contain_text("DE89 **** 3000")
    expect(second.locator("main")).to_contain_text(
        it("No account yet. It is needed before the first payment, not to apply.")
    )
