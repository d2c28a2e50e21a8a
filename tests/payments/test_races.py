"""Two people press at the same moment, on real databases with real threads: exactly one effect."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.operations import bank_details
from portal.access.policy import Role
from portal.core.clock import now as instant
from portal.ledger import checks as ledger_checks
from portal.ledger.models import LedgerEntry
from portal.ledger.rules import PostingKind
from portal.payments import checks, operations
from portal.payments.models import PaymentLine, Tranche
from tests.engines import both_engines
from tests.factories.base import make_staff
from tests.factories.payments import make_finance
from tests.factories.racing import at_once, many_proposed

PAIRS = 20
ONE_OF_TWO = [["IllegalMove", "done"]] * PAIRS


@pytest.fixture
def pairs(store, now):
    """Twenty proposed tranches, two checkers and two makers."""
    with store() as session:
        finance = make_finance(session, now=now)
        tranches = many_proposed(finance, PAIRS)
        authority = finance.world.authority
        checkers = [finance.checker, make_staff(session, authority, Role.FINANCE_APPROVER, now=now)]
        makers = [finance.maker, make_staff(session, authority, Role.FINANCE_MAKER, now=now)]
        return tranches, [finance.actor(each) for each in checkers], [finance.actor(each) for each in makers]


def posted(session: Session, posting: PostingKind) -> int:
    return session.scalar(select(func.count(LedgerEntry.id)).where(LedgerEntry.posting == posting)) or 0


def approving(actor, tranche):
    return lambda session: operations.approve_tranche(
        session, tranche_id=tranche, version_seen=1, actor=actor, now=instant()
    )


def ordering(actor, tranches):
    return lambda session: operations.order_payments(
        session, tranche_ids=tranches, execution_on=instant().date(), actor=actor, now=instant()
    )


def recording(actor, line):
    return lambda session: operations.record_paid(
        session, line_id=line, paid_on=instant().date(), actor=actor, now=instant()
    )


@both_engines
def test_of_two_at_once_one_has_its_effect_and_the_other_is_refused(app, store, pairs):
    tranches, checkers, makers = pairs
    assert [at_once(app, *(approving(each, t) for each in checkers)) for t in tranches] == ONE_OF_TWO
    assert [at_once(app, *(ordering(each, [t]) for each in makers)) for t in tranches] == ONE_OF_TWO
    with store() as session:
        lines = list(session.scalars(select(PaymentLine.id).order_by(PaymentLine.id)))
    assert [at_once(app, *(recording(each, line) for each in makers)) for line in lines] == ONE_OF_TWO
    with store() as session:
        assert (posted(session, PostingKind.RELEASE_APPROVED), len(lines)) == (PAIRS, PAIRS)
        assert posted(session, PostingKind.PAYMENT_RECORDED) == PAIRS
        assert [*ledger_checks.broken(session), *checks.broken(session)] == []


@both_engines
def test_different_tranches_of_one_grant_at_once_are_all_released(app, store, pairs):
    tranches, checkers, _makers = pairs
    met = [
        at_once(app, *(approving(checkers[0], each) for each in tranches[start : start + 4]))
        for start in range(0, PAIRS, 4)
    ]
    assert met == [["done"] * 4] * 5
    with store() as session:
        assert [*ledger_checks.broken(session), *checks.broken(session)] == []


@both_engines
def test_files_that_share_a_tranche_never_wait_for_each_other_for_ever(app, store, pairs):
    tranches, checkers, makers = pairs
    for tranche in tranches[:10]:
        at_once(app, approving(checkers[0], tranche))
    for start in range(0, 10, 2):
        two = tranches[start : start + 2]
        assert at_once(app, ordering(makers[0], two), ordering(makers[1], two[::-1])) == ["IllegalMove", "done"]
    with store() as session:
        assert list(checks.broken(session)) == []


@both_engines
def test_a_change_of_account_and_an_order_at_once_never_pay_an_unverified_account(app, store, now, pairs):
    tranches, checkers, makers = pairs
    at_once(app, approving(checkers[0], tranches[0]))
    with store() as session:
        tranche = session.get_one(Tranche, tranches[0])
        organisation_id = tranche.grant.organisation_id
    change = _proposing(makers[1], organisation_id)
    met = at_once(app, ordering(makers[0], [tranches[0]]), change)
    assert met in (["GatesClosed", "done"], ["done", "done"])
    with store() as session:
        ibans = set(session.scalars(select(PaymentLine.iban)))
        assert ibans <= {"IT60X0542811101000000123456"}


def _proposing(actor, organisation_id):
    return lambda session: bank_details.propose_bank_details(
        session, organisation_id=organisation_id, iban="DE89370400440532013000", holder="Il Ponte", actor=actor,
        now=instant(),
    )  # fmt: skip
