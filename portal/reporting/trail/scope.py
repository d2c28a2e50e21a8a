"""Which events of the whole trail belong to an authority, and what a search is about."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, or_, select, true, union_all

from portal.access.models import (
    Authority,
    BankDetails,
    OfferedFact,
    Organisation,
    OrganisationRegistration,
    RoleGrant,
    VerifiedFact,
)
from portal.applications.models import (
    Application,
    ApplicationFile,
    ApplicationMessage,
    MessageFile,
    Submission,
    SubmissionReceipt,
)
from portal.calls.models import Call
from portal.core.actor import Actor
from portal.core.audit import AuditEvent
from portal.grants.models import Agreement, Grant
from portal.milestones.models import Milestone, MilestoneReport, ReportEvidence
from portal.payments.models import PaymentOrder
from portal.questionnaires.models import AnswerFile
from portal.register.models import ProtocolEntry
from portal.reporting.trail.rules import SECURITY_SUBJECTS


def of_the_authority(authorities: Collection[UUID]) -> ColumnElement[bool]:
    """Events of objects of these authorities, of organisations that registered there, and of their files."""
    if not authorities:
        return false()
    known = select(OrganisationRegistration.organisation_id).where(
        OrganisationRegistration.authority_id.in_(authorities)
    )
    return or_(
        AuditEvent.authority_id.in_(authorities),
        _rows("organisation", known),
        *(
            _rows(model.__tablename__, select(model.id).where(model.organisation_id.in_(known)))
            for model in (BankDetails, VerifiedFact, OfferedFact)
        ),
        and_(AuditEvent.subject_type == "stored_file", AuditEvent.subject_id.in_(_files(authorities, known))),
        and_(AuditEvent.subject_type == "refusal", AuditEvent.actor_id.in_(_staff(authorities))),
    )


def security_of_the_authority(authorities: Collection[UUID]) -> ColumnElement[bool]:
    """Sign-ins, accounts and roles of the staff of these authorities, and the settings of sign-in there."""
    if not authorities:
        return false()
    staff = _staff(authorities)
    theirs = or_(
        AuditEvent.authority_id.in_(authorities), AuditEvent.actor_id.in_(staff), AuditEvent.subject_id.in_(staff)
    )
    return and_(AuditEvent.subject_type.in_(SECURITY_SUBJECTS), theirs, _not_elsewhere(authorities))


def not_sealed(actor: Actor) -> ColumnElement[bool]:
    """Not of an application whose call is sealed until its term, nor of its files or its numbers in the register."""
    if not actor.sealed:
        return true()
    here = Application.phase_id.in_(actor.sealed.keys())
    entries = select(Submission.protocol_entry_id).where(Submission.phase_id.in_(actor.sealed.keys()))
    return and_(
        ~_rows("application", select(Application.id).where(here)),
        ~_rows("protocol_entry", entries),
        ~_rows("stored_file", _files_of_applications(here)),
    )


def _not_elsewhere(authorities: Collection[UUID]) -> ColumnElement[bool]:
    """What somebody who works for two authorities does in the other one stays there."""
    return or_(AuditEvent.authority_id.is_(None), AuditEvent.authority_id.in_(authorities))


def about(text: str) -> ColumnElement[bool]:
    """Events of the object that has this reference, number, name or key."""
    try:
        return AuditEvent.subject_id == UUID(text)
    except ValueError:
        pass
    named = union_all(
        select(Application.id).where(Application.reference == text.upper()),
        select(Grant.id).where(Grant.reference == text.upper()),
        select(Call.id).where(Call.slug == text.lower()),
        select(PaymentOrder.id).where(PaymentOrder.message_id == text),
        select(ProtocolEntry.id).where(_number(text)),
        select(Organisation.id).where(Organisation.name.icontains(text, autoescape=True)),
        select(Authority.id).where(Authority.code == text.lower()),
    )
    return AuditEvent.subject_id.in_(select(named.subquery().c.id))


def _number(text: str) -> ColumnElement[bool]:
    """A protocol number as it is printed: 0000123/2026."""
    number, _slash, year = text.partition("/")
    if not (number.isascii() and number.isdigit() and year.isascii() and year.isdigit() and len(text) <= 12):
        return false()
    return and_(ProtocolEntry.number == int(number), ProtocolEntry.year == int(year))


def _rows(subject_type: str, ids: Select[UUID]) -> ColumnElement[bool]:
    return and_(AuditEvent.subject_type == subject_type, AuditEvent.subject_id.in_(ids))


def _staff(authorities: Collection[UUID]) -> Select[UUID]:
    return select(RoleGrant.person_id).where(RoleGrant.authority_id.in_(authorities))


def _files_of_applications(here: ColumnElement[bool]) -> Select[UUID]:
    """Attached, given as answers or sent with messages, at any time; receipts."""
    found: CompoundSelect[Any] = union_all(
        select(ApplicationFile.file_id.label("id")).join(Application).where(here),
        select(AnswerFile.file_id).join(Application, Application.sheet_id == AnswerFile.sheet_id).where(here),
        select(MessageFile.file_id).join(ApplicationMessage).join(Application).where(here),
        select(SubmissionReceipt.file_id)
        .join(Submission, Submission.id == SubmissionReceipt.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .where(here),
    )
    return select(found.subquery().c.id)


def _files(authorities: Collection[UUID], known: Select[UUID]) -> Select[UUID]:
    """Files of applications, receipts, reports, agreements and facts."""
    here = Application.authority_id.in_(authorities)
    found: CompoundSelect[Any] = union_all(
        select(ApplicationFile.file_id.label("id")).join(Application).where(here),
        select(SubmissionReceipt.file_id)
        .join(Submission, Submission.id == SubmissionReceipt.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .where(here),
        select(ReportEvidence.file_id)
        .join(MilestoneReport, MilestoneReport.id == ReportEvidence.report_id)
        .join(Milestone, Milestone.id == MilestoneReport.milestone_id)
        .where(Milestone.authority_id.in_(authorities)),
        select(Agreement.file_id)
        .join(Grant, Grant.id == Agreement.grant_id)
        .where(Grant.authority_id.in_(authorities)),
        select(VerifiedFact.file_id).where(VerifiedFact.organisation_id.in_(known), VerifiedFact.file_id.is_not(None)),
    )
    return select(found.subquery().c.id)
