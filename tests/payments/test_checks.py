"""`portal check` sees one altered row, whoever altered it."""

import pytest
from sqlalchemy import text

from portal.ledger import checks as ledger_checks
from portal.payments import checks
from tests.factories.payments import make_finance, make_member

TRIGGERS = (
    ("ledger_entry", "ledger_entry_no_update"),
    ("ledger_entry", "ledger_entry_no_delete"),
    ("payment_order", "payment_order_no_update"),
    ("payment_line", "payment_line_frozen"),
    ("payment_line", "payment_line_kept"),
    ("tranche", "tranche_frozen"),
    ("tranche", "tranche_path"),
)


@pytest.fixture
def finance(session, now):
    finance = make_finance(session, now=now)
    finance.order(finance.release(finance.first))
    finance.pay(finance.first)
    finance.record_durc()
    finance.accept_milestones()
    finance.release(finance.tranches[1])
    session.flush()
    return finance


def broken(session) -> list[str]:
    session.expire_all()
    return [*ledger_checks.broken(session), *checks.broken(session)]


def drop_triggers(session) -> None:
    on = " ON {0}" if session.get_bind().dialect.name == "postgresql" else ""
    for table, name in TRIGGERS:
        session.execute(text(f"DROP TRIGGER {name}" + on.format(table)))


def test_nothing_is_broken_where_only_operations_wrote(finance):
    assert broken(finance.session) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE ledger_entry SET amount_cents = 1 WHERE posting = 'payment_recorded'",
            "entries sum to",
        ),
        ("DELETE FROM ledger_entry WHERE posting = 'release_approved'", "entries sum to"),
        ("UPDATE ledger_entry SET posting = 'reversed' WHERE posting = 'payment_recorded'", "were paid"),
        ("UPDATE ledger_account SET balance_cents = balance_cents + 1 WHERE kind = 'budget'", "add up to"),
        ("UPDATE ledger_account SET balance_cents = 0 WHERE kind = 'award'", "its accounts hold"),
        ("UPDATE tranche SET amount_cents = amount_cents + 1 WHERE number = 1", "were released"),
        ("UPDATE tranche SET amount_cents = amount_cents + 1 WHERE number = 3", "sum to"),
        ("UPDATE tranche SET status = 'ordered', paid_on = NULL WHERE number = 1", "were paid"),
        ("UPDATE tranche SET status = 'failed', paid_on = NULL WHERE number = 1", "live lines"),
        ("UPDATE tranche SET status = 'ordered' WHERE number = 2", "0 live lines"),
        ("UPDATE tranche SET status = 'proposed', approved_by = NULL WHERE number = 2", "were released"),
        ("UPDATE payment_line SET amount_cents = amount_cents - 1", "its tranche is worth"),
        ("UPDATE payment_line SET paid_on = NULL", "was paid on None"),
        ("DELETE FROM payment_line", "its lines 0"),
        ("UPDATE payment_order SET total_cents = total_cents + 1", "its lines"),
        ("UPDATE grant_award SET awarded_cents = awarded_cents + 1", "was awarded"),
        ("UPDATE call_budget_line SET amount_cents = amount_cents + 1", "were opened"),
    ],
)
def test_one_altered_row_is_seen(finance, statement, told):
    drop_triggers(finance.session)
    finance.session.execute(text(statement))
    found = broken(finance.session)
    assert any(told in line for line in found), found


def test_a_checker_who_belonged_to_the_recipient_is_seen(finance):
    make_member(finance, finance.checker)
    assert any("member of its recipient" in line for line in broken(finance.session))
