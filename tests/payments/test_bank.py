"""What the bank says, done once, whatever it says and in whatever order; what is not clear waits for a person."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.mail import OutgoingMail
from portal.ledger import checks as ledger_checks
from portal.ledger.models import LedgerEntry
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind, PostingKind
from portal.notices.gathering import gathered
from portal.payments import checks
from portal.payments.bank import checks as bank_checks
from portal.payments.bank import due, operations
from portal.payments.bank.models import BankFile, BankMessage
from portal.payments.bank.operations.answer import Answered
from portal.payments.bank.queries import reconciliation
from portal.payments.bank.questions import BankContradicts
from portal.payments.bank.rules import Answer, Outcome, Trouble
from portal.payments.models import PaymentLine
from portal.payments.operations.refusals import PaysOneself
from portal.payments.rules import TrancheStatus
from tests.factories.bank import Payment, asked, entry, mandates, notification, status_report, take
from tests.factories.base import make_authority, make_staff
from tests.factories.payments import make_finance, make_member

FOREIGN = Payment("UTENZE-2026-03", "", 12_300)


@pytest.fixture
def finance(session, now):
    return make_finance(session, now=now)


@pytest.fixture
def sent(finance):
    """A payment that the bank has."""
    return asked(finance.order(finance.release(finance.first)).lines[0])


def money(finance) -> tuple[int, ...]:
    kinds = (AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID, AccountKind.WITHHELD)
    return tuple(balance_of(finance.session, kind, finance.grant.id) for kind in kinds)


def outcomes(taken: BankFile) -> list[Outcome]:
    return [each.outcome for each in taken.messages]


def questions(finance) -> list[BankMessage]:
    return [each for each in finance.session.scalars(select(BankMessage)) if each.is_open]


def unbroken(finance) -> None:
    finance.session.flush()
    found = [broken for check in (checks, bank_checks, ledger_checks) for broken in check.broken(finance.session)]
    assert found == []


def test_a_movement_of_the_account_pays_and_the_same_again_changes_nothing(finance, sent):
    taken = take(finance, notification(entry(sent)))
    assert outcomes(taken) == [Outcome.APPLIED]
    assert (finance.first.status, finance.first.paid_on) == (TrancheStatus.PAID, date(2026, 3, 2))
    assert money(finance) == (1_200_000, 0, 800_000, 0)
    with pytest.raises(operations.FileKnown):
        take(finance, notification(entry(sent)))
    again = take(finance, notification(entry(sent), message="NTF-2"))
    report = take(finance, status_report((sent, "ACSC"), (sent, "ACSC"), (sent, "ACSP")))
    assert (outcomes(again), outcomes(report)) == ([Outcome.ALREADY], [Outcome.ALREADY] * 2 + [Outcome.IGNORED])
    assert money(finance) == (1_200_000, 0, 800_000, 0)
    unbroken(finance)


def test_a_refused_payment_goes_back_to_the_recipient_with_its_reason_and_whose_mend_it_is(finance, sent):
    take(finance, status_report((sent, "RJCT"), reason="AC01", info="IBAN inesistente"))
    line = finance.line_of(finance.first)
    assert finance.first.status is TrancheStatus.FAILED
    assert line.why.endswith(" (AC01) · IBAN inesistente")
    mails = select(OutgoingMail).where(OutgoingMail.recipient == finance.world.owner.email)
    mail = finance.session.scalars(mails.order_by(OutgoingMail.id.desc())).first()
    assert "IBAN inesistente" in mail.body
    assert "AC01" in mail.body

    def steps(person):
        return [each.path for each in gathered(finance.session, due.asks(finance.actor(person), finance.now))]

    assert steps(finance.world.owner) == [f"/tranches/{finance.first.id}"]
    finance.now += timedelta(hours=1)
    finance.propose_account()
    assert steps(finance.world.owner) == []
    unbroken(finance)


def test_a_payment_that_comes_back_is_payable_again_and_only_a_new_one_pays_it(finance, sent):
    take(finance, notification(entry(sent)))
    take(finance, notification(entry(sent, way="CRDT", returned="AC04")))
    assert money(finance) == (1_200_000, 800_000, 0, 0)
    late = take(finance, status_report((sent, "ACSC"), (sent, "PDNG")))
    assert (outcomes(late), finance.first.status) == ([Outcome.ALREADY, Outcome.IGNORED], TrancheStatus.FAILED)
    second = asked(finance.order(finance.first).lines[0])
    take(finance, notification(entry(second)))
    assert (finance.first.status, money(finance)) == (TrancheStatus.PAID, (1_200_000, 0, 800_000, 0))
    assert outcomes(take(finance, notification(entry(sent, on="2026-03-01")))) == [Outcome.QUARANTINED]
    assert money(finance) == (1_200_000, 0, 800_000, 0)
    unbroken(finance)


def test_tax_that_is_withheld_goes_and_comes_back_with_its_payment(finance):
    tranche = finance.propose_all_the_way(finance.first)
    finance.approve(tranche)
    finance.session.execute(text("DROP TRIGGER IF EXISTS tranche_withholding" + _on(finance, "tranche")))
    tranche.withheld_cents = 32_000
    finance.session.flush()
    order = finance.order(tranche)
    assert (order.total_cents, order.lines[0].amount_cents) == (768_000, 768_000)
    take(finance, notification(entry(asked(order.lines[0]))))
    assert money(finance) == (1_200_000, 0, 768_000, 32_000)
    unbroken(finance)
    take(finance, notification(entry(asked(order.lines[0]), way="CRDT", returned="AC06")))
    assert money(finance) == (1_200_000, 800_000, 0, 0)
    take(finance, notification(entry(asked(finance.order(tranche).lines[0]))))
    assert money(finance) == (1_200_000, 0, 768_000, 32_000)
    unbroken(finance)


def _on(finance, table: str) -> str:
    return f" ON {table}" if finance.session.get_bind().dialect.name == "postgresql" else ""


def test_what_is_said_of_a_whole_file_is_said_of_each_payment_that_it_does_not_name(finance, sent):
    take(finance, status_report(group="RJCT", whole=sent.message_id, reason="FF01"))
    assert finance.line_of(finance.first).why.endswith(" (FF01)")
    waits = take(finance, status_report(group="ACCP", whole=sent.message_id))
    assert outcomes(waits) == [Outcome.IGNORED]
    assert outcomes(take(finance, status_report(group="RJCT", whole="NOT-OURS"))) == [Outcome.QUARANTINED]


def test_unknown_references_and_other_amounts_wait_and_move_nothing(finance, sent):
    taken = take(
        finance,
        notification(
            entry(FOREIGN), entry(sent, cents=799_999), entry(sent, currency="CHF"), entry(sent, on="2026-02-27"),
            entry(FOREIGN, way="CRDT"),
        ),
    )  # fmt: skip
    troubles = [Trouble.UNKNOWN, Trouble.AMOUNT, Trouble.AMOUNT, Trouble.DAY, None]
    assert [each.trouble for each in taken.messages] == troubles
    assert (finance.first.status, money(finance)) == (TrancheStatus.ORDERED, (1_200_000, 800_000, 0, 0))
    unbroken(finance)


def test_a_person_says_which_payment_a_message_is_about_or_that_there_is_nothing_to_do(finance, sent):
    mistyped = Payment(sent.end_to_end_id.replace("-", ""), "", sent.cents)
    taken = take(finance, notification(entry(mistyped), entry(FOREIGN)))
    first, second = taken.messages
    given = finance.by(finance.maker)

    def match(**changed):
        said = {"message_id": first.id, "end_to_end_id": sent.end_to_end_id, "words": "Stesso importo"} | changed
        return operations.match_message(finance.session, **said, **given)

    for wrong in ({"words": " "}, {"end_to_end_id": "NONE"}, {"message_id": second.id}):
        with pytest.raises(Invalid):
            match(**wrong)
    assert match().answer is Answer.MATCHED
    assert (finance.first.status, finance.first.paid_on) == (TrancheStatus.PAID, date(2026, 3, 2))
    with pytest.raises(Answered):
        match()
    operations.dismiss_messages(finance.session, message_ids=[second.id], words="Bollette", **given)
    assert questions(finance) == []
    unbroken(finance)


def test_a_bank_that_says_two_things_is_asked_before_anything_is_paid_again(finance, sent):
    take(finance, status_report((sent, "RJCT"), reason="MS03"))
    taken = take(finance, notification(entry(sent)))
    assert [each.trouble for each in taken.messages] == [Trouble.CONTRADICTS]
    with pytest.raises(BankContradicts):
        finance.order(finance.first)
    (question,) = questions(finance)
    operations.dismiss_messages(
        finance.session, message_ids=[question.id], words="Riaccreditato il 4 marzo", **finance.by(finance.maker)
    )
    assert len(finance.order(finance.first).lines) == 1
    unbroken(finance)


def test_nobody_takes_in_or_answers_what_pays_their_own_organisation(finance, sent):
    other = make_staff(finance.session, finance.world.authority, Role.FINANCE_MAKER, now=finance.now)
    make_member(finance, other)
    (message,) = take(finance, notification(entry(sent)), by=other).messages
    assert (message.trouble, finance.first.status) == (Trouble.OWN, TrancheStatus.ORDERED)
    said = {"message_id": message.id, "end_to_end_id": sent.end_to_end_id, "words": "È il nostro pagamento"}
    with pytest.raises(PaysOneself):
        operations.match_message(finance.session, **said, **finance.by(other))
    with pytest.raises(PaysOneself):
        operations.dismiss_messages(finance.session, message_ids=[message.id], words="No", **finance.by(other))
    operations.match_message(finance.session, **said, **finance.by(finance.maker))
    assert finance.first.status is TrancheStatus.PAID
    unbroken(finance)


def test_files_are_taken_in_by_who_records_payments_of_that_authority_alone(finance, sent):
    elsewhere = make_authority(finance.session, code="venezia", name="Comune di Venezia")
    stranger = make_staff(finance.session, elsewhere, Role.FINANCE_MAKER, now=finance.now)
    for person in (finance.checker, finance.world.officer, finance.world.owner, stranger):
        with pytest.raises((Forbidden, NotFound)):
            take(finance, notification(entry(sent)), by=person)
    assert finance.first.status is TrancheStatus.ORDERED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE bank_file SET sha256 = 'x'", "DELETE FROM bank_file", "DELETE FROM bank_message",
        "UPDATE bank_message SET amount_cents = 1", "UPDATE bank_message SET outcome = 'applied'",
        "UPDATE bank_message SET answer_words = 'altro' WHERE answer IS NOT NULL",
    ],
)  # fmt: skip
def test_what_the_bank_said_and_what_was_answered_stay(finance, sent, statement):
    (message,) = take(finance, notification(entry(FOREIGN))).messages
    operations.dismiss_messages(
        finance.session, message_ids=[message.id], words="Bollette", **finance.by(finance.maker)
    )
    finance.session.flush()
    with pytest.raises(IntegrityError), finance.session.begin_nested():
        finance.session.execute(text(statement))


def test_bank_and_ledger_agree_batch_by_batch(finance, sent):
    take(finance, status_report((sent, "RJCT"), reason="AC04"))
    second = asked(finance.order(finance.first).lines[0])
    take(finance, notification(entry(second)))
    take(finance, mandates((FOREIGN.end_to_end_id, "123,00", "2026-03-02", "")))
    found = reconciliation(finance.session, finance.actor(finance.maker))
    assert [(row.sent, row.paid, row.failed, row.waiting, row.booked, row.difference) for row in found.rows] == [
        (800_000, 800_000, 0, 0, 800_000, 0), (800_000, 0, 800_000, 0, 0, 0),
    ]  # fmt: skip
    total = found.total
    assert (total.payments, total.sent, total.paid, total.booked, total.difference) == (
        2, 1_600_000, 800_000, 800_000, 0,
    )  # fmt: skip
    assert found.questions == 1


SAYS = {
    "waits": lambda sent: status_report((sent, "ACSP"), message="A"),
    "accepted": lambda sent: status_report((sent, "ACSC"), made="2026-03-03T09:00:00+01:00", message="B"),
    "booked": lambda sent: notification(entry(sent)),
    "listed": lambda sent: mandates((sent.end_to_end_id, "8.000,00", "2026-03-02", "")),
    "refused": lambda sent: status_report((sent, "RJCT"), reason="AC01", message="C"),
    "returned": lambda sent: notification(entry(sent, way="CRDT", returned="AC04", on="2026-03-04")),
    "stranger": lambda _sent: notification(entry(FOREIGN)),
}


NAMES = st.lists(st.sampled_from(sorted(SAYS)), min_size=1, max_size=5, unique=True)


def test_any_order_of_files_and_any_repetition_end_alike(finance, sent):
    finance.now += timedelta(days=3)

    on_sqlite = finance.session.get_bind().dialect.name == "sqlite"

    @settings(max_examples=settings().max_examples // (5 if on_sqlite else 12))
    @given(
        st.lists(st.sampled_from(sorted(SAYS)), min_size=1, max_size=5, unique=True), st.randoms(use_true_random=False)
    )
    def alike(names: list[str], chance: Random) -> None:
        ends = [_end(finance, sent, order) for order in (names, chance.choices(names, k=3) + names[::-1])]
        assert ends[0] == ends[1]

    alike()


def _end(finance, sent: Payment, names: list[str]) -> tuple[object, ...]:
    savepoint = finance.session.begin_nested()
    try:
        for number, name in enumerate(names):
            content = SAYS[name](sent)
            content += b"\r\n" * number if name == "listed" else b"<!--%d-->" % number
            take(finance, content)
        unbroken(finance)
        first = finance.first
        entries = select(func.count(LedgerEntry.id)).where(LedgerEntry.posting == PostingKind.PAYMENT_RECORDED)
        live = select(func.count(PaymentLine.id)).where(PaymentLine.failed_at.is_(None))
        assert finance.session.scalar(entries) <= 1
        return first.status, first.paid_on, money(finance), len(questions(finance)), finance.session.scalar(live)
    finally:
        savepoint.rollback()
        finance.session.expire_all()
