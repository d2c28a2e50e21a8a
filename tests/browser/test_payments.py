"""The screens of payments in Chromium, wide and narrow: axe finds nothing, nothing is wider than its page."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from portal.core.db import database
from tests.factories.payments import Finance, make_finance

WIDTHS = (1280, 360)


@pytest.fixture
def city(live):
    """A first tranche paid after a failure, a second one proposed, a third one that waits for its conditions."""
    with live.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        finance = make_finance(session, now=datetime.now(UTC))
        first = finance.release(finance.first)
        finance.order(first)
        finance.fail(first)
        finance.order(first)
        finance.record_durc()
        finance.accept_milestones()
        finance.propose_all_the_way(finance.tranches[1])
        pages = _pages(finance)
        session.commit()
    return pages


def _pages(finance: Finance) -> dict[str, tuple[str, str]]:
    """Name of a screen → who looks, and where."""
    first, second, third = (f"/tranches/{tranche.id}" for tranche in finance.tranches)
    maker, checker = finance.maker.email, finance.checker.email
    order = finance.line_of(finance.first).order_id
    return {
        "day": (maker, "/finance"),
        "approved": (maker, "/finance?status=proposed"),
        "empty": (checker, "/finance?status=verified"),
        "released": (finance.world.owner.email, first),
        "to approve": (checker, second),
        "closed": (finance.world.owner.email, third),
        "orders": (maker, "/finance/orders"),
        "order": (maker, f"/finance/orders/{order}"),
        "ledger": (maker, "/finance/ledger"),
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_is_accessible_and_fits(open_page, come_in, accessible, city, width):
    visitors = {}
    for email, path in city.values():
        if email not in visitors:
            visitors[email] = open_page(width=width)
            come_in(visitors[email], email)
        page = visitors[email]
        page.goto(path)
        for summary in page.locator("main details > summary").all():
            summary.click()
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_an_error_takes_the_focus_and_is_accessible(open_page, come_in, accessible, city):
    email, path = city["order"]
    page = open_page(width=360)
    come_in(page, email)
    page.goto(path)
    page.locator("form[id^=paid-] input[type=date]").fill("2001-01-01")
    page.click("form[id^=paid-] button")
    page.wait_for_selector("#error-summary")
    accessible(page)
    page.click("#error-summary a")
    assert page.evaluate("document.activeElement.name") == "paid_on"
