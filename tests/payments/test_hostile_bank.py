"""Files of the bank that were changed on their way, say things twice, or come in while somebody approves."""

from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from portal.core.clock import now as instant
from portal.core.errors import Invalid
from portal.ledger import checks as ledger_checks
from portal.payments import checks, operations
from portal.payments.bank import checks as bank_checks
from portal.payments.bank.models import BankMessage
from portal.payments.bank.operations import dismiss_messages, match_message, take_bank_file
from portal.payments.bank.questions import BankContradicts
from portal.payments.bank.reading import read_bank_file
from portal.payments.bank.rules import Answer, Outcome, Trouble
from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus
from tests.engines import both_engines
from tests.factories.bank import Payment, arrived, asked, entry, mandates, notification, status_report, take
from tests.factories.payments import IBAN, OTHER_IBAN, make_finance
from tests.factories.racing import at_once, many_proposed

NAMELESS = Payment("NOTPROVIDED", "", 50_000)


@pytest.fixture
def finance(session, now):
    return make_finance(session, now=now)


@pytest.fixture
def sent(finance):
    """A payment that the bank has."""
    return asked(finance.order(finance.release(finance.first)).lines[0])


def outcomes(taken) -> list[tuple[Outcome, Trouble | None]]:
    return [(each.outcome, each.trouble) for each in taken.messages]


def unbroken(session) -> None:
    session.flush()
    assert [found for check in (checks, bank_checks, ledger_checks) for found in check.broken(session)] == []


def test_money_that_went_to_another_account_is_no_payment_of_ours(finance, sent):
    """Whoever sends the file to the bank could write another account in it; the bank's own notice tells."""
    taken = take(finance, notification(entry(sent, iban=OTHER_IBAN)))
    assert outcomes(taken) == [(Outcome.QUARANTINED, Trouble.ACCOUNT)]
    assert finance.first.status is TrancheStatus.ORDERED
    message = taken.messages[0]
    assert (message.line_id, OTHER_IBAN in (message.info or "")) == (finance.line_of(finance.first).id, True)
    with pytest.raises(Invalid):
        match_message(finance.session, message_id=message.id, end_to_end_id=sent.end_to_end_id, words="È nostro",
                      **finance.by(finance.maker))  # fmt: skip
    finance.fail(finance.first)
    with pytest.raises(BankContradicts):
        finance.order(finance.first)
    dismiss_messages(finance.session, message_ids=[message.id], words="Denuncia fatta", **finance.by(finance.maker))
    finance.order(finance.first)
    unbroken(finance.session)


def test_a_report_on_another_account_is_asked_about_and_our_own_account_is_paid(finance, sent):
    line = finance.line_of(finance.first)
    spaced = " ".join(line.iban[at : at + 4] for at in range(0, len(line.iban), 4)).lower()
    report = status_report((sent, "ACSC")).replace(
        b"</OrgnlTxRef>", f"<CdtrAcct><Id><IBAN>{OTHER_IBAN}</IBAN></Id></CdtrAcct></OrgnlTxRef>".encode()
    )
    assert outcomes(take(finance, report)) == [(Outcome.QUARANTINED, Trouble.ACCOUNT)]
    assert outcomes(take(finance, notification(entry(sent, iban=spaced)))) == [(Outcome.APPLIED, None)]
    assert line.iban == IBAN
    unbroken(finance.session)


def test_of_alike_movements_without_a_reference_each_waits_for_a_person(finance, sent):
    """Two recipients of the same amount, paid on one day: the second payment was taken for the first said again."""
    twice = notification(entry(NAMELESS), entry(NAMELESS))
    assert outcomes(take(finance, twice)) == [(Outcome.QUARANTINED, Trouble.UNKNOWN)] * 2
    again = take(finance, notification(entry(NAMELESS), entry(NAMELESS), entry(NAMELESS), message="NTF-2"))
    assert outcomes(again) == [(Outcome.ALREADY, None)] * 2 + [(Outcome.QUARANTINED, Trouble.UNKNOWN)]


def test_what_a_file_says_twice_is_done_in_its_order(finance, sent):
    """Bookings of a file are made together: never in another order than it was told."""
    refused = take(finance, mandates((sent.end_to_end_id, "8000,00", date(2026, 3, 2), "pagato"),
                                     (sent.end_to_end_id, "8000,00", date(2026, 3, 2), "respinto"),
                                     (sent.end_to_end_id, "8000,00", date(2026, 3, 2), "stornato")))  # fmt: skip
    assert outcomes(refused) == [
        (Outcome.APPLIED, None), (Outcome.QUARANTINED, Trouble.CONTRADICTS), (Outcome.IGNORED, None)
    ]  # fmt: skip
    finance.session.expire_all()
    assert refused.messages[1].answer is Answer.EXPLAINED
    assert finance.first.status is TrancheStatus.FAILED
    unbroken(finance.session)


@pytest.mark.parametrize("day", ["2026-03-02+01:00", "2026-03-02Z"])
def test_a_day_may_carry_its_zone(finance, sent, day):
    take(finance, notification(entry(sent, on=day)))
    assert finance.first.paid_on == date(2026, 3, 2)


def counted(finance, number: int) -> int:
    """Statements that it takes to take in so many payments."""
    tranches = [finance.session.get_one(Tranche, key) for key in many_proposed(finance, number)]
    for tranche in tranches:
        finance.approve(tranche)
    lines = finance.order(*tranches).lines
    content = notification(*(entry(asked(line)) for line in lines), message=f"NTF-{number}")
    finance.session.flush()
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        taken = take(finance, content)
        finance.session.flush()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert {each.outcome for each in taken.messages} == {Outcome.APPLIED}
    assert {tranche.status for tranche in tranches} == {TrancheStatus.PAID}
    unbroken(finance.session)
    return sum("UPDATE tranche" not in each for each in seen)


def test_many_payments_are_booked_in_the_statements_of_a_few(app, store, now):
    """Each tranche is guarded by its version, one UPDATE each; nothing else grows with their number."""
    with app.app_context(), store() as session:
        few = counted(make_finance(session, now=now), 4)
        session.rollback()
        assert counted(make_finance(session, now=now), 25) == few <= 45
        session.rollback()


@both_engines
def test_a_file_and_an_approval_of_the_same_grant_never_wait_for_each_other_for_ever(app, store, now):
    """The file held the authority and waited for the grant; the approval held the grant and waited for the books."""
    with store() as session:
        finance = make_finance(session, now=now)
        tranches = [session.get_one(Tranche, key) for key in many_proposed(finance, 10)]
        for tranche in tranches[:5]:
            finance.approve(tranche)
        rounds = [
            (notification(entry(asked(finance.order(paid).lines[0])), message=f"R{number}"), (other.id, other.version))
            for number, (paid, other) in enumerate(zip(tranches[:5], tranches[5:], strict=True))
        ]
        maker, checker = finance.actor(finance.maker), finance.actor(finance.checker)
        authority_id = finance.grant.authority_id
    for content, (tranche_id, version) in rounds:
        with app.app_context():
            upload, reading = arrived(content), read_bank_file(content)

        def take_in(session, upload=upload, reading=reading) -> object:
            return take_bank_file(
                session, authority_id=authority_id, upload=upload, reading=reading, actor=maker, now=instant()
            )

        def approve(session, tranche_id=tranche_id, version=version) -> object:
            return operations.approve_tranche(
                session, tranche_id=tranche_id, version_seen=version, actor=checker, now=instant()
            )

        assert at_once(app, take_in, approve) == ["done", "done"]
    with store() as session:
        assert len(session.scalars(select(BankMessage)).all()) == 5
        unbroken(session)
