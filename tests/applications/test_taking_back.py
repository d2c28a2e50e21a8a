"""Withdrawing, reopening, deciding on admissibility; what the worker does; what is due."""

import io
from datetime import timedelta

import pikepdf
import pytest
from sqlalchemy import select

from portal.access.models import BankDetails
from portal.access.policy import Role
from portal.access.rules import BankDetailsStatus
from portal.applications import operations
from portal.applications.admission import suggested_points
from portal.applications.jobs import make_the_receipt, restore
from portal.applications.models import Submission, SubmissionReceipt
from portal.applications.operations import PhaseClosed
from portal.applications.operations.admissibility import TermStillOpen
from portal.applications.queries import asks
from portal.applications.rules import AdmissibilityPoint, ApplicationStatus
from portal.calls.models import PhaseDeadline
from portal.core.errors import IllegalMove, Invalid, InvalidForm, NotFound
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.documents.operations import read_file
from portal.notices.models import Notice
from tests.factories.applications import World, send
from tests.factories.base import as_actor, make_staff
from tests.factories.due import due_of

due_steps = due_of(asks)

MET = dict.fromkeys((point.value for point in AdmissibilityPoint), True)
AFTER = timedelta(days=11)


@pytest.fixture
def world(session, now):
    return World(session, now)


@pytest.fixture
def officer(world, session, now):
    return as_actor(session, make_staff(session, world.authority, Role.OFFICER, now=now), now=now)


def reopen(world, application, now=None):
    return operations.reopen_application(
        world.session, application_id=application.id, actor=world.actor, now=now or world.now
    )


def test_the_last_registered_version_counts_and_all_remain(world, session, now):
    application = world.submitted()
    reopen(world, application)
    typed = {"title": "Un titolo migliore"}
    operations.save_answers(
        session, application=application, section_key=section_with(world, "title"), typed=typed, base={"title": 1},
        actor=world.actor, now=now,
    )  # fmt: skip
    send(session, application, by=world.actor, at=now + timedelta(hours=1))
    labels = [each.protocol_entry.label for each in application.submissions]
    assert labels == ["0000001/2026", "0000002/2026"]
    assert application.submission.content["title"] == application.title == "Un titolo migliore"
    assert application.submissions[0].content["title"] != application.title


def section_with(world, key: str) -> str:
    sections = world.call.design.questionnaire.sections
    return next(s.key for s in sections if any(q.key == key for q in s.questions))


def test_nothing_is_reopened_after_the_term(world):
    application = world.submitted()
    with pytest.raises(PhaseClosed):
        reopen(world, application, world.now + AFTER)


def test_a_reopened_application_that_is_not_sent_again_counts_as_registered(world, session, now):
    application = world.submitted()
    reopen(world, application)
    operations.save_answers(
        session, application=application, section_key=section_with(world, "title"), typed={"title": "A metà"},
        base={"title": 1}, actor=world.actor, now=now,
    )  # fmt: skip
    restore(session, now=now, application_id=str(application.id))
    assert application.is_draft
    restore(session, now=now + AFTER, application_id=str(application.id))
    assert application.status is ApplicationStatus.SUBMITTED
    assert application.title == application.submission.content["title"] != "A metà"


def test_the_restoring_waits_for_an_extension(world, session, now):
    application = world.submitted()
    reopen(world, application)
    later = now + timedelta(days=20)
    session.add(
        PhaseDeadline(
            phase_id=world.phase.id, sequence=2, closes_at=later, last_instant=later, zone="Europe/Rome",
            accepted_until=later + timedelta(seconds=120), decided_at=now,
        )
    )  # fmt: skip
    session.flush()
    session.expire(world.phase)
    restore(session, now=now + AFTER, application_id=str(application.id))
    assert application.is_draft
    runs = session.scalars(select(Job.run_at).where(Job.kind == "applications.restore")).all()
    assert max(runs) == later + timedelta(seconds=120)


def test_a_team_may_keep_the_registered_version_at_once(world, session, now):
    application = world.submitted()
    reopen(world, application)
    operations.keep_registered_version(session, application_id=application.id, actor=world.actor, now=now)
    assert application.status is ApplicationStatus.SUBMITTED


