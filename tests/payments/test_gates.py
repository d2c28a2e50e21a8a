"""Each gate, from facts alone: what opens it, what it says, and that none is unknown."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules import GateName
from portal.calls.rules.validity import NOT_YET
from portal.payments.gate_words import GATE, MEND
from portal.payments.gates import INTERPRETERS, WAITS, Facts, Reports, Spending, TaxDebts, interpret
from portal.payments.guarantees.rules import Covering
from portal.payments.taxes.rules import DebtAnswer, DebtOutcome

TODAY = date(2026, 3, 2)
INSTANT = datetime(2026, 3, 2, 9, tzinfo=UTC)
GOOD = Facts(
    today=TODAY, agreement_in_force=True, is_informal=False, cup="F79D19000030007", published_at=INSTANT,
    verified_iban="IT60X0542811101000000123456", iban_waits=False, account_rests_until=None, durc_valid_until=TODAY,
    open_milestones=(), confirmed_minutes=360, minimum_minutes=360,
    guarantee=Covering(8_000, 8_000, TODAY), spending=Spending(8_000, 8_000), reports=Reports(1, 1, 1),
    tax=TaxDebts(500_001, 500_000, DebtAnswer(DebtOutcome.CLEAR, TODAY), 30),
)  # fmt: skip
READ = {gate for gate in GateName if (GateName, gate.value) not in NOT_YET}
"""The gates that a published call may have."""
CLOSING: dict[GateName, list[dict[str, Any]]] = {
    GateName.AGREEMENT_SIGNED: [{"agreement_in_force": False}],
    GateName.INCORPORATED: [{"is_informal": True}],
    GateName.CUP: [{"cup": None}],
    GateName.PUBLISHED: [{"published_at": None}],
    GateName.IBAN_VERIFIED: [{"verified_iban": None}, {"iban_waits": True}, {"account_rests_until": INSTANT}],
    GateName.DURC: [{"durc_valid_until": None}, {"durc_valid_until": TODAY - timedelta(days=1)}],
    GateName.MILESTONES_ACCEPTED: [{"open_milestones": ("Apertura",)}],
    GateName.COACHING_CONFIRMED: [{"confirmed_minutes": 359}],
    GateName.AID_REGISTERED: [{"aid_waits": True}],
    GateName.GUARANTEE_ACTIVE: [{"guarantee": None}, {"guarantee": Covering(8_000, 7_999, TODAY)}],
    GateName.SPENDING_JUSTIFIED: [{"spending": Spending(7_999, 8_000)}],
    GateName.REPORT_APPROVED: [{"reports": Reports(1, 2)}, {"reports": Reports(1, 1, 0)}],
    GateName.TAX_DEBTS_CHECKED: [
        {"tax": TaxDebts(500_001, 500_000, None, 30)},
        {"tax": TaxDebts(500_001, 500_000, DebtAnswer(DebtOutcome.DEBTS, TODAY), 30)},
        {"tax": TaxDebts(500_001, 500_000, DebtAnswer(DebtOutcome.CLEAR, TODAY - timedelta(days=31)), 30)},
        {"tax": TaxDebts(500_001, 500_000, DebtAnswer(DebtOutcome.CLEAR, TODAY + timedelta(days=1)), 30)},
    ],
    GateName.NO_IRREGULARITY: [{"open_irregularities": 1}],
    GateName.ACTIVITY_FOUND: [{"activity_known": False}],
}


def is_open(name: GateName, facts: Facts) -> bool:
    return interpret([name], facts)[0].is_open


def test_every_gate_has_an_interpreter_a_name_and_a_mend():
    assert set(INTERPRETERS) == set(GATE) == set(MEND) == set(CLOSING) == READ


@pytest.mark.parametrize("name", INTERPRETERS)
def test_a_gate_is_open_when_its_fact_holds(name):
    assert is_open(name, GOOD)


@pytest.mark.parametrize(("name", "facts"), [(name, each) for name, many in CLOSING.items() for each in many])
def test_a_gate_is_closed_by_its_own_fact_and_by_no_other(name, facts):
    changed = replace(GOOD, **facts)
    assert [gate.name for gate in interpret(list(INTERPRETERS), changed) if not gate.is_open] == [name]


@given(
    st.builds(
        Facts, today=st.just(TODAY), agreement_in_force=st.booleans(), is_informal=st.booleans(),
        cup=st.none() | st.just("F79D19000030007"), published_at=st.none() | st.just(INSTANT),
        verified_iban=st.none() | st.just("IT60X0542811101000000123456"), iban_waits=st.booleans(),
        account_rests_until=st.none() | st.just(INSTANT),
        durc_valid_until=st.none() | st.dates(TODAY - timedelta(days=2), TODAY + timedelta(days=2)),
        open_milestones=st.just(()) | st.just(("Apertura",)), confirmed_minutes=st.integers(0, 500),
        minimum_minutes=st.integers(0, 500), aid_waits=st.booleans(),
        guarantee=st.none() | st.builds(Covering, st.integers(0, 3), st.integers(0, 3), st.just(TODAY)),
        spending=st.builds(Spending, st.integers(0, 3), st.integers(0, 3)),
        reports=st.builds(Reports, st.integers(0, 3), st.integers(0, 3), st.none() | st.integers(0, 1)),
        tax=st.builds(TaxDebts, st.integers(0, 3), st.integers(0, 3)), open_irregularities=st.integers(0, 2),
        activity_known=st.booleans(),
    )
)  # fmt: skip
def test_a_gate_is_open_exactly_when_the_rule_says_so(facts):
    rules = {
        GateName.AGREEMENT_SIGNED: facts.agreement_in_force,
        GateName.INCORPORATED: not facts.is_informal,
        GateName.CUP: facts.cup is not None,
        GateName.PUBLISHED: facts.published_at is not None,
        GateName.IBAN_VERIFIED: facts.verified_iban is not None and not (facts.iban_waits or facts.account_rests_until),
        GateName.DURC: facts.durc_valid_until is not None and facts.durc_valid_until >= TODAY,
        GateName.MILESTONES_ACCEPTED: facts.open_milestones == (),
        GateName.COACHING_CONFIRMED: facts.confirmed_minutes >= facts.minimum_minutes,
        GateName.AID_REGISTERED: not facts.aid_waits,
        GateName.GUARANTEE_ACTIVE: facts.guarantee is not None
        and facts.guarantee.covered_cents >= facts.guarantee.needed_cents,
        GateName.SPENDING_JUSTIFIED: facts.spending.justified_cents >= facts.spending.needed_cents,
        GateName.REPORT_APPROVED: facts.reports.approved >= facts.reports.needed and facts.reports.due_cents != 0,
        GateName.TAX_DEBTS_CHECKED: facts.tax.amount_cents <= facts.tax.above_cents,
        GateName.NO_IRREGULARITY: facts.open_irregularities == 0,
        GateName.ACTIVITY_FOUND: facts.activity_known,
    }
    assert {gate.name: gate.is_open for gate in interpret(list(INTERPRETERS), facts)} == rules


def test_a_change_of_account_that_waits_says_so():
    assert interpret([GateName.IBAN_VERIFIED], replace(GOOD, iban_waits=True))[0].fact == WAITS
