"""Finance's home: what can be paid comes first, what holds the rest has words, every figure leaves as a file."""

import io

import pytest
from openpyxl import load_workbook

from portal.calls.rules import GateName
from portal.grants.rules import local_day
from portal.payments.day.outlook import expected_payments, standing_by_fund
from portal.payments.day.rules import Step, by_month
from portal.payments.day.waiting import terms_of, today_of
from tests.factories.base import as_actor
from tests.factories.payments import make_finance
from tests.payments.test_views import walk


@pytest.fixture
def finance(session, now):
    return make_finance(session, now=now)


def seen(finance):
    return today_of(finance.session, finance.actor(finance.maker), finance.now)


def test_a_tranche_goes_from_step_to_step_until_it_can_be_paid(finance):
    tranche = finance.first
    assert (seen(finance).payable, seen(finance).holds) == ([], [])
    for act, reason in ((finance.request, Step.TO_VERIFY), (finance.verify, Step.TO_PROPOSE),
                        (finance.propose, Step.TO_APPROVE)):  # fmt: skip
        act(tranche)
        (hold,) = seen(finance).holds
        assert (hold.reason, hold.tranches, hold.cents) == (reason, [tranche], tranche.amount_cents)
    finance.approve(tranche)
    assert [each.tranche for each in seen(finance).payable] == [tranche]
    assert (seen(finance).payable_cents, seen(finance).holds) == (tranche.amount_cents, [])
    finance.order(tranche)
    assert [hold.reason for hold in seen(finance).holds] == [Step.WITH_THE_BANK]


def test_an_approved_tranche_whose_account_changes_is_held_by_that(finance):
    finance.release(finance.first)
    finance.propose_account()
    assert [hold.reason for hold in seen(finance).holds] == [GateName.IBAN_VERIFIED]
    assert seen(finance).payable_cents == 0


def test_terms_forecast_and_funds_add_up_to_the_grant(finance, session, now):
    actor, today, grant = finance.actor(finance.maker), local_day(now), finance.grant
    finance.request(finance.first)
    bands = terms_of(session, actor, today)
    assert [(band.count, band.cents) for band in bands if band.count] == [(1, finance.first.amount_cents)]
    months, beyond = by_month(expected_payments(session, actor), today)
    assert sum(cents for _first, cents in months) + beyond == grant.awarded_cents
    funds = standing_by_fund(session, actor)
    assert sum(each.awarded for each in funds) == grant.awarded_cents
    assert all(each.budget == each.available + each.committed for each in funds)
    finance.pay(_ordered(finance))
    funds = standing_by_fund(session, actor)
    assert (sum(each.paid for each in funds), sum(each.committed for each in funds)) == (
        finance.first.amount_cents, grant.awarded_cents,
    )  # fmt: skip
    assert (
        sum(each.cents for each in expected_payments(session, actor))
        == grant.awarded_cents - finance.first.amount_cents
    )


def _ordered(finance):
    tranche = finance.approve(finance.propose(finance.verify(finance.first)))
    finance.order(tranche)
    return tranche


def test_others_see_nothing_of_it(finance, session, now):
    owner = as_actor(session, finance.world.owner, now=now)
    finance.request(finance.first)
    assert (today_of(session, owner, now).holds, expected_payments(session, owner)) == ([], [])


def test_the_first_thing_finance_reads_is_what_can_be_paid(as_, city):
    maker = walk(as_, city).get("/finance")
    (lead,) = maker.tree.xpath("//h1/following::p[1]")
    assert "€" in lead.text_content()
    maker.submit("#order", execution_on="2026-03-03")
    assert maker.get("/finance").shows("La banca non ha ancora risposto")


@pytest.mark.parametrize("what", ["today", "terms", "months", "funds"])
def test_each_figure_leaves_as_csv_and_as_a_workbook(as_, city, what):
    maker = walk(as_, city)
    told = maker.client.get(f"/finance/figures?what={what}&format=csv")
    assert told.mimetype == "text/csv"
    lines = told.get_data(as_text=True).strip().splitlines()
    book = load_workbook(io.BytesIO(maker.client.get(f"/finance/figures?what={what}&format=xlsx").get_data()))
    assert book.active.max_row == len(lines) > 1
