"""One application: as its team writes it, and as it was registered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import Organisation, Person, VerifiedFact
from portal.access.policy import Action, allowed, authorise
from portal.access.queries.facts import documents_in_force
from portal.access.rules import FactKind
from portal.access.rules.consortia import FEWEST_ORGANISATIONS
from portal.access.rules.facts import local_day
from portal.applications.assessment import PROFILE, Assessment, Draft, assess
from portal.applications.content import file_ids
from portal.applications.duties import Member, day_of_term, people_in
from portal.applications.facts import facts_named, facts_of
from portal.applications.given import given_in
from portal.applications.models import (
    AdmissibilityDecision,
    Application,
    ApplicationFile,
    DraftRebase,
    Submission,
    SubmissionAttempt,
    SubmissionReceipt,
)
from portal.applications.queries.elsewhere import not_agreed_yet, standing_elsewhere
from portal.applications.queries.integration import integration_files
from portal.applications.rules import ADMIT, EXCLUDE, REOPEN, WITHDRAW, ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import TwoConsortia
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.documents.rules import extension_of
from portal.questionnaires.models import Answer, AnswerFile, AnswerSheet
from portal.questionnaires.queries import answers_of, form_of, values_of
from portal.register.models import ProtocolEntry

WHOLE: Any = (
    joinedload(Application.call).joinedload(Call.authority),
    joinedload(Application.phase).selectinload(Phase.deadlines),
    joinedload(Application.organisation),
    joinedload(Application.sheet).joinedload(AnswerSheet.revision),
    selectinload(Application.submissions).joinedload(Submission.protocol_entry).joinedload(ProtocolEntry.annulment),
)
FIRST_REVISION = 1
WITH_OUTCOME = frozenset(
    {
        ApplicationStatus.SUITABLE,
        ApplicationStatus.SELECTED,
        ApplicationStatus.NOT_SUITABLE,
        ApplicationStatus.FUNDED,
        ApplicationStatus.RESERVE_LIST,
        ApplicationStatus.RENOUNCED,
    }
)


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """An application being written: what is there, and what is missing."""

    application: Application
    draft: Draft
    answers: dict[str, Answer]
    files: dict[str, ApplicationFile]

    @property
    def assessment(self) -> Assessment:
        """Everything that keeps it from being sent."""
        return assess(self.draft)

    @property
    def last_answer(self) -> Answer | None:
        """The answer saved last, by whomever."""
        return max(self.answers.values(), key=lambda answer: answer.saved_at, default=None)


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """An application as it counts: its frozen content, its receipt and what the office decided."""

    application: Application
    submission: Submission
    receipt: SubmissionReceipt | None
    decision: AdmissibilityDecision | None

    @property
    def content(self) -> dict[str, Any]:
        """The frozen content."""
        return self.submission.content

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether its team may still take it out of the call."""
        return self.application.status in WITHDRAW.sources

    @property
    def may_be_renounced(self) -> bool:
        """Whether its team may give up its place in the next phase."""
        return self.application.status is ApplicationStatus.SELECTED

    @property
    def may_be_excluded(self) -> bool:
        """Whether the office may still exclude it, once it was admitted to evaluation."""
        return self.application.status in EXCLUDE.sources - ADMIT.sources

    @property
    def may_be_decided(self) -> bool:
        """Whether admissibility is still to be decided."""
        return self.application.status in ADMIT.sources

    @property
    def has_outcome(self) -> bool:
        """Whether a ranking spoke of it."""
        return self.application.status in WITH_OUTCOME

    def may_be_reopened(self, now: datetime) -> bool:
        """Whether its team may still change it."""
        return self.application.status in REOPEN.sources and self.application.phase.is_open(now)


def application_for(session: Session, application_id: UUID, actor: Actor, action: Action) -> Application:
    """One application for this action, or NotFound; a draft is open to those with the right to drafts alone."""
    found = application_of(session, application_id)
    authorise(actor, action, found)
    if found.is_draft:
        authorise(actor, Action.DRAFT_READ, found)
    return found


def application_of(session: Session, application_id: UUID) -> Application:
    """One application with what its pages show, or NotFound; rights are the caller's to check."""
    found = session.scalars(select(Application).where(Application.id == application_id).options(*WHOLE)).one_or_none()
    if found is None:
        raise NotFound
    return found


def application_locked(session: Session, application_id: UUID, actor: Actor, action: Action) -> Application:
    """One application for this action, its phase and itself locked, as the database has them after the wait."""
    phase_id = session.scalar(select(Application.phase_id).where(Application.id == application_id))
    if phase_id is None:
        raise NotFound
    session.execute(select(Phase.id).where(Phase.id == phase_id).with_for_update(read=True))
    session.execute(select(Application.id).where(Application.id == application_id).with_for_update())
    query = select(Application).where(Application.id == application_id).options(*WHOLE)
    found = session.scalars(query.execution_options(populate_existing=True)).one()
    authorise(actor, action, found)
    return found


def draft_for(session: Session, application_id: UUID, actor: Actor, action: Action = Action.DRAFT_READ) -> OpenDraft:
    """An application as its team writes it."""
    return open_draft(session, application_for(session, application_id, actor, action))


