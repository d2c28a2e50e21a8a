"""Gates on money, by their people: what opens each, and a fact that changes before the release stops it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from portal.calls.rules import GateName
from portal.grants.rules import months_after
from portal.payments.operations import send_back_tranche
from portal.payments.operations.refusals import AmountChanged, GatesClosed
from portal.payments.queries import gates_of
from portal.payments.rules import TrancheStatus
from portal.payments.taxes.rules import DebtOutcome
from tests.factories.gated import (
    REPAID,
    RULES,
    agree_budget,
    answer,
    approve_costs,
    close_irregularity,
    give_back,
    guarantee,
    make_gated,
    open_irregularity,
    record,
)

G = GateName


@pytest.fixture
def finance(session, now):
    return make_gated(session, now=now)


def closed(finance, number=0) -> list[GateName]:
    gates = gates_of(finance.session, finance.tranches[number], finance.now)
    return [gate.name for gate in gates if not gate.is_open]


def ready(finance):
    """Everything that the advance asks for; its guarantee."""
    answer(finance)
    return guarantee(finance)


def test_each_condition_of_the_advance_opens_by_its_own_fact(finance):
    assert closed(finance) == [G.GUARANTEE_ACTIVE, G.TAX_DEBTS_CHECKED]
    answer(finance)
    assert closed(finance) == [G.GUARANTEE_ACTIVE]
    record(finance)
    assert closed(finance) == [G.GUARANTEE_ACTIVE], "one that finance has not read covers nothing"
    guarantee(finance, number=2)
    assert closed(finance) == []
    found = open_irregularity(finance)
    assert closed(finance) == [G.NO_IRREGULARITY]
    close_irregularity(finance, found)
    assert closed(finance) == []


@pytest.mark.parametrize(
    "given",
    [
        lambda _finance: {"cents": 839_999},
        lambda finance: {"until": months_after(finance.grant.ends_on, 3) - timedelta(days=1)},
    ],
)
def test_a_guarantee_too_small_or_too_short_opens_nothing(finance, given):
    answer(finance)
    guarantee(finance, **given(finance))
    assert closed(finance) == [G.GUARANTEE_ACTIVE]


def test_two_guarantees_cover_together(finance):
    answer(finance)
    guarantee(finance, cents=500_000)
    guarantee(finance, cents=340_000, number=2)
    assert closed(finance) == []


def test_below_the_threshold_nobody_asks_for_tax_debts(session, now):
    above = replace(RULES, tax_check_above=Decimal(8000))
    finance = make_gated(session, now=now, rules=above)
    assert closed(finance) == [G.GUARANTEE_ACTIVE], "the advance is of 8 000 euro"


CHANGES = {
    "the guarantee is given back": (give_back, G.GUARANTEE_ACTIVE),
    "an irregularity is opened": (lambda finance, _found: open_irregularity(finance), G.NO_IRREGULARITY),
    "debts are found": (lambda finance, _found: answer(finance, DebtOutcome.DEBTS), G.TAX_DEBTS_CHECKED),
    "the answer grows old": (
        lambda finance, _found: setattr(finance, "now", finance.now + timedelta(days=31)), G.TAX_DEBTS_CHECKED
    ),
    "the account changes": (lambda finance, _found: finance.propose_account(), G.IBAN_VERIFIED),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_fact_that_changes_between_proposal_and_approval_stops_the_release(finance, change):
    found = ready(finance)
    tranche = finance.propose_all_the_way(finance.first)
    act, gate = CHANGES[change]
    act(finance, found)
    with pytest.raises(GatesClosed) as refused:
        finance.approve(tranche)
    assert [each.name for each in refused.value.gates] == [gate]
    assert tranche.status is TrancheStatus.PROPOSED


def test_the_next_tranche_waits_for_the_spending_of_the_first_and_for_a_report(finance):
    ready(finance)
    finance.release(finance.first)
    assert closed(finance, 1) == [G.SPENDING_JUSTIFIED, G.REPORT_APPROVED]
    approve_costs(finance, 639_999)
    assert closed(finance, 1) == [G.SPENDING_JUSTIFIED], "80 per cent of 8 000 euro are 6 400"
    approve_costs(finance, 1)
    assert closed(finance, 1) == []


def test_each_tranche_that_waits_for_a_report_waits_for_one_of_its_own(finance):
    approve_costs(finance, 640_000)
    assert closed(finance, 1) == []
    assert closed(finance, 2) == [G.REPORT_APPROVED]
    approve_costs(finance, 1)
    assert closed(finance, 2) == []


def test_costs_that_the_recipient_bears_justify_nothing_of_the_grant(finance):
    agree_budget(finance, staff=4_000_000)
    approve_costs(finance, 1_279_999)
    assert closed(finance, 1) == [G.SPENDING_JUSTIFIED], "the grant bears half of what is spent"
    approve_costs(finance, 1)
    assert closed(finance, 1) == []


# ---- reimbursements ----


@pytest.fixture
def repaid(session, now):
    return make_gated(session, now=now, tranches=REPAID)


def amounts(finance) -> list[tuple[int, int]]:
    return [(each.amount_cents, each.unclaimed_cents) for each in finance.tranches]


def test_a_reimbursement_pays_approved_costs_within_the_plan(repaid):
    assert closed(repaid) == [G.REPORT_APPROVED]
    approve_costs(repaid, 700_000)
    repaid.release(repaid.first)
    assert amounts(repaid) == [(700_000, 100_000), (800_000, 0), (400_000, 0)]
    approve_costs(repaid, 850_000)
    repaid.release(repaid.tranches[1])
    assert amounts(repaid)[1] == (850_000, -50_000), "what the first could not claim is claimed by the second"
    approve_costs(repaid, 10_000_000)
    repaid.release(repaid.tranches[2])
    assert amounts(repaid)[2] == (450_000, -50_000), "never more than the grant"
    assert sum(cents for cents, _rest in amounts(repaid)) == repaid.grant.granted_cents


def test_a_reimbursement_that_goes_back_is_again_what_the_plan_gives(repaid):
    approve_costs(repaid, 700_000)
    tranche = repaid.request(repaid.first)
    assert amounts(repaid)[0] == (700_000, 100_000)
    send_back_tranche(
        repaid.session, tranche_id=tranche.id, reason="Manca", **repaid.by(repaid.world.officer)
    )  # fmt: skip
    assert amounts(repaid)[0] == (800_000, 0)


def test_costs_approved_after_the_proposal_ask_for_a_new_request(repaid):
    approve_costs(repaid, 700_000)
    tranche = repaid.propose_all_the_way(repaid.first)
    approve_costs(repaid, 1)
    with pytest.raises(AmountChanged):
        repaid.approve(tranche)
    assert amounts(repaid)[0] == (700_000, 100_000)
