"""A rehearsal is begun, played, closed: idempotent, apart from everything that counts, and never changed again."""

from dataclasses import replace
from datetime import datetime

import pytest
from argon2.exceptions import InvalidHashError
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.access.models import Authority, Person
from portal.access.operations.signing_in import HASHER
from portal.access.policy import Action, Role, allowed
from portal.access.queries.twins import twin_of
from portal.calls.models import Call
from portal.calls.rules import TieBreak, TieBreakBy
from portal.core.actor import SYSTEM
from portal.core.audit import AuditEvent
from portal.core.errors import NotFound
from portal.core.mail import OutgoingMail
from portal.ledger.models import Account
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.rules import CostReportStatus
from portal.questionnaires.models import AnswerFile
from portal.register.models import ProtocolEntry
from portal.rehearsal.models import Rehearsal, RehearsalStep
from portal.rehearsal.operations import (
    NothingToRehearse,
    UnderWay,
    begin_rehearsal,
    close_rehearsal,
    play_step,
)
from portal.rehearsal.plan import AFTER, BEFORE, CHOOSING, Stop
from portal.rehearsal.play import Play
from portal.rehearsal.rules import RehearsalStatus, Step
from portal.rehearsal.steps import PLAYED
from portal.reporting.invariants import broken_invariants
from tests.factories.base import as_actor, make_authority, make_staff
from tests.factories.rehearsal import draft_of, rehearse, told, waiting_for_reports

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


@pytest.fixture
def call(session: Session, now: datetime) -> Call:
    """Venice's call, the shortest: a draw between equals, tranches that wait for cost reports with technical parts."""
    design = replace(waiting_for_reports(), tie_breaks=[TieBreak(TieBreakBy.DRAW)])
    return draft_of(session, design, now=now)


def test_every_step_has_somebody_who_plays_it() -> None:
    assert set(PLAYED) == set(Step)


def test_a_whole_call_is_lived_through_apart_from_the_live_one(session: Session, call: Call, now: datetime) -> None:
    rehearsal = rehearse(session, call, now=now)
    lines = "\n".join(told(rehearsal))
    twin = twin_of(session, call.authority_id)
    assert rehearsal.status is RehearsalStatus.FINISHED, lines
    assert [step.step for step in rehearsal.steps] == [*BEFORE, *CHOOSING, *AFTER]
    assert {step.phase_key for step in rehearsal.steps} == {None}
    assert "a public draw was announced, held and entered" in lines
    assert twin is not None
    assert rehearsal.call is not None
    assert (twin.name, twin.code) == ("Comune di Venezia – PROVA", "venezia-prova") or twin.name.endswith("– PROVA")
    assert rehearsal.call.slug == "venezia-welfare-comunita-prova-1"
    assert "the bank did not pay" in lines
    assert "could not send" in lines
    assert "is not admissible" in lines
    assert "was held" in lines
    assert "were not used" in lines
    reports_are_approved(session, lines)
    mine = select(func.count(ProtocolEntry.id)).where(ProtocolEntry.authority_id == call.authority_id)
    assert session.scalar(mine) == 0
    assert session.scalar(select(func.count(Account.id)).where(Account.authority_id == call.authority_id)) == 0
    assert list(broken_invariants(session)) == []
    nobody_is_real(session)


def reports_are_approved(session: Session, lines: str) -> None:
    """Tranches that wait for a report are refused first, then paid once it is answered, sent, controlled, approved."""
    assert "impossible: " not in lines.replace("impossible: Left out of the rehearsal", ""), lines
    assert "Cost report approved by the office" in lines
    assert "controlled by one officer and approved by another" in lines
    reports = session.scalars(select(CostReport)).all()
    assert reports
    assert {report.status for report in reports} == {CostReportStatus.APPROVED}
    attached = session.scalars(select(AnswerFile).where(AnswerFile.key == "photos")).all()
    assert {each.sheet_id for each in attached} == {report.sheet_id for report in reports}


def nobody_is_real(session: Session) -> None:
    """No message of a rehearsal leaves, and nobody of it can sign in."""
    mails = session.scalars(select(OutgoingMail)).all()
    assert mails
    assert all(mail.kept_at and mail.recipient.endswith(".invalid") for mail in mails)
    for person in session.scalars(select(Person)):
        assert person.password_hash == "!"
        assert person.email.endswith(".invalid")
        with pytest.raises(InvalidHashError):
            HASHER.verify(person.password_hash, "!")


