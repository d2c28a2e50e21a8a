"""Costs are controlled line by line by one person and approved by another; the recipient gets a letter."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Tie
from portal.core import events
from portal.core.errors import IllegalMove, Invalid, InvalidForm, NotFound
from portal.core.mail import OutgoingMail
from portal.core.money import share
from portal.grants.apart import OwnOrganisation, TwoPeople
from portal.milestones.control import checks, operations
from portal.milestones.control.letters import make_letter
from portal.milestones.control.operations.judging import Told
from portal.milestones.control.operations.refusals import (
    BegunAlready,
    ChangedSince,
    NotBegun,
    NotComplete,
    NothingAsked,
    NotInControl,
    TermRuns,
)
from portal.milestones.control.operations.replying import Replied
from portal.milestones.control.queries import clarifications_of, control_of
from portal.milestones.control.rules import Answer
from portal.milestones.costs import operations as reporting
from portal.milestones.costs.models import CostLine
from portal.milestones.costs.operations.refusals import UnderControl
from portal.milestones.costs.queries import approved_spending
from portal.milestones.costs.rules import Claim, CostReportApproved, CostReportStatus
from tests.factories import costs
from tests.factories.base import join
from tests.factories.control import make_controlling
from tests.factories.grants import a_pdf

RANDOM = {"method": "random", "share": "30", "least": 1}
on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


@pytest.fixture
def sent(session, now):
    return make_controlling(session, now=now)


def cut(sent, number, cents, why="Manca la prova del pagamento.", by=None):
    return operations.judge_line(sent.session, line_number=number, accepted_cents=cents, reason=why, **sent.by(by))


def ask(sent, **asked):
    wanted = {int(key.removeprefix("line")): what for key, what in asked.items()} or {1: "Manca la quietanza."}
    return operations.ask_clarification(sent.session, asked=wanted, days=10, **sent.by())


def test_from_the_draw_to_the_letter(sent, session):
    heard = []
    events.subscribe(CostReportApproved, lambda _, event: heard.append(event))
    assert sent.begin() == [1, 2, 3, 4, 5, 6]
    sent.accept_all()
    cut(sent, 2, 20_000)
    cut(sent, 6, 0, "Non riguarda il progetto.")
    report = sent.approve(sent.propose())
    typed = 187_000 - 30_000 - 2_000
    assert report.accepted_cents == typed + share(typed, 700)
    assert [(each.report_id, each.accepted_cents) for each in heard] == [(report.id, report.accepted_cents)]
    assert approved_spending(session, [report.grant_id]) == {report.grant_id: report.accepted_cents}
    lines = session.scalars(select(CostLine).order_by(CostLine.number).execution_options(populate_existing=True)).all()
    assert [each.accepted_cents for each in lines] == [100_000, 20_000, 20_000, 10_000, 5_000, 0]
    assert [each.claim for each in lines] == [*[Claim.CLAIMED] * 5, Claim.FREED]
    letter = make_letter(session, report_id=report.id, now=sent.world.now)
    assert letter is not None
    assert letter.file.media_type == "application/pdf"
    assert make_letter(session, report_id=report.id, now=sent.world.now) is None
    assert any(letter.protocol_entry.label in body for body in session.scalars(select(OutgoingMail.body)))
    assert list(checks.broken(session)) == []


@on_sqlite
def test_a_draw_is_recorded_once_for_each_version_and_never_taken_back(session, now):
    sent = make_controlling(session, now=now, control=RANDOM)
    with pytest.raises(Invalid) as refused:
        sent.begin(seed=" ")
    assert refused.value.field == "seed"
    drawn = sent.begin()
    assert len(drawn) == 2
    with pytest.raises(BegunAlready):
        sent.begin(seed="altro")
    with pytest.raises(UnderControl):
        reporting.withdraw_report(session, **sent.by(sent.world.owner))
    cut(sent, next(number for number in range(1, 7) if number not in drawn), 0)
    sent.accept_all()
    assert control_of(session, sent.report).is_complete
    assert list(checks.broken(session)) == []


@on_sqlite
def test_a_line_without_an_outcome_stands_as_it_was_charged(session, now):
    sent = make_controlling(session, now=now, control={"method": "above", "above": "600"})
    assert sent.begin() == [1]
    sent.accept_all()
    assert control_of(session, sent.report).accepted_cents == sent.report.claimed_cents


@on_sqlite
def test_nothing_is_found_before_the_draw_nor_proposed_before_all_is_looked_at(sent):
    with pytest.raises(NotBegun):
        cut(sent, 1, 0)
    sent.begin()
    with pytest.raises(NotComplete):
        sent.propose()
    with pytest.raises(NotFound):
        cut(sent, 99, 0)


@on_sqlite
@pytest.mark.parametrize(("cents", "why", "field"), [(-1, "Perché", "accepted"), (50_001, "Perché", "accepted"),
                                                     (1, " ", "reason")])  # fmt: skip
def test_an_outcome_that_cannot_be_names_its_field(sent, cents, why, field):
    sent.begin()
    with pytest.raises(Invalid) as refused:
        cut(sent, 2, cents, why)
    assert refused.value.field == field


@on_sqlite
def test_who_had_a_hand_in_the_control_does_not_approve_it(sent):
    sent.begin()
    sent.accept_all()
    cut(sent, 1, 90_000, by=sent.checker)
    proposal = sent.propose()
    for person in (sent.world.officer, sent.checker):
        with pytest.raises(TwoPeople):
            sent.approve(proposal, person)
    assert sent.report.status.value == "submitted"


def test_the_database_wants_two_people_too(sent, session):
    sent.begin()
    sent.accept_all()
    sent.propose()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE control_proposal SET approved_by = proposed_by, approved_at = proposed_at"))


@on_sqlite
def test_nobody_of_the_recipient_controls(sent, session):
    join(session, sent.checker, sent.world.association, Tie.VIEWER, now=sent.world.now)
    with pytest.raises(OwnOrganisation):
        operations.begin_control(session, seed="1", **sent.by(sent.checker))


@on_sqlite
def test_what_changes_after_the_proposal_is_proposed_anew(sent):
    sent.begin()
    sent.accept_all()
    first = sent.propose()
    told = {"paid": Told(Answer.NO, "Un pagamento manca.")}
    operations.answer_checklist(sent.session, told=told, **sent.by())
    with pytest.raises(ChangedSince):
        sent.approve(first)
    second = sent.propose()
    with pytest.raises(ChangedSince):
        sent.approve(first)
    assert sent.approve(second).status is CostReportStatus.APPROVED
    with pytest.raises(NotInControl):
        cut(sent, 1, 0)


@on_sqlite
def test_only_what_was_asked_is_answered(sent, session):
    sent.begin()
    request = ask(sent, line2="Manca la quietanza.", line0="Chi ha scelto il fornitore?")
    assert sent.report.status is CostReportStatus.CLARIFYING
    with pytest.raises(NotInControl):
        cut(sent, 1, 0)
    owner = sent.by(sent.world.owner)
    with pytest.raises(InvalidForm) as refused:
        operations.reply_to_clarification(session, replies={0: Replied("Il direttivo."), 5: Replied("Altro")}, **owner)
    assert list(refused.value.errors) == ["answer-2"]
    replies = {0: Replied("Il direttivo."), 2: Replied("Ecco.", a_pdf("quietanza.pdf")), 5: Replied("Altro")}
    operations.reply_to_clarification(session, replies=replies, **owner)
    assert [(each.line_number, each.answer, each.file is not None) for each in request.items] == [
        (0, "Il direttivo.", False), (2, "Ecco.", True)
    ]  # fmt: skip
    assert sent.report.status.value == "submitted"
    with pytest.raises(NothingAsked):
        operations.reply_to_clarification(session, replies=replies, **owner)


@on_sqlite
def test_the_office_goes_on_without_an_answer_once_the_term_is_over(sent, session):
    request = ask(sent)
    with pytest.raises(TermRuns):
        operations.close_clarification(session, **sent.by())
    sent.world.now = request.due_at + timedelta(minutes=1)
    operations.close_clarification(session, **sent.by())
    assert (sent.report.status, request.is_answered) == (CostReportStatus.SUBMITTED, False)


@on_sqlite
def test_an_answer_after_the_term_is_marked_as_late(sent, session):
    request = ask(sent)
    sent.world.now = request.due_at + timedelta(minutes=1)
    operations.reply_to_clarification(session, replies={1: Replied("Ecco.")}, **sent.by(sent.world.owner))
    assert request.is_late


@on_sqlite
@pytest.mark.parametrize(("asked", "days", "field"), [({1: "Che cosa?"}, 0, "days"), ({99: "Che cosa?"}, 5, "line"),
                                                      ({1: " "}, 5, "what")])  # fmt: skip
def test_a_request_that_cannot_be_names_its_field(sent, asked, days, field):
    with pytest.raises(Invalid) as refused:
        operations.ask_clarification(sent.session, asked=asked, days=days, **sent.by())
    assert refused.value.field == field


@on_sqlite
def test_a_returned_report_is_mended_and_controlled_anew(sent, session):
    sent.begin()
    ask(sent)
    operations.return_costs(session, reason="Le righe 2 e 3 sono la stessa fattura.", **sent.by())
    assert clarifications_of(session, sent.report)[0].ended_at is not None
    with pytest.raises(IllegalMove):
        operations.return_costs(session, reason="Ancora", **sent.by())
    reporting.rewrite_report(session, **sent.by(sent.world.owner))
    costs.send(sent.world, sent.report)
    assert control_of(session, sent.report).sample is None
    assert sent.begin() == [1, 2, 3, 4, 5, 6]
