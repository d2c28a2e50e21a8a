"""An invitation on its way: to somebody new, who registers first, and to somebody who is signed in already."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.db import database
from tests.browser.signing_in import enter
from tests.browser.steps.people import it, named
from tests.factories.accounts import answer_requests, link_to
from tests.factories.base import make_organisation, make_person
from tests.factories.members import link_in_mail
from tests.servers import Live

NEW, KNOWN, OWNER = "ada@prova.example", "ugo@prova.example", "marta@prova.example"


@pytest.fixture
def address(live: Live) -> str:
    """The page of people of an organisation whose only member is its owner."""
    with live.app.app_context(), Session(database.engine) as session:
        owner = make_person(session, now=now(), name="Marta Bianchi", email=OWNER)
        make_person(session, now=now(), name="Ugo Lai", email=KNOWN)
        organisation = make_organisation(session, now=now(), owner=owner, name="Il Ponte APS")
        session.commit()
        return f"/organisations/{organisation.id}/members"


def test_who_is_invited_comes_in_new_or_known(live, open_page, accessible, address):
    owner = enter(open_page(), live, OWNER)
    for email, may in ((NEW, "writes applications and reports"), (KNOWN, "only reads")):
        invite(owner, address, email, may)
    accept_as_somebody_new(live, open_page(width=360), accessible)
    accept_signed_in(live, open_page())
    owner.goto(address)
    for name in ("Ada Verdi", "Ugo Lai"):
        expect(owner.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    accessible(owner)
    change_role(owner)


def invite(owner: Page, address: str, email: str, may: str) -> None:
    owner.goto(address)
    owner.get_by_role("link", name=it("Invite somebody")).click()
    owner.get_by_label(it("E-mail address")).fill(email)
    owner.get_by_label(it(may)).check()
    owner.get_by_role("button", name=it("Send the invitation")).click()
    expect(owner.get_by_role("rowheader", name=email)).to_be_visible()


def invitation(live: Live, email: str) -> str:
    """The path of the link in the message."""
    with live.app.app_context(), Session(database.engine) as session:
        return f"/invitations/{link_in_mail(session, email)}"


def accept_as_somebody_new(live: Live, page: Page, accessible) -> None:
    """On a phone: the link, an address, the message of the account, a name, and back at the invitation."""
    link = invitation(live, NEW)
    page.goto(link)
    accessible(page)
    page.get_by_role("link", name=it("Create an account")).click()
    page.get_by_label(it("E-mail address")).fill(NEW)
    page.get_by_role("button", name=it("Send me the message")).click()
    with live.app.app_context(), Session(database.engine) as session:
        answer_requests(session, now=now())
        session.commit()
        page.goto(link_to(session, NEW))
    page.get_by_label(it("Name and surname")).fill("Ada Verdi")
    page.get_by_label(it("New password"), exact=True).fill("tre gatti sul tetto")
    page.get_by_role("button", name=it("Create the account")).click()
    page.wait_for_url(f"**{link}")
    accessible(page)
    page.get_by_role("button", name=it("Accept as %(email)s", email=NEW)).click()
    expect(page).to_have_url(re.compile(r"/organisations/[0-9a-f-]+$"))


def accept_signed_in(live: Live, page: Page) -> None:
    """The link opens on the account that is signed in; a second press finds it used."""
    enter(page, live, KNOWN)
    link = invitation(live, KNOWN)
    page.goto(link)
    page.get_by_role("button", name=it("Accept as %(email)s", email=KNOWN)).click()
    expect(page).to_have_url(re.compile(r"/organisations/[0-9a-f-]+$"))
    page.goto(link)
    expect(page.get_by_text(it("You belong to this organisation already."))).to_be_visible()


def change_role(owner: Page) -> None:
    """One row opened, another role chosen, the row says it."""
    row = owner.get_by_role("listitem").filter(has_text="Ugo Lai")
    row.locator("summary").first.click()
    row.get_by_label(it("Role")).select_option("editor")
    row.get_by_role("button", name=named(it("Change the role"))).click()
    expect(owner.get_by_role("listitem").filter(has_text="Ugo Lai")).to_contain_text(it("writes"))
