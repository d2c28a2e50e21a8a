"""What money asks of people, on the right desk: a month to close, a guarantee that ends, a check that grows old."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from portal.access.policy import Role, Tie
from portal.access.ties import tie
from portal.core.i18n import speaking
from portal.ledger.periods.operations import close_month
from portal.ledger.periods.rules import BookMonth
from portal.notices.gathering import gathered
from portal.payments.day import due as books
from portal.payments.guarantees import due as guarantees
from portal.payments.taxes import due as taxes
from tests.factories.base import make_authority, make_staff
from tests.factories.gated import RULES, answer, guarantee, make_gated, record


@pytest.fixture
def finance(session, now):
    return make_gated(session, now=now)


def asked(finance, person, room) -> list[str]:
    finance.session.flush()
    with speaking("en"):
        return [step.what for step in gathered(finance.session, room.asks(finance.actor(person), finance.now))]


def test_a_month_that_is_over_is_closed_by_who_approves(finance):
    """The first entries are of March 2026; in Rome April begins two hours before it does in Greenwich."""
    assert asked(finance, finance.checker, books) == []
    finance.now = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    assert asked(finance, finance.checker, books) == ["Close the books of March 2026"]
    assert asked(finance, finance.maker, books) == []
    elsewhere = make_authority(finance.session, code="venezia", name="Comune di Venezia")
    stranger = make_staff(finance.session, elsewhere, Role.FINANCE_APPROVER, now=finance.now)
    assert asked(finance, stranger, books) == [], "nothing was booked there"
    authority = finance.grant.authority_id
    close_month(finance.session, authority_id=authority, month=BookMonth(2026, 3), **finance.by(finance.checker))
    assert asked(finance, finance.checker, books) == []
    finance.now += timedelta(days=62)
    assert asked(finance, finance.checker, books) == ["Close the books of April 2026"]


def test_a_guarantee_is_read_by_finance_and_followed_by_both_before_it_ends(finance):
    found = record(finance)
    assert asked(finance, finance.maker, guarantees) == ["Guarantee F-1 waits to be verified"]
    assert asked(finance, finance.checker, guarantees) == ["Guarantee F-1 waits to be verified"]
    tie(finance.session, person_id=finance.checker.id, tie=Tie.CONFLICTED, object_type="application",
        object_id=finance.grant.application_id, now=finance.now)  # fmt: skip
    assert asked(finance, finance.checker, guarantees) == []
    guarantee(finance, number=2)
    assert found.valid_until is not None
    finance.now = datetime.combine(found.valid_until, finance.now.timetz()) - timedelta(days=61)
    assert asked(finance, finance.world.owner, guarantees) == []
    finance.now += timedelta(days=1)
    assert asked(finance, finance.world.owner, guarantees) == [
        "Guarantee F-2 is about to end: have it extended, or record another"
    ]
    assert "Guarantee F-2 is about to end: ask for its extension, or call it" in asked(
        finance, finance.maker, guarantees
    )


def test_the_check_of_tax_debts_is_asked_for_before_it_stops_a_payment(finance):
    answer(finance)
    guarantee(finance)
    finance.propose_all_the_way(finance.first)
    assert asked(finance, finance.maker, taxes) == [], "the answer is of today"
    finance.now += timedelta(days=24)
    assert asked(finance, finance.maker, taxes) == []
    finance.now += timedelta(days=1)
    assert asked(finance, finance.maker, taxes) == ["Renew the check of tax debts"]
    assert asked(finance, finance.checker, taxes) == []
    answer(finance)
    assert asked(finance, finance.maker, taxes) == []


def test_small_payments_ask_for_no_check(session, now):
    finance = make_gated(session, now=now, rules=replace(RULES, tax_check_above=Decimal(8000)))
    guarantee(finance)
    finance.propose_all_the_way(finance.first)
    assert asked(finance, finance.maker, taxes) == []
