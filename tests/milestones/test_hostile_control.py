"""What somebody who wants a certain result would try with a control: it is refused, and leaves all as it was."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Tie
from portal.access.ties import tie
from portal.core.errors import Invalid
from portal.grants.apart import TwoPeople
from portal.grants.models import PlanVersion
from portal.milestones.control import checks, operations
from portal.milestones.control.models import ControlProposal
from portal.milestones.control.operations.refusals import (
    BeyondLimit,
    ChangedSince,
    JudgedAlready,
    NotComplete,
    NotToWiden,
    TooNear,
)
from portal.milestones.control.operations.replying import Replied
from portal.milestones.control.queries import alike_of, control_of
from portal.milestones.costs.operations import rewrite_report
from portal.milestones.costs.queries.whole import whole_report
from portal.milestones.models import Milestone
from portal.milestones.rules import MilestoneStatus
from tests.factories import costs
from tests.factories.control import make_controlling
from tests.factories.payments import put_under_way

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
BY_CHANCE = {"method": "random", "share": "20", "least": 1, "materiality": "2"}
THE_LARGEST = BY_CHANCE | {"method": "largest"}


@pytest.fixture
def sent(session, now):
    return make_controlling(session, now=now)


def judge(sent, number, cents, by=None, **seen):
    return operations.judge_line(
        sent.session, line_number=number, accepted_cents=cents, reason="Manca la prova.", **sent.by(by), **seen
    )


@on_sqlite
def test_an_old_page_does_not_undo_what_a_colleague_has_found(sent):
    sent.begin()
    judge(sent, 2, 20_000, seen_number=0)
    with pytest.raises(JudgedAlready):
        operations.accept_lines(sent.session, numbers=[1, 2], **sent.by(sent.checker))
    with pytest.raises(JudgedAlready):
        judge(sent, 2, 50_000, by=sent.checker, seen_number=0)
    control = control_of(sent.session, sent.report)
    assert {number: each.accepted_cents for number, each in control.outcomes.items()} == {2: 20_000}


@on_sqlite
def test_what_is_asked_after_a_proposal_makes_it_void_and_whoever_asked_does_not_approve(sent, session):
    sent.begin()
    sent.accept_all()
    first = sent.propose()
    sent.world.now += timedelta(minutes=1)
    operations.ask_clarification(session, asked={1: "Chi ha firmato?"}, days=5, **sent.by(sent.checker))
    operations.reply_to_clarification(session, replies={1: Replied("Nessuno.")}, **sent.by(sent.world.owner))
    with pytest.raises(ChangedSince):
        sent.approve(first)
    second = sent.propose()
    with pytest.raises(TwoPeople):
        sent.approve(second)


@on_sqlite
def test_a_proposal_is_bound_to_what_was_found_not_to_the_amount_alone(sent, session):
    sent.begin()
    sent.accept_all()
    seen = control_of(session, sent.report).accepted_cents
    with pytest.raises(ChangedSince):
        operations.propose_control(session, seen_cents=seen, seen_sha256="0" * 64, note="", **sent.by())


@on_sqlite
@pytest.mark.parametrize("near", [Tie.COACHES, Tie.ASSIGNED])
def test_who_coaches_or_evaluates_a_team_does_not_control_its_costs(sent, session, near):
    application = sent.report.grant.application_id
    tie(session, person_id=sent.world.officer.id, tie=near, object_type="application", object_id=application,
        now=sent.world.now)  # fmt: skip
    session.flush()
    with pytest.raises(TooNear):
        sent.begin()
    with pytest.raises(TooNear):
        operations.return_costs(session, reason="Perché sì.", **sent.by())


@on_sqlite
def test_a_lump_sum_stands_whole_or_not_at_all_and_once_refused_may_be_claimed_again(session, now):
    sent = make_controlling(session, now=now, amounts=("100,00",))
    operations.return_costs(session, reason="Manca il risultato.", **sent.by())
    world, report = sent.world, sent.report
    rewrite_report(session, **sent.by(world.owner))
    milestone = session.scalars(select(Milestone).where(Milestone.grant_id == report.grant_id)).first()
    milestone.status = MilestoneStatus.ACCEPTED
    costs.write(world, report, category="opening", milestone=str(milestone.number))
    costs.send(world, report)
    sent.begin()
    with pytest.raises(Invalid) as refused:
        judge(sent, 2, 50_000)
    assert refused.value.field == "accepted"
    judge(sent, 2, 0)
    sent.accept_all()
    sent.approve(sent.propose())
    again = costs.start(world, report.grant)
    line = costs.write(world, again, category="opening", milestone=str(milestone.number))
    session.flush()
    assert line.charged_cents == 100_000


@on_sqlite
def test_an_invoice_told_with_one_cent_more_or_by_another_code_is_looked_at_by_hand(session, now):
    sent = make_controlling(session, now=now, control={"method": "above", "above": "900"})
    world, mine = sent.world, sent.report
    later, world.now = world.now, now
    other = put_under_way(world, world.group_application)
    world.now = later
    theirs = costs.start(world, other)
    told = {"vat": "0,00", "supplier_code": "00514490010"}
    costs.write(world, theirs, net="50,00", document_number="ft 005 2026", **told)
    costs.write(world, theirs, net="70,00", document_number="7/2026", **told)
    costs.send(world, theirs)
    operations.return_costs(session, reason="Le righe.", **sent.by())
    rewrite_report(session, **sent.by(world.owner))
    costs.write(world, mine, net="70,01", document_number="7-2026", **told)
    costs.send(world, mine)
    assert sent.begin() == [1]
    control = control_of(session, mine)
    assert (list(control.alike), control.to_check) == ([5, 7], [1, 5, 7])
    (alike,) = alike_of(session, mine, 7)[7]
    assert (alike.reference, alike.number, alike.gross_cents) == (other.reference, 2, 7_000)
    operations.accept_lines(session, numbers=[1, 5], **sent.by())
    with pytest.raises(NotComplete):
        sent.propose()


@on_sqlite
def test_too_much_found_in_a_sample_is_not_left_to_stand(session, now):
    sent = make_controlling(session, now=now, control=THE_LARGEST)
    first = sent.begin()
    assert len(first) == 2
    for number in first:
        judge(sent, number, 0)
    sent.accept_all()
    control = control_of(session, sent.report)
    assert control.must_widen
    assert control.projection is not None
    assert control.projection.projected_cents == control.projection.unseen_cents
    with pytest.raises(NotComplete):
        sent.propose()
    more = operations.widen_sample(session, all_of_it=False, **sent.by())
    assert len(more.drawn) == 2
    assert not set(more.drawn) & set(first)
    sent.accept_all()
    assert control_of(session, sent.report).must_widen
    operations.widen_sample(session, all_of_it=True, **sent.by())
    with pytest.raises(NotToWiden):
        operations.widen_sample(session, all_of_it=True, **sent.by())
    sent.accept_all()
    proposal = sent.propose()
    assert (proposal.projected_cents, proposal.projection["materiality"]) == (0, "2")
    sent.approve(proposal)
    assert list(checks.broken(session)) == []


def test_what_was_drawn_and_estimated_stays_as_it_was(session, now):
    sent = make_controlling(session, now=now, control=BY_CHANCE | {"materiality": None})
    first = sent.begin()
    judge(sent, first[0], 0)
    operations.widen_sample(session, all_of_it=False, **sent.by())
    sent.accept_all()
    proposal = sent.propose()
    assert proposal.projected_cents > 0
    for change in (
        "UPDATE control_widening SET projected_cents = 0", "DELETE FROM control_widening",
        "UPDATE control_proposal SET projected_cents = 0", "UPDATE control_sample SET alike = '[]'",
        "UPDATE cost_line SET paid_on = '2026-01-01'", "UPDATE cost_line SET cup = NULL",
    ):  # fmt: skip
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(change))
    assert sent.approve(proposal).accepted_cents == proposal.accepted_cents
    assert list(checks.broken(session)) == []
    assert session.get_one(ControlProposal, proposal.id).projection["method"] == "ratio"


@on_sqlite
def test_a_budget_that_was_lowered_meanwhile_holds_for_what_stands(sent, session):
    version = session.scalars(select(PlanVersion).order_by(PlanVersion.number.desc())).first()
    agreed = version.content["budget"]
    budget = [each | {"cents": 100_000} if each["key"] == "services" else each for each in agreed]
    content = version.content | {"budget": budget}
    session.add(PlanVersion(grant_id=version.grant_id, number=version.number + 1, made_by=None, change={},
                            in_force_from=version.in_force_from, content=content))  # fmt: skip
    session.flush()
    sent.begin()
    sent.accept_all()
    with pytest.raises(BeyondLimit):
        sent.propose()
    judge(sent, 1, 13_000)
    assert sent.propose().accepted_cents == 100_000 + 7_000


@on_sqlite
def test_one_document_told_in_two_ways_is_worth_the_least_of_them(session, now):
    sent = make_controlling(session, now=now, amounts=("100,00",))
    operations.return_costs(session, reason="IVA.", **sent.by())
    rewrite_report(session, **sent.by(sent.world.owner))
    costs.write(sent.world, sent.report, vat_recoverable="sì")
    assert not whole_report(session, sent.report).to_mend
    costs.write(sent.world, sent.report, share="18")
    assert {line.number for line in whole_report(session, sent.report).to_mend} == {2, 3}
