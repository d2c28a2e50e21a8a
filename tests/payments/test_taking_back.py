"""Taking an approval back: the money, the limit and the step are as before it; the history is not."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Role
from portal.core.audit.models import AuditEvent
from portal.core.errors import Forbidden, IllegalMove, Invalid, NotFound
from portal.ledger import checks as ledger_checks
from portal.ledger.models import LedgerEntry
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind, PostingKind
from portal.notices.queries import latest_notices
from portal.payments import checks, operations
from portal.payments.limits.operations import OverLimit
from portal.payments.models import Tranche
from portal.payments.operations.cancelling import cancel_tranches
from portal.payments.operations.refusals import (
    ChangedSinceSeen,
    LaterTrancheMoved,
    PaysOneself,
    TakenBackByMaker,
)
from portal.payments.rules import TrancheStatus
from tests.factories.base import make_person, make_staff
from tests.factories.gated import TAXED, find_activity, limit, make_gated, template
from tests.factories.payments import Finance, make_finance, make_member

KINDS = (AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID)


@pytest.fixture
def finance(session, now):
    return make_finance(session, now=now)


@pytest.fixture
def approved(finance):
    """The advance, released by mistake."""
    return finance.release(finance.first)


def take_back(finance: Finance, tranche: Tranche, by=None, reason: str = "Importo sbagliato.") -> Tranche:
    return operations.take_back_tranche(
        finance.session, tranche_id=tranche.id, reason=reason, **finance.by(by or finance.checker)
    )


def money(finance: Finance) -> tuple[int, ...]:
    return tuple(balance_of(finance.session, kind, finance.grant.id) for kind in KINDS)


def is_whole(finance: Finance) -> bool:
    return [*checks.broken(finance.session), *ledger_checks.broken(finance.session)] == []


def test_money_step_and_limit_are_as_before_and_the_history_is_kept(finance):
    limit(finance, finance.first.amount_cents)
    proposed = finance.propose_all_the_way(finance.first)
    before, seen = money(finance), proposed.version
    finance.approve(proposed)
    assert money(finance) != before
    tranche = take_back(finance, proposed)
    assert (tranche.status, tranche.approved_by, tranche.approved_at) == (TrancheStatus.PROPOSED, None, None)
    assert (money(finance), tranche.proposed_by) == (before, finance.maker.id)
    assert is_whole(finance)
    query = select(AuditEvent.event, AuditEvent.reason).where(AuditEvent.subject_id == tranche.id)
    told = finance.session.execute(query.order_by(AuditEvent.sequence)).all()
    assert [event for event, _reason in told][-2:] == ["tranche.approve", "tranche.take_back"]
    assert told[-1].reason == tranche.note == "Importo sbagliato."
    assert latest_notices(finance.session, finance.actor(finance.world.owner))[0].path == f"/tranches/{tranche.id}"
    with pytest.raises(ChangedSinceSeen):
        finance.approve(tranche, version=seen)
    assert finance.approve(tranche).note is None
    assert is_whole(finance)


def test_without_taking_it_back_the_limit_of_the_day_is_used_up(session, now):
    finance = make_gated(session, now=now, tranches=(template("a", 50), template("b", 50)))
    first, second = finance.tranches
    limit(finance, first.amount_cents)
    finance.release(first)
    with pytest.raises(OverLimit):
        finance.release(second)


def test_once_a_file_was_made_or_before_the_approval_nothing_is_taken_back(finance, approved):
    finance.order(approved)
    for step in (finance.pay, finance.fail):
        with pytest.raises(IllegalMove):
            take_back(finance, approved)
        step(approved)
    with pytest.raises(IllegalMove):
        take_back(finance, approved)
    with pytest.raises(IllegalMove):
        take_back(finance, finance.tranches[1])


def test_only_an_approver_who_did_not_propose_it_and_is_not_of_the_recipient(finance, now):
    both = make_person(
        finance.session, now=now, authority=finance.world.authority,
        roles=(Role.FINANCE_MAKER, Role.FINANCE_APPROVER),
    )  # fmt: skip
    tranche = finance.verify(finance.request(finance.first))
    operations.propose_tranche(finance.session, tranche_id=tranche.id, **finance.by(both))
    finance.approve(tranche)
    for person in (finance.maker, finance.world.officer, finance.world.owner, finance.world.coach):
        with pytest.raises((Forbidden, NotFound)):
            take_back(finance, tranche, by=person)
    with pytest.raises(TakenBackByMaker):
        take_back(finance, tranche, by=both)
    other = make_staff(finance.session, finance.world.authority, Role.FINANCE_APPROVER, now=now)
    make_member(finance, other)
    with pytest.raises(PaysOneself):
        take_back(finance, tranche, by=other)
    with pytest.raises(Invalid):
        take_back(finance, tranche, reason="  ")
    assert take_back(finance, tranche).status is TrancheStatus.PROPOSED


def test_what_rests_on_the_release_goes_back_first(finance, approved):
    finance.accept_milestones()
    finance.record_durc()
    finance.confirm_coaching()
    second = finance.request(finance.tranches[1])
    with pytest.raises(LaterTrancheMoved):
        take_back(finance, approved)
    operations.send_back_tranche(
        finance.session, tranche_id=second.id, reason="Prima l'anticipo.", **finance.by(finance.world.officer)
    )
    assert take_back(finance, approved).status is TrancheStatus.PROPOSED


def test_the_tax_is_computed_anew_at_the_next_approval(session, now):
    finance = make_gated(session, now=now, tranches=(template("all", 100),), rules=TAXED)
    find_activity(finance, is_undertaking=True)
    tranche = finance.release(finance.first)
    assert tranche.withheld_cents
    assert take_back(finance, tranche).withheld_cents == 0
    find_activity(finance, is_undertaking=False)
    assert finance.approve(tranche).withheld_cents == 0
    assert is_whole(finance)


def test_released_taken_back_released_again_and_failed_it_is_cancelled_once(finance, approved):
    take_back(finance, approved)
    finance.approve(approved)
    take_back(finance, approved)
    finance.approve(approved)
    finance.order(approved)
    finance.fail(approved)
    other = make_staff(finance.session, finance.world.authority, Role.FINANCE_MAKER, now=finance.now)
    finance.order(approved, by=other)
    finance.fail(approved)
    cancel_tranches(finance.session, grant_id=finance.grant.id, **finance.by(finance.world.officer))
    assert {each.status for each in finance.tranches} == {TrancheStatus.CANCELLED}
    assert money(finance) == (finance.grant.granted_cents, 0, 0)
    entries = select(LedgerEntry.posting).where(LedgerEntry.debit_id == entry_account(finance), CANCELS)
    assert len(finance.session.scalars(entries).all()) == 3
    assert list(ledger_checks.broken(finance.session)) == []


CANCELS = LedgerEntry.posting == PostingKind.REVERSED


def entry_account(finance: Finance):
    """The account of the award."""
    query = select(LedgerEntry.credit_id).where(LedgerEntry.posting == PostingKind.RELEASE_APPROVED)
    return finance.session.scalars(query.distinct()).one()


@pytest.mark.parametrize("values", [{"status": "verified"}, {"status": "proposed", "proposed_by": None}])
def test_the_database_lets_an_approval_go_back_one_step_and_to_its_maker_alone(finance, approved, values):
    given = {"approved_by": None, "approved_at": None} | values
    given |= {"proposed_by": finance.checker.id} if "proposed_by" in values else {}
    with pytest.raises(DBAPIError), finance.session.begin_nested():
        finance.session.execute(update(Tranche).where(Tranche.id == approved.id).values(**given))
    finance.session.refresh(approved)
    assert approved.status is TrancheStatus.APPROVED
