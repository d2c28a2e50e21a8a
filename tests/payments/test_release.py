"""The release of a tranche, by its people, and every refusal on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role, Tie
from portal.core.audit.models import AuditEvent
from portal.core.errors import Forbidden, IllegalMove, Invalid, NotFound
from portal.core.unit_of_work import refusal_for
from portal.grants.rules import GrantActivated, GrantStatus
from portal.ledger.models import LedgerEntry
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind, PostingKind
from portal.notices.queries import latest_notices
from portal.payments import operations
from portal.payments.operations.refusals import (
    ChangedSinceSeen,
    EarlierTrancheOpen,
    GatesClosed,
    GrantNotPayable,
    PaysOneself,
    SamePerson,
)
from portal.payments.queries import due_steps
from portal.payments.rules import TrancheStatus
from tests.factories.base import as_actor, join, make_authority, make_person, make_staff
from tests.factories.payments import make_finance, make_member

STEPS = ("request", "verify", "propose", "approve")


@pytest.fixture
def finance(session, now):
    return make_finance(session, now=now)


def money(finance) -> tuple[int, ...]:
    return tuple(
        balance_of(finance.session, kind, finance.grant.id)
        for kind in (AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID)
    )


def events(finance, tranche) -> list[str]:
    query = select(AuditEvent.event).where(AuditEvent.subject_id == tranche.id).order_by(AuditEvent.sequence)
    return list(finance.session.scalars(query))


def test_the_plan_sums_to_the_award_to_the_cent(session, now):
    finance = make_finance(session, now=now, awarded_cents=2_000_001)
    assert [tranche.amount_cents for tranche in finance.tranches] == [800_001, 800_000, 400_000]
    assert finance.tranches[1].milestone is not None
    operations.plan_tranches(session, GrantActivated(grant_id=finance.grant.id, at=now))
    assert len(finance.tranches) == 3


def test_each_person_does_their_step_and_money_becomes_payable_once(finance, now):
    tranche = finance.request(finance.first)
    assert tranche.due_on == now.date() + timedelta(days=80)
    finance.approve(finance.propose(finance.verify(tranche)))
    assert tranche.status is TrancheStatus.APPROVED
    assert (tranche.requested_by, tranche.verified_by) == (finance.world.owner.id, finance.world.officer.id)
    assert (tranche.proposed_by, tranche.approved_by) == (finance.maker.id, finance.checker.id)
    assert money(finance) == (1_200_000, 800_000, 0)
    assert events(finance, tranche) == ["tranche.planned", *(f"tranche.{step}" for step in STEPS)]
    posted = select(func.count(LedgerEntry.id)).where(LedgerEntry.posting == PostingKind.RELEASE_APPROVED)
    assert finance.session.scalar(posted) == 1


def test_no_step_is_skipped_or_taken_twice(finance):
    tranche = finance.first
    for state, due in zip(list(TrancheStatus)[:5], (*STEPS, None), strict=True):
        assert tranche.status is state
        for step in STEPS:
            if step != due:
                with pytest.raises(IllegalMove):
                    getattr(finance, step)(tranche)
        if due:
            getattr(finance, due)(tranche)


@pytest.mark.parametrize(
    ("step", "people"),
    [
        ("request_tranche", ("officer", "maker", "checker", "coach", "leader", "viewer")),
        ("verify_tranche", ("owner", "maker", "checker", "coach", "viewer")),
        ("propose_tranche", ("owner", "officer", "checker", "coach", "viewer")),
    ],
)
def test_a_step_is_taken_by_its_people_only(finance, step, people):
    world = finance.world
    viewer = make_person(finance.session, now=finance.now)
    join(finance.session, viewer, world.association, Tie.VIEWER, now=finance.now)
    everybody = {
        "officer": world.officer, "coach": world.coach, "owner": world.owner, "leader": world.leader,
        "maker": finance.maker, "checker": finance.checker, "viewer": viewer,
    }  # fmt: skip
    for name in people:
        with pytest.raises((Forbidden, NotFound)):
            getattr(operations, step)(finance.session, tranche_id=finance.first.id, **finance.by(everybody[name]))
    assert finance.first.status is TrancheStatus.PLANNED


def test_staff_of_another_authority_find_nothing(finance):
    elsewhere = make_authority(finance.session, code="venezia", name="Comune di Venezia")
    stranger = make_staff(finance.session, elsewhere, Role.FINANCE_APPROVER, now=finance.now)
    tranche = finance.propose_all_the_way(finance.first)
    with pytest.raises(NotFound):
        finance.approve(tranche, by=stranger)


def test_whoever_proposes_never_approves_even_with_both_roles(finance):
    both = make_person(
        finance.session, now=finance.now, authority=finance.world.authority,
        roles=(Role.FINANCE_MAKER, Role.FINANCE_APPROVER),
    )  # fmt: skip
    finance.maker = both
    tranche = finance.propose_all_the_way(finance.first)
    with pytest.raises(SamePerson):
        finance.approve(tranche, by=both)
    assert money(finance)[1] == 0


def test_nobody_moves_money_towards_their_own_organisation(finance):
    tranche = finance.request(finance.first)
    make_member(finance, finance.world.officer)
    with pytest.raises(PaysOneself):
        finance.verify(tranche)
    finance.world.officer = make_staff(finance.session, finance.world.authority, Role.OFFICER, now=finance.now)
    finance.verify(tranche)
    make_member(finance, finance.maker)
    with pytest.raises(PaysOneself):
        finance.propose(tranche)
    finance.maker = make_staff(finance.session, finance.world.authority, Role.FINANCE_MAKER, now=finance.now)
    finance.propose(tranche)
    make_member(finance, finance.checker)
    with pytest.raises(PaysOneself):
        finance.approve(tranche)


def test_a_declared_conflict_beats_every_role(finance):
    tranche = finance.propose_all_the_way(finance.first)
    join(finance.session, finance.checker, finance.world.association, Tie.CONFLICTED, now=finance.now)
    with pytest.raises(NotFound):
        finance.approve(tranche)


def test_approval_is_of_the_version_seen(finance):
    tranche = finance.propose_all_the_way(finance.first)
    seen = tranche.version
    operations.send_back_tranche(
        finance.session, tranche_id=tranche.id, reason="Manca una fattura", **finance.by(finance.checker)
    )
    finance.propose_all_the_way(tranche)
    for stale in (seen, 0, -1, tranche.version + 1):
        with pytest.raises(ChangedSinceSeen):
            finance.approve(tranche, version=stale)
    assert money(finance) == (2_000_000, 0, 0)


def test_gates_are_read_again_when_money_is_released(finance):
    tranche = finance.propose_all_the_way(finance.first)
    finance.propose_account()
    with pytest.raises(GatesClosed) as refusal:
        finance.approve(tranche)
    assert [gate.name.value for gate in refusal.value.gates] == ["iban_verified"]
    assert money(finance) == (2_000_000, 0, 0)


@pytest.mark.parametrize("step", STEPS)
def test_a_closed_gate_stops_every_step(finance, step):
    tranche = finance.first
    for name in STEPS[: STEPS.index(step)]:
        getattr(finance, name)(tranche)
    finance.grant.cup = None
    with pytest.raises(GatesClosed):
        getattr(finance, step)(tranche)


def test_a_grant_that_is_not_under_way_gets_nothing(finance):
    tranche = finance.propose_all_the_way(finance.first)
    finance.grant.status = GrantStatus.CLOSED
    finance.session.flush()
    with pytest.raises(GrantNotPayable):
        finance.approve(tranche)


def test_tranches_are_asked_for_in_their_order(finance):
    finance.record_durc()
    finance.accept_milestones()
    with pytest.raises(EarlierTrancheOpen):
        finance.request(finance.tranches[1])
    finance.release(finance.first)
    assert finance.request(finance.tranches[1]).status is TrancheStatus.REQUESTED


def test_the_balance_waits_for_milestones_durc_and_coaching(finance):
    finance.record_durc(finance.now.date() - timedelta(days=121))
    finance.release(finance.first)
    second, last = finance.tranches[1:]
    for mend in (finance.accept_milestones, finance.record_durc):
        with pytest.raises(GatesClosed):
            finance.request(second)
        mend()
    finance.release(second)
    with pytest.raises(GatesClosed) as refusal:
        finance.request(last)
    assert [gate.name.value for gate in refusal.value.gates] == ["coaching_confirmed"]
    finance.confirm_coaching()
    finance.release(last)
    assert money(finance) == (0, 2_000_000, 0)


def test_whoever_acts_next_sends_back_and_the_recipient_learns_why(finance):
    tranche = finance.verify(finance.request(finance.first))
    for person in (finance.world.officer, finance.checker, finance.world.owner):
        with pytest.raises((Forbidden, NotFound)):
            operations.send_back_tranche(finance.session, tranche_id=tranche.id, reason="Perché", **finance.by(person))
    with pytest.raises(Invalid):
        operations.send_back_tranche(
            finance.session, tranche_id=tranche.id, reason=" \u200b\n", **finance.by(finance.maker)
        )
    operations.send_back_tranche(
        finance.session,
        tranche_id=tranche.id,
        reason="Il conto è intestato a un'altra persona.",
        **finance.by(finance.maker),
    )
    assert tranche.status is TrancheStatus.PLANNED
    assert (tranche.due_on, tranche.requested_by, tranche.verified_by) == (None, None, None)
    owner = finance.actor(finance.world.owner)
    assert latest_notices(finance.session, owner)[0].path == f"/tranches/{tranche.id}"
    (step,) = [each for each in due_steps(finance.session, owner, finance.now) if "tranche" in each.path]
    assert step.why == tranche.note


@pytest.mark.parametrize("released", [True, False])
def test_what_was_released_or_never_asked_is_not_sent_back(finance, released):
    tranche = finance.release(finance.first) if released else finance.first
    with pytest.raises(IllegalMove):
        operations.send_back_tranche(
            finance.session, tranche_id=tranche.id, reason="Tardi", **finance.by(finance.checker)
        )


def test_due_steps_find_their_people_and_nobody_else(finance):
    def steps(person):
        return [each.path for each in due_steps(finance.session, finance.actor(person), finance.now)]

    tranche = finance.first
    assert steps(finance.world.owner) == [f"/tranches/{tranche.id}"]
    finance.request(tranche)
    assert steps(finance.world.owner) == []
    assert steps(finance.world.officer) == ["/finance?status=requested"]
    finance.verify(tranche)
    assert steps(finance.maker) == ["/finance?status=verified"]
    finance.propose(tranche)
    assert (steps(finance.maker), steps(finance.checker)) == ([], ["/finance?status=proposed"])
    finance.approve(tranche)
    assert steps(finance.maker) == ["/finance?status=approved"]
    assert steps(finance.world.coach) == []


@pytest.mark.parametrize(
    ("change", "meant"),
    [
        ("approved_by = proposed_by, approved_at = proposed_at, status = 'approved'", SamePerson),
        ("status = 'paid'", None),
        ("status = 'approved'", None),
        ("status = 'ordered'", None),
        ("amount_cents = 0", None),
    ],
)
def test_the_database_refuses_what_no_operation_does(finance, change, meant):
    finance.propose_all_the_way(finance.first)
    with pytest.raises(IntegrityError) as error, finance.session.begin_nested():
        finance.session.execute(text(f"UPDATE tranche SET {change} WHERE status = 'proposed'"))
    if meant:
        assert isinstance(refusal_for(error.value), meant)


@pytest.mark.parametrize("change", ["amount_cents = amount_cents + 1", "approved_by = requested_by"])
def test_a_released_tranche_is_frozen(finance, change):
    finance.release(finance.first)
    with pytest.raises(IntegrityError, match="released tranche"), finance.session.begin_nested():
        finance.session.execute(text(f"UPDATE tranche SET {change} WHERE status = 'approved'"))


def test_an_approval_leaves_the_gates_it_read_in_the_trail(finance):
    tranche = finance.release(finance.first)
    query = select(AuditEvent.after).where(AuditEvent.subject_id == tranche.id, AuditEvent.event == "tranche.approve")
    assert "iban_verified" in finance.session.scalars(query).one()["gates"]
    assert as_actor(finance.session, finance.checker, now=finance.now).person_id == tranche.approved_by
