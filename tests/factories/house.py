"""One object of every kind in one authority, and one person in every role: the world of the permission matrix."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Role, Tie
from portal.access.ties import tie
from portal.applications.comments.operations import write_comment
from portal.applications.models import Application, DraftComment, Submission, SubmissionReceipt
from portal.coaching.models import CoachingSession
from portal.coaching.rules import SessionMode
from portal.core.actor import Actor
from portal.documents.models import StoredFile
from portal.documents.operations import store_bytes
from portal.evaluation.models import Assignment, Commission, CommissionMember
from portal.evaluation.rules import AssignmentStatus, Seat
from portal.milestones.models import MilestoneReport, ReportEvidence
from portal.milestones.queries import plan_of
from portal.questionnaires.queries import answers_of, form_of
from portal.register.operations import register_document
from portal.register.rules import Direction
from tests.factories.applications import attach_to_message, make_draft, send
from tests.factories.base import join, make_call, make_person, make_staff
from tests.factories.documents import PDF
from tests.factories.evaluation import frozen, make_draw
from tests.factories.growing import growing_design
from tests.factories.house_after import name_objects_after
from tests.factories.house_assigning import name_assigning_objects
from tests.factories.house_bank import name_bank_objects
from tests.factories.house_changes import name_change_objects
from tests.factories.house_coaching import name_coaching_objects
from tests.factories.house_grants import name_grant_objects
from tests.factories.house_growing import name_growing_objects
from tests.factories.house_library import name_library_objects
from tests.factories.house_money import name_money_objects
from tests.factories.house_people import name_people_objects
from tests.factories.house_scoring import name_scoring_objects
from tests.factories.house_sittings import name_sitting_objects
from tests.factories.payments import Finance, make_finance


@dataclass(frozen=True)
class House:
    """People by role, and the objects that addresses name."""

    people: dict[str, Person]
    named: dict[str, Any]
    """By parameter; an entry "endpoint parameter" is for that endpoint alone."""


def make_house(session: Session, *, now: datetime, code: str) -> House:
    """A grant under way with everything before and after it, and a draft in an open call."""
    finance = make_finance(session, now=now, design=growing_design())
    world, people = finance.world, _people(finance, now)
    world.authority.code, world.authority.name = code, f"Comune di {code.title()}"
    world.ranking.output_document = {"lines": [], "results": []}
    owner = world.actor(world.owner)
    file = _file(session, owner, now)
    _register(session, world.application, file, owner, now - timedelta(days=8))
    calls = [make_call(session, world.authority, now=now) for _ in range(2)]
    draft, sent = (make_draft(session, each, world.association, by=owner, now=now) for each in calls)
    _send(session, sent, owner, people, now)
    order = finance.order(finance.release(finance.first))
    assignment = _assign(session, world.application, people, now)
    engagement, milestone = world.engage(), plan_of(session, finance.grant.id)[0]
    _report(session, milestone.id, file, world.owner, now)
    named = {
        "slug": world.call.slug, "phase_id": world.call.phases[0].id, "organisation_id": world.association.id,
        "application_id": world.application.id, "ranking_id": world.ranking.id,
        "draw_id": make_draw(session, world.ranking, now=now).id, "assignment_id": assignment.id,
        "grant_id": finance.grant.id, "engagement_id": engagement.id, "milestone_id": milestone.id,
        "session_id": _session(session, engagement, now).id, "tranche_id": finance.first.id, "order_id": order.id,
        "line_id": order.lines[0].id, "bank_details_id": finance.propose_account().id, "file_id": file.id,
        "reference": finance.grant.reference, "draft_id": draft.id, "sent_id": sent.id,
        "agreement_file_id": finance.grant.agreements[0].file_id, "section": world.call.design.sections[0].key,
        "sent_file_id": UUID(sent.submissions[0].content["files"][0]["file_id"]),
        "attachment_id": attach_to_message(session, sent, now=now).id,
        "receipt_token": sent.submissions[0].receipt_token, "submission_id": sent.submissions[0].id,
        "question": next(iter(answers_of(session, draft.sheet_id))),
        "comment_id": _comment(session, draft, owner, now).id,
        "document": sent.submissions[0].content["files"][0]["document"],
    }  # fmt: skip
    named |= name_people_objects(finance, people, now) | name_sitting_objects(session, assignment, people, file, now)
    named |= name_assigning_objects(session, assignment, people["chair"], now) | name_library_objects(world, now)
    named |= name_growing_objects(world, finance.grant, now, code) | name_coaching_objects(session, engagement, now)
    named |= name_grant_objects(finance, file, now) | name_change_objects(finance, file, now)
    named |= name_bank_objects(finance) | name_money_objects(finance, file, now)
    named |= name_objects_after(session, world.ranking, file, now) | name_scoring_objects(session, assignment, now)
    session.flush()
    return House(people, named)


def _file(session: Session, owner: Actor, now: datetime) -> StoredFile:
    file = store_bytes(session, name="a.pdf", media_type="application/pdf", content=PDF, actor=owner, now=now)
    session.flush()
    return file


def _people(finance: Finance, now: datetime) -> dict[str, Person]:
    world, session = finance.world, finance.session
    people = {
        "owner": world.owner, "officer": world.officer, "coach": world.coach,
        "finance_maker": finance.maker, "finance_approver": finance.checker,
    }  # fmt: skip
    for how in (Tie.EDITOR, Tie.VIEWER):
        people[how.value] = make_person(session, now=now)
        join(session, people[how.value], world.association, how, now=now)
    for name, role in (
        ("evaluator", Role.EVALUATOR), ("conflicted", Role.EVALUATOR), ("chair", Role.CHAIR),
        ("auditor", Role.AUDITOR), ("administrator", Role.ADMINISTRATOR),
        ("data_protection", Role.DATA_PROTECTION_OFFICER),
    ):  # fmt: skip
        people[name] = make_staff(session, world.authority, role, now=now)
    return people


def _send(session: Session, application: Application, owner: Actor, people: dict[str, Person], now: datetime) -> None:
    """Registered, with its receipt; the conflicted evaluator has declared on it too."""
    send(session, application, by=owner, at=now)
    receipt = store_bytes(session, name="r.pdf", media_type="application/pdf", content=PDF, actor=owner, now=now)
    session.flush()
    session.refresh(application)
    session.add(SubmissionReceipt(submission_id=application.submissions[0].id, file_id=receipt.id, made_at=now))
    conflicted = people["conflicted"].id
    tie(session, person_id=conflicted, tie=Tie.CONFLICTED, object_type="application", object_id=application.id, now=now)
    session.flush()


def _register(session: Session, application: Application, file: StoredFile, owner: Actor, at: datetime) -> None:
    entry = register_document(
        session, authority_id=application.authority_id, direction=Direction.INCOMING, subject="Domanda",
        counterpart="A", sha256="0" * 64, actor=owner, now=at,
    )  # fmt: skip
    session.flush()
    row = Submission(
        application_id=application.id, phase_id=application.phase_id, protocol_entry_id=entry.id,
        form_revision_id=application.phase.form_revision_id, received_at=at, accepted_at=at,
        content=frozen(application, files=(file,)), content_sha256="0" * 64,
    )  # fmt: skip
    session.add(row)
    session.flush()


def _comment(session: Session, draft: Application, owner: Actor, now: datetime) -> DraftComment:
    section = form_of(session, draft.sheet).sections[0]
    return write_comment(
        session, application_id=draft.id, section_key=section.key, question_key=None, text="È chiaro?", actor=owner,
        now=now,
    )  # fmt: skip


def _assign(session: Session, application: Application, people: dict[str, Person], now: datetime) -> Assignment:
    """The assignment of the evaluator; the conflicted one has recused, the chair has a seat."""
    commission = Commission(
        authority_id=application.authority_id, phase_id=application.phase_id,
        act_number="1", act_date=now.date(), appointed_at=now,
    )  # fmt: skip
    session.add(commission)
    session.flush()
    seats = {"chair": Seat.CHAIR, "evaluator": Seat.MEMBER, "conflicted": Seat.MEMBER}
    for name, seat in seats.items():
        session.add(CommissionMember(commission_id=commission.id, person_id=people[name].id, seat=seat))
        tie(session, person_id=people[name].id, tie=Tie.COMMISSION, object_type="commission",
            object_id=commission.id, now=now)  # fmt: skip
    tie(session, person_id=people["chair"].id, tie=Tie.PRESIDES, object_type="commission", object_id=commission.id,
        now=now)  # fmt: skip
    states = {"evaluator": (AssignmentStatus.FREE_OF_CONFLICT, Tie.ASSIGNED),
              "conflicted": (AssignmentStatus.RECUSED, Tie.CONFLICTED)}  # fmt: skip
    made = {}
    for name, (status, how) in states.items():
        made[name] = Assignment(
            authority_id=application.authority_id, application_id=application.id, person_id=people[name].id,
            status=status, status_at=now,
        )  # fmt: skip
        session.add(made[name])
        tie(session, person_id=people[name].id, tie=how, object_type="application", object_id=application.id, now=now)
    session.flush()
    return made["evaluator"]


def _session(session: Session, engagement: Any, now: datetime) -> CoachingSession:
    row = CoachingSession(
        authority_id=engagement.authority_id, engagement_id=engagement.id, coach_id=engagement.coach_id,
        starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1), minutes=60, mode=SessionMode.REMOTE,
        summary="Abbiamo rivisto il piano dei costi.", logged_at=now, status_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _report(session: Session, milestone_id: UUID, file: StoredFile, by: Person, now: datetime) -> None:
    report = MilestoneReport(
        milestone_id=milestone_id, version=1, narrative="Fatto.", submitted_by=by.id, submitted_at=now
    )
    session.add(report)
    session.flush()
    session.add(ReportEvidence(report_id=report.id, file_id=file.id))
    session.flush()
