"""The pages of the trial balance and of closed months."""

import io

import pytest
from openpyxl import load_workbook

from portal.ledger.periods.models import AccountingPeriod
from tests.factories.base import sign_in
from tests.factories.payments import make_finance


@pytest.fixture
def people(store, now):
    with store() as session:
        finance = make_finance(session, now=now)
        return {"maker": finance.maker.email, "checker": finance.checker.email, "owner": finance.world.owner.email}


def test_the_trial_balance_shows_two_equal_sides_and_the_accounts_of_a_kind(page, people):
    sign_in(page, people["maker"]).get("/finance/trial-balance")
    (total,) = page.tree.xpath("//table[@id='kinds']/tbody/tr[last()]")
    _count, debit, credit = [cell.text_content() for cell in total.xpath("td")]
    assert debit == credit != "–"
    (kind,) = page.tree.xpath("//table[@id='kinds']//a[contains(@href, 'kind=award')]/@href")
    assert len(page.get(kind).tree.xpath("//table[@id='accounts']//tbody/tr")) == 1


def test_it_leaves_as_csv_and_as_a_workbook_that_add_up(page, people):
    client = sign_in(page, people["maker"]).client
    rows = client.get("/finance/trial-balance/table?format=csv").get_data(as_text=True).strip().splitlines()
    book = load_workbook(io.BytesIO(client.get("/finance/trial-balance/table").get_data()))
    cells = list(book.active.iter_rows(min_row=2, values_only=True))
    assert len(cells) == len(rows) - 1
    debit, credit = (sum(row[side] for row in cells[:-1]) for side in (2, 3))
    assert (round(debit, 2), round(credit, 2)) == (cells[-1][2], cells[-1][3])


def test_whoever_approves_closes_the_month_that_is_over_and_the_others_read_it(page, visitors, people, clock, store):
    maker = sign_in(page, people["maker"])
    assert not maker.get("/finance/periods").tree.xpath("//form[contains(@action, 'close')]")
    clock.advance(days=31)
    checker = sign_in(visitors(), people["checker"]).get("/finance/periods")
    checker.submit("/finance/periods/close")
    with store() as session:
        assert session.query(AccountingPeriod).count() == 1
    assert checker.get("/finance/periods").tree.xpath("//table[@id='closed']//a/@href")
    (link,) = checker.tree.xpath("//table[@id='closed']//a/@href")
    assert sign_in(maker, people["maker"]).get(link).tree.xpath("//table[@id='kinds']")


@pytest.mark.parametrize(
    "asked", ["period=00000000-0000-7000-8000-000000000000", "office=00000000-0000-7000-8000-000000000000"]
)
def test_books_of_others_are_not_found(page, people, asked):
    sign_in(page, people["maker"]).get(f"/finance/trial-balance?{asked}", 404)


def test_nobody_else_reads_them(page, people):
    for path in ("/finance/trial-balance", "/finance/periods", "/finance/trial-balance/table"):
        sign_in(page, people["owner"]).get(path, 403)
