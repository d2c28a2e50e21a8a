"""Beginning, writing and sending applications, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from portal.access.models import OrganisationRegistration
from portal.access.policy import Tie
from portal.access.rules import LegalForm
from portal.applications import operations
from portal.applications.checks import broken
from portal.applications.content import content_hash
from portal.applications.models import Application, ApplicationFile, Submission, SubmissionAttempt
from portal.applications.operations import AlreadyApplied, NotEligible, NotReady, PhaseClosed
from portal.applications.operations.write import AlreadySent
from portal.applications.queries import application_of, live_files
from portal.applications.rules import ApplicationStatus
from portal.core.audit import verify
from portal.core.db import new_id
from portal.core.errors import NotFound
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.core.unit_of_work import refusal_for
from portal.questionnaires.operations import create_sheet
from portal.register.models import ProtocolEntry
from tests.factories.applications import TITLE_TEXT, World, send
from tests.factories.base import as_actor, bari_design, join, make_call, make_organisation, make_person
from tests.factories.documents import PDF, make_upload

SECOND = timedelta(seconds=1)


@pytest.fixture
def world(session, now):
    return World(session, now)


def start(world, organisation=None, **changes):
    given = {
        "call": world.call, "phase": world.phase, "organisation_id": (organisation or world.organisation).id,
        "actor": world.actor, "now": world.now,
    }  # fmt: skip
    return operations.start_application(world.session, **(given | changes))


def test_a_draft_has_a_reference_and_an_empty_sheet(world):
    application = start(world)
    assert application.reference == "VIV-2026-000001"
    assert application.status is ApplicationStatus.DRAFT


def test_an_organisation_applies_once_to_a_phase_and_again_after_withdrawing(world, session):
    first = start(world)
    with pytest.raises(AlreadyApplied, match=first.reference):
        start(world)
    operations.withdraw_application(session, application_id=first.id, actor=world.actor, now=world.now)
    assert start(world).id != first.id


def test_the_database_too_refuses_a_second_application(world, session):
    row = start(world)
    sheet = create_sheet(session, form_revision_id=world.call.phases[0].form_revision_id, now=world.now)
    twin = Application(
        authority_id=row.authority_id, call_id=row.call_id, phase_id=row.phase_id, reference="VIV-2026-999999",
        organisation_id=row.organisation_id, sheet_id=sheet.id, status_at=world.now, created_at=world.now,
    )  # fmt: skip
    session.add(twin)
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        session.flush()
    assert isinstance(refusal_for(error.value), AlreadyApplied)


def test_an_ineligible_applicant_is_told_the_rule(world, session):
    only_groups = [rule for rule in bari_design().applicants if rule.kind == "informal_group"]
    call = make_call(session, world.authority, now=world.now, design=replace(bari_design(), applicants=only_groups))
    with pytest.raises(NotEligible) as refusal:
        start(world, call=call, phase=call.phases[0])
    assert "gruppo informale" in str(refusal.value.message) or "informal group" in str(refusal.value.message)
    assert world.organisation.name in str(refusal.value.message)


@pytest.mark.parametrize("days", [-11, 11])
def test_nothing_begins_before_the_opening_or_after_the_term(world, days):
    with pytest.raises(PhaseClosed):
        start(world, now=world.now + timedelta(days=days))


@pytest.mark.parametrize("tie", [Tie.VIEWER, Tie.REPORTER, None])
def test_only_writers_begin(world, session, tie):
    person = make_person(session, now=world.now)
    if tie:
        join(session, person, world.organisation, tie, now=world.now)
    with pytest.raises(NotFound):
        start(world, actor=as_actor(session, person, now=world.now))


def test_a_coop_of_another_town_is_a_stranger(world, session):
    other = make_organisation(session, now=world.now, form=LegalForm.SOCIAL_COOPERATIVE)
    with pytest.raises(NotFound):
        start(world, other)


def test_saving_repeats_the_tagged_answers_in_the_row(world):
    application = world.draft(requested=1_800_000, total=2_400_000)
    assert application.title == TITLE_TEXT
    assert application.area == bari_design().areas[0].key
    assert (application.requested_cents, application.total_cents) == (1_800_000, 2_400_000)


def test_a_viewer_writes_nothing(world, session):
    application = world.draft(whole=False)
    viewer = make_person(session, now=world.now)
    join(session, viewer, world.organisation, Tie.VIEWER, now=world.now)
    with pytest.raises(NotFound):
        save(world, application, actor=as_actor(session, viewer, now=world.now))


def save(world, application, **changes):
    given = {"section_key": "project", "typed": {"title": "Altro"}, "base": {}, "actor": world.actor, "now": world.now}
    return operations.save_answers(world.session, application=application, **(given | changes))


def test_nothing_is_written_after_the_term(world):
    application = world.draft(whole=False)
    with pytest.raises(PhaseClosed):
        save(world, application, section_key=first_section(world), now=world.phase.closes_at + SECOND)


def first_section(world) -> str:
    return world.call.design.questionnaire.sections[0].key


def test_a_sent_application_is_frozen(world, session):
    application = world.submitted()
    with pytest.raises(AlreadySent):
        save(world, application, section_key=first_section(world))
    with pytest.raises(AlreadySent):
        operations.remove_file(
            session, application=application, document_key="statute", actor=world.actor, now=world.now
        )


def test_a_new_file_ends_the_one_before_and_removing_ends_it_too(world, session):
    application = world.draft()
    given = {"application": application, "document_key": "statute", "actor": world.actor, "now": world.now}
    operations.attach_file(session, upload=make_upload(PDF, "nuovo.pdf"), **given)
    assert live_files(session, application.id)["statute"].file.name == "nuovo.pdf"
    operations.remove_file(session, **given)
    operations.remove_file(session, **given)
    assert "statute" not in live_files(session, application.id)
    rows = session.scalars(select(ApplicationFile).where(ApplicationFile.document_key == "statute")).all()
    assert len(rows) == 2
    assert all(row.removed_at for row in rows)


def test_a_document_that_was_not_asked_is_not_taken(world, session):
    application = world.draft(whole=False)
    given = {"application": application, "upload": make_upload(PDF), "actor": world.actor, "now": world.now}
    for key in ("commitment", "passport"):
        with pytest.raises(NotFound):
            operations.attach_file(session, document_key=key, **given)


def test_sending_registers_freezes_and_acknowledges(world, session):
    application = world.submitted()
    submission = session.scalars(select(Submission)).one()
    entry = submission.protocol_entry
    assert application.status is ApplicationStatus.SUBMITTED
    assert entry.label == "0000001/2026"
    assert entry.sha256 == submission.content_sha256 == content_hash(submission.content)
    assert submission.content["title"] == TITLE_TEXT
    assert {file["document"] for file in submission.content["files"]} == {"statute", "budget_plan"}
    mails = session.scalars(select(OutgoingMail)).all()
    assert {mail.recipient for mail in mails} == {world.owner.email, world.organisation.email}
    assert all(entry.label in mail.subject and submission.content_sha256 in mail.body for mail in mails)
    assert session.scalar(select(func.count(Job.id)).where(Job.kind == "applications.make_receipt")) == 1
    assert session.scalar(select(func.count(OrganisationRegistration.id))) == 1
    assert [*broken(session), *verify(session)] == []


def test_a_second_press_changes_nothing(world, session):
    application = world.submitted()
    send(session, application, by=world.actor, at=world.now + SECOND)
    assert session.scalar(select(func.count(Submission.id))) == 1
    assert session.scalar(select(func.count(ProtocolEntry.id))) == 1


def test_everything_to_mend_is_told_at_once(world, session):
    application = world.draft(whole=False)
    with pytest.raises(NotReady) as refusal:
        send(session, application, by=world.actor, at=world.now)
    faults = refusal.value.assessment.faults
    assert {"title", "requested", "statute", "declaration_truth"} <= {fault.key for fault in faults}
    assert session.scalar(select(func.count(Submission.id))) == 0


@pytest.mark.parametrize(
    ("requested", "total"), [(1_400_000, 4_000_000), (4_100_000, 9_000_000), (2_000_000, 2_300_000)]
)
def test_amounts_outside_the_rule_are_not_sent(world, session, requested, total):
    application = world.draft(requested=requested, total=total)
    with pytest.raises(NotReady):
        send(session, application, by=world.actor, at=world.now)


def test_exactly_the_deadline_is_in_time_and_an_instant_later_is_not(world, session):
    application = world.draft()
    with pytest.raises(PhaseClosed):
        send(session, application, by=world.actor, at=world.phase.closes_at + timedelta(microseconds=1))
    send(session, application, by=world.actor, at=world.phase.closes_at)
    assert application.status is ApplicationStatus.SUBMITTED


def test_who_arrived_in_time_is_not_punished_for_the_queue(world, session):
    application, closes = world.draft(), world.phase.closes_at
    later = closes + timedelta(seconds=90)
    operations.submit_application(
        session, application_id=application.id, actor=world.actor, received_at=closes, now=later
    )
    assert session.scalars(select(Submission.received_at)).one() == closes


@pytest.mark.parametrize(
    ("received", "accepted"), [(SECOND, SECOND), (timedelta(0), timedelta(seconds=121)), (-SECOND, timedelta(days=1))]
)
def test_the_database_refuses_a_late_row_whatever_the_portal_says(world, session, received, accepted):
    application = world.submitted()
    row, closes = session.scalars(select(Submission)).one(), world.phase.closes_at
    entry = ProtocolEntry(
        authority_id=world.authority.id, year=2026, number=999, direction=row.protocol_entry.direction,
        registered_at=closes, counterpart="x", subject="x", sha256="0" * 64,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    values = {
        "id": new_id(), "application_id": application.id, "phase_id": row.phase_id, "protocol_entry_id": entry.id,
        "form_revision_id": row.form_revision_id, "received_at": closes + received, "accepted_at": closes + accepted,
        "content": {}, "content_sha256": "0" * 64,
    }  # fmt: skip
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        session.execute(insert(Submission).values(**values))
    assert isinstance(refusal_for(error.value), PhaseClosed)


def test_only_whoever_represents_it_sends(world, session):
    application = world.draft()
    editor = make_person(session, now=world.now)
    join(session, editor, world.organisation, Tie.EDITOR, now=world.now)
    with pytest.raises(NotFound):
        send(session, application, by=as_actor(session, editor, now=world.now), at=world.now)


def test_a_refused_press_is_kept_with_its_reasons_in_both_languages(world, session):
    application = world.draft(whole=False)
    with pytest.raises(NotReady) as refusal:
        send(session, application, by=world.actor, at=world.now)
    operations.note_refused_attempt(
        session, application_id=application.id, refusal=refusal.value, actor=world.actor, received_at=world.now
    )
    session.flush()
    attempt = session.scalars(select(SubmissionAttempt)).one()
    assert attempt.at == world.now
    assert len(attempt.reasons) == len(refusal.value.assessment.faults)
    assert set(attempt.reasons[0]) == {"it", "en"}


def test_an_altered_content_is_found_by_the_checker(world, session):
    world.submitted()
    row = session.scalars(select(Submission)).one()
    row.content = {**row.content, "title": "Un altro titolo"}
    with session.no_autoflush:
        assert list(broken(session))


def test_an_application_of_a_group_is_sent_with_its_commitment(session, now):
    world = World(session, now, informal=True)
    application = application_of(session, world.submitted().id)
    assert application.submission is not None
    assert "commitment" in {file["document"] for file in application.submission.content["files"]}