def open_draft(session: Session, application: Application, at: datetime | None = None) -> OpenDraft:
    """The answers and files of an application as they stand now.

    The facts of the applicant are those of the day `at`; where none is given, of the day the draft was last saved.
    """
    answers = answers_of(session, application.sheet_id)
    files = live_files(session, application.id)
    design, organisation = application.design, application.organisation
    form = form_of(session, application.sheet)
    day = at or application.sheet.saved_at or application.created_at
    draft = Draft(
        form=form,
        values=values_of(answers),
        documents=frozenset(files),
        design=design,
        rule=application.rule,
        kind=organisation.kind.value,
        organisations=len(organisation.partners) if organisation.is_consortium else FEWEST_ORGANISATIONS,
        unwritten=() if organisation.is_informal or organisation.is_consortium else _unwritten(organisation),
        facts=facts_of(session, organisation, day, facts_named(form, design)),
        day=day_of_term(application.phase.deadline.closes_at, application.phase.deadline.zone),
        before=_people_before(application),
        asked=not_agreed_yet(session, organisation),
        elsewhere=standing_elsewhere(session, application, TwoConsortia.REFUSED),
    )
    return OpenDraft(application=application, draft=draft, answers=answers, files=files)


def _people_before(application: Application) -> list[Member] | None:
    """The people it was sent with, in this phase or in the one before, where they may not change; else None."""
    if not application.design.participation.frozen_composition:
        return None
    sent = application.submission or (application.follows.submission if application.follows else None)
    return people_in(given_in(sent.content)) if sent else None


def _unwritten(organisation: Organisation) -> tuple[str, ...]:
    return tuple(name for name in PROFILE if not getattr(organisation, name))


def live_files(session: Session, application_id: UUID) -> dict[str, ApplicationFile]:
    """The files in force by document, in alphabetical order."""
    query = (
        select(ApplicationFile)
        .where(ApplicationFile.application_id == application_id, ApplicationFile.removed_at.is_(None))
        .options(joinedload(ApplicationFile.file))
        .order_by(ApplicationFile.document_key)
    )
    return {row.document_key: row for row in session.scalars(query)}


def verified_documents(session: Session, opened: OpenDraft, now: datetime) -> dict[str, VerifiedFact]:
    """What the office has verified already of the documents asked for: to be attached without sending it again."""
    wanted = {request.key: request for request in opened.draft.requests}
    known = {kind.value for kind in FactKind} & wanted.keys()
    if not known:
        return {}
    found = documents_in_force(session, opened.application.organisation_id, local_day(now))
    return {
        kind.value: fact
        for kind, fact in found.items()
        if kind.value in known and fact.file and extension_of(fact.file.name) in wanted[kind.value].accept
    }


def file_for(session: Session, application_id: UUID, file_id: UUID, actor: Actor) -> StoredFile:
    """One file: the team reaches every file it ever attached, staff those of the registered version alone."""
    application = application_for(session, application_id, actor, Action.APPLICATION_READ)
    mine = [integration_files(application_id, sent_only=True)]
    submission, is_of_team = application.submission, allowed(actor, Action.DRAFT_READ, application)
    if is_of_team or (submission is not None and str(file_id) in file_ids(submission.content)):
        mine.append(select(ApplicationFile.file_id).where(ApplicationFile.application_id == application_id))
        mine.append(select(AnswerFile.file_id).where(AnswerFile.sheet_id == application.sheet_id))
    if is_of_team:
        mine.append(integration_files(application_id, sent_only=False))
    is_its_own = or_(*(StoredFile.id.in_(each) for each in mine))
    found = session.scalars(select(StoredFile).where(StoredFile.id == file_id, is_its_own)).first()
    if found is None:
        raise NotFound
    return found


def registered_version(
    session: Session, application_id: UUID, actor: Actor, action: Action = Action.APPLICATION_READ
) -> RegisteredVersion:
    """The version that counts; NotFound when nothing was registered."""
    return version_of(session, application_for(session, application_id, actor, action))


def version_of(session: Session, application: Application) -> RegisteredVersion:
    """The same, of an application that was found and judged already."""
    submission = application.submission
    if submission is None:
        raise NotFound
    return RegisteredVersion(
        application=application,
        submission=submission,
        receipt=receipt_of(session, submission.id),
        decision=None if application.status in ADMIT.sources else _decision(session, application.id),
    )


def receipt_of(session: Session, submission_id: UUID) -> SubmissionReceipt | None:
    """The PDF receipt of a submission, once the worker has made it."""
    query = select(SubmissionReceipt).where(SubmissionReceipt.submission_id == submission_id)
    return session.scalars(query.options(joinedload(SubmissionReceipt.file))).one_or_none()


def refused_attempts(session: Session, application_id: UUID, most: int = 5) -> Sequence[SubmissionAttempt]:
    """The newest refused attempts to send, newest first."""
    query = select(SubmissionAttempt).where(SubmissionAttempt.application_id == application_id)
    return session.scalars(query.order_by(SubmissionAttempt.at.desc(), SubmissionAttempt.id.desc()).limit(most)).all()


def last_rebase(session: Session, application: Application) -> DraftRebase | None:
    """How a draft was carried over to a revised form the last time; None while it answers the first one."""
    if application.sheet.revision.number == FIRST_REVISION:
        return None
    query = select(DraftRebase).where(DraftRebase.application_id == application.id)
    return session.scalars(query.order_by(DraftRebase.id.desc()).limit(1)).one_or_none()


def names_of(session: Session, person_ids: Collection[UUID | None]) -> dict[UUID, str]:
    """The names of people, by their ids."""
    wanted = {each for each in person_ids if each is not None}
    if not wanted:
        return {}
    query = select(Person.id, Person.name).where(Person.id.in_(wanted)).order_by(Person.id)
    return {row[0]: row[1] for row in session.execute(query)}


def _decision(session: Session, application_id: UUID) -> AdmissibilityDecision | None:
    query = select(AdmissibilityDecision).where(AdmissibilityDecision.application_id == application_id)
    return session.scalars(query.order_by(AdmissibilityDecision.id.desc())).first()