def test_a_withdrawn_application_is_neither_sent_nor_reopened(world, session, now):
    application = world.submitted()
    operations.withdraw_application(session, application_id=application.id, actor=world.actor, now=now)
    with pytest.raises(IllegalMove):
        send(session, application, by=world.actor, at=now)
    with pytest.raises(IllegalMove):
        reopen(world, application)


# ---- admissibility ----


def decide(world, application, officer, **changes):
    given = {"is_admissible": True, "checklist": MET, "reason": None, "now": world.now + AFTER}
    return operations.decide_admissibility(
        world.session, application_id=application.id, actor=officer, **(given | changes)
    )


def test_every_point_is_computed_from_the_frozen_content(world):
    points = suggested_points(world.submitted())
    of_other_calls = {"eligibility", "people", "consortium", "costs"}
    assert [point.key for point in points] == [each for each in AdmissibilityPoint if each.value not in of_other_calls]
    assert all(point.is_met for point in points)


def test_nothing_is_decided_before_the_term_is_over(world, officer):
    with pytest.raises(TermStillOpen):
        decide(world, world.submitted(), officer, now=world.phase.closes_at)


def test_an_admitted_application_tells_its_team(world, session, officer):
    application = world.submitted()
    decide(world, application, officer)
    assert application.status is ApplicationStatus.ADMISSIBLE
    notice = session.scalars(select(Notice)).one()
    assert notice.person_id == world.owner.id
    assert "ammess" in notice.text["it"] or "admitted" in notice.text["en"]
    with pytest.raises(IllegalMove):
        decide(world, application, officer)


def test_a_refusal_needs_its_reason_and_the_team_reads_it(world, session, officer):
    application = world.submitted()
    given = {"is_admissible": False, "checklist": MET | {"documents": False}}
    with pytest.raises(Invalid) as refusal:
        decide(world, application, officer, reason=" \u200b ", **given)
    assert refusal.value.field == "reason"
    decide(world, application, officer, reason="Lo statuto non è firmato.", **given)
    bodies = session.scalars(select(OutgoingMail.body)).all()
    assert any("Lo statuto non è firmato." in body for body in bodies)
    assert application.status is ApplicationStatus.INADMISSIBLE


def test_the_checklist_must_agree_with_the_decision(world, officer):
    application = world.submitted()
    with pytest.raises(InvalidForm) as refusal:
        decide(world, application, officer, checklist=MET | {"area": False})
    assert set(refusal.value.errors) == {"area"}
    with pytest.raises(InvalidForm):
        decide(world, application, officer, checklist={})


def test_officers_elsewhere_and_the_team_decide_nothing(world, session, officer, now):
    application = world.submitted()
    with pytest.raises(NotFound):
        decide(world, application, world.actor)


# ---- the worker ----


def test_the_receipt_is_made_once_tagged_and_tells_the_fingerprint(world, session, now):
    world.submitted()
    submission = session.scalars(select(Submission)).one()
    for _time in range(2):
        make_the_receipt(session, now=now, submission_id=str(submission.id))
    receipt = session.scalars(select(SubmissionReceipt)).one()
    with pikepdf.open(io.BytesIO(read_file(receipt.file))) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "it"
    assert receipt.file.name == "ricevuta-0000001-2026.pdf"


# ---- what is due ----


def test_a_draft_is_due_before_the_term_for_those_who_write_it(world, session, now):
    world.draft()
    (step,) = due_steps(session, world.actor, now)
    assert step.by == world.phase.closes_at
    assert due_steps(session, world.actor, now + AFTER) == []


def test_an_officer_is_told_how_many_wait_once_the_term_is_over(world, session, now, officer):
    world.submitted()
    assert due_steps(session, officer, now) == []
    (step,) = due_steps(session, officer, now + AFTER)
    assert step.path == f"/manage/calls/{world.call.slug}/applications?status=submitted"
    assert "1" in step.what


def test_an_approver_is_told_of_accounts_to_verify(world, session, now):
    world.submitted()
    session.add(
        BankDetails(
            organisation_id=world.organisation.id, iban="IT60X0542811101000000123456", holder="Il Ponte",
            status=BankDetailsStatus.PROPOSED, status_at=now, proposed_by=world.owner.id, proposed_at=now,
        )
    )  # fmt: skip
    approver = as_actor(session, make_staff(session, world.authority, Role.FINANCE_APPROVER, now=now), now=now)
    (step,) = due_steps(session, approver, now)
    assert step.path == f"/organisations/{world.organisation.id}#accounts"