def test_a_step_that_was_played_is_not_played_again(session: Session, call: Call, now: datetime) -> None:
    rehearsal = begin_rehearsal(session, call_id=call.id, actor=SYSTEM, now=now)
    play_step(session, rehearsal_id=rehearsal.id, now=now)
    assert (rehearsal.done, rehearsal.planned, rehearsal.next_stop) == (1, 12, Stop(Step.CAST))
    assert rehearsal.status is RehearsalStatus.RUNNING
    with pytest.raises(UnderWay):
        begin_rehearsal(session, call_id=call.id, actor=SYSTEM, now=now)
    close_rehearsal(session, rehearsal_id=rehearsal.id, actor=SYSTEM, now=now)
    play_step(session, rehearsal_id=rehearsal.id, now=now)
    assert rehearsal.done == 1
    again = begin_rehearsal(session, call_id=call.id, actor=SYSTEM, now=now)
    assert (again.number, again.twin_id) == (2, rehearsal.twin_id)


@pytest.mark.parametrize("row", [Rehearsal, RehearsalStep])
def test_the_database_never_lets_a_rehearsal_be_deleted(session: Session, call: Call, now: datetime, row: type) -> None:
    rehearsal = begin_rehearsal(session, call_id=call.id, actor=SYSTEM, now=now)
    play_step(session, rehearsal_id=rehearsal.id, now=now)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(delete(row))


def test_a_closed_rehearsal_cannot_be_opened_again_by_the_database(session: Session, call: Call, now: datetime) -> None:
    rehearsal = begin_rehearsal(session, call_id=call.id, actor=SYSTEM, now=now)
    close_rehearsal(session, rehearsal_id=rehearsal.id, actor=SYSTEM, now=now)
    session.flush()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(Rehearsal.__table__.update().values(status="running", closed_at=None))  # type: ignore[attr-defined]


@on_sqlite
def test_the_office_reads_its_twin_and_may_do_nothing_there(session: Session, call: Call, now: datetime) -> None:
    officer = make_staff(session, call.authority, Role.OFFICER, now=now)
    stranger = make_staff(session, make_authority(session), Role.OFFICER, now=now)
    rehearsal = begin_rehearsal(session, call_id=call.id, actor=as_actor(session, officer, now=now), now=now)
    play_step(session, rehearsal_id=rehearsal.id, now=now)
    reader, other = (as_actor(session, person, now=now) for person in (officer, stranger))
    twins = rehearsal.call
    assert twins is not None
    assert allowed(reader, Action.CALL_MANAGE, twins)
    assert not allowed(reader, Action.CALL_EXTEND, twins)
    assert reader.authorities_as("auditor") == frozenset()
    assert reader.entered == {rehearsal.twin_id}
    assert not allowed(other, Action.CALL_MANAGE, twins)
    assert not twins.guard.is_public
    with pytest.raises(NotFound):
        begin_rehearsal(session, call_id=call.id, actor=other, now=now)


@on_sqlite
def test_a_rehearsal_of_a_rehearsal_is_refused(session: Session, call: Call, now: datetime) -> None:
    rehearsal = begin_rehearsal(session, call_id=call.id, actor=SYSTEM, now=now)
    play_step(session, rehearsal_id=rehearsal.id, now=now)
    assert rehearsal.call_id is not None
    with pytest.raises(NothingToRehearse):
        begin_rehearsal(session, call_id=rehearsal.call_id, actor=SYSTEM, now=now)


@on_sqlite
def test_a_draft_with_faults_stops_at_once_and_names_their_places(session: Session, call: Call, now: datetime) -> None:
    document = dict(call.definition)
    document["minimum_total"] = "900.00"
    call.definition = document
    rehearsal = rehearse(session, call, now=now)
    assert (rehearsal.status, rehearsal.done) == (RehearsalStatus.FAILED, 1)
    assert any("minimum_total" in line for line in told(rehearsal))
    assert rehearsal.call is None


@on_sqlite
def test_every_act_on_a_rehearsal_leaves_its_trace(session: Session, call: Call, now: datetime) -> None:
    rehearsal = begin_rehearsal(session, call_id=call.id, actor=SYSTEM, now=now)
    close_rehearsal(session, rehearsal_id=rehearsal.id, actor=SYSTEM, now=now)
    events = session.scalars(select(AuditEvent.event).where(AuditEvent.subject_id == rehearsal.id)).all()
    assert set(events) == {"rehearsal.run", "rehearsal.closed"}
    twin_made = select(AuditEvent.id).where(AuditEvent.event == "authority.twin_made")
    assert len(session.scalars(twin_made).all()) == 1
    assert session.scalars(select(Authority).where(Authority.twin_of_id.is_not(None))).one().is_twin


@on_sqlite
def test_a_step_that_breaks_is_a_finding_and_ends_the_rehearsal(
    session: Session, call: Call, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_play: Play) -> None:
        session.add(Authority(code="weg", name="Weg"))
        raise ZeroDivisionError

    monkeypatch.setitem(PLAYED, Step.CAST, broken)
    rehearsal = rehearse(session, call, now=now)
    assert (rehearsal.status, rehearsal.done) == (RehearsalStatus.FAILED, 2)
    assert "The portal itself broke at this step (ZeroDivisionError)" in told(rehearsal)[-1]
    assert session.scalars(select(Authority).where(Authority.code == "weg")).all() == []
