"""SPID in a real browser: to the provider and back, the first time and the next, also without JavaScript."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.core.db import database
from tests.factories.accounts import answer_requests, link_to
from tests.factories.base import make_authority
from tests.factories.provider import Vouching, make_provider, vouching_provider

ADDRESS = "marta@prova.example"


@pytest.fixture
def provider() -> Iterator[Vouching]:
    """A provider that runs, and knows Marta."""
    with vouching_provider() as running:
        running.knows("marta", given_name="Marta", family_name="Rossi")
        yield running


@pytest.fixture
def bari(live, provider):
    """An authority with a look of its own that uses it."""
    with live.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        authority = make_authority(session)
        authority.colour = "#7a1f3d"
        make_provider(session, authority, provider.issuer)
        session.commit()
        return authority


def vouch(page: Page) -> None:
    """Leave by the button of the sign-in page, agree at the provider, and come back."""
    page.goto("/sign-in")
    page.get_by_role("link", name="SPID").click()
    page.locator("input[name=sub]").fill("marta")
    page.get_by_role("button", name="Authorize").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_comes_with_spid_for_the_first_time_and_again(live, bari, open_page, accessible, javascript):
    page = open_page(javascript=javascript)
    vouch(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Prima volta qui")
    expect(page.get_by_text("Marta Rossi")).to_be_visible()
    if javascript:
        accessible(page)
    page.locator("#new-person [name=email]").fill(ADDRESS)
    page.locator("#new-person button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("posta")
    page.goto(mailed(live))
    if javascript:
        accessible(page)
    page.locator("#open-account button").click()
    expect(page).to_have_url(f"{live.url}/desk")
    page.goto("/account/identity")
    expect(page.get_by_text("RSSM…562W")).to_be_visible()
    if javascript:
        accessible(page)
    page.get_by_role("button", name="Esci").click()
    vouch(page)
    expect(page).to_have_url(f"{live.url}/desk")


def test_cancelling_leads_back_to_a_plain_page(live, bari, open_page, accessible):
    page = open_page()
    page.goto("/sign-in")
    accessible(page)
    page.get_by_role("link", name="SPID").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("L'accesso non è riuscito")
    accessible(page)
    page.get_by_role("link", name="Torna alla pagina di accesso").click()
    expect(page).to_have_url(f"{live.url}/sign-in")


def test_the_look_of_an_authority_keeps_its_contrast(live, bari, open_page, accessible):
    page = open_page()
    page.goto("/authorities/bari/privacy")
    head = page.locator(".v-header").evaluate("each => getComputedStyle(each).backgroundColor")
    assert head == "rgb(122, 31, 61)"
    accessible(page)


def mailed(live) -> str:
    """What the worker does, and the link in the mail."""
    with live.app.app_context(), Session(database.engine) as session:
        answer_requests(session, now=datetime.now(UTC))
        session.commit()
        return link_to(session, ADDRESS)
