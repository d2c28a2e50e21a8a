"""Where the files of grants are used, for whoever must know of a virus in one (documents.places)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.access.queries.officers import officers_told
from portal.applications.models import Application
from portal.core.i18n import lazy_
from portal.documents.places import Place
from portal.grants.models import (
    Agreement,
    AgreementSignature,
    Amendment,
    AmendmentFile,
    CheckFinding,
    Grant,
    Incorporation,
    IncorporationTick,
    Proceeding,
)

TEAM = (Tie.OWNER, Tie.EDITOR)


def of_grants(session: Session, file_id: UUID, at: datetime) -> Iterator[Place]:
    """Deeds, steps to an entity, signed agreements: the team and its officers; evidence of checks: officers alone."""
    entities = select(Incorporation.grant_id).where(Incorporation.deed_file_id == file_id)
    agreements = (
        select(Agreement.grant_id)
        .join(AgreementSignature, AgreementSignature.agreement_id == Agreement.id, isouter=True)
        .where(or_(Agreement.signed_file_id == file_id, AgreementSignature.file_id == file_id))
    )
    steps = (
        select(Incorporation.grant_id)
        .join(IncorporationTick, IncorporationTick.incorporation_id == Incorporation.id)
        .where(IncorporationTick.file_id == file_id)
    )
    sent = or_(Grant.id.in_(entities), Grant.id.in_(agreements), Grant.id.in_(steps))
    for grant in session.scalars(select(Grant).where(sent)):
        yield _place(session, grant, f"/grants/{grant.id}", at)
    asked = (
        select(Amendment.grant_id)
        .join(AmendmentFile, AmendmentFile.amendment_id == Amendment.id)
        .where(AmendmentFile.file_id == file_id)
    )
    replied = select(Proceeding.grant_id).where(Proceeding.reply_file_id == file_id)
    for grant in session.scalars(select(Grant).where(or_(Grant.id.in_(asked), Grant.id.in_(replied)))):
        yield _place(session, grant, f"/grants/{grant.id}/changes", at)
    findings = select(CheckFinding.grant_id).where(CheckFinding.file_id == file_id)
    for grant in session.scalars(select(Grant).where(Grant.id.in_(findings))):
        yield replace(_place(session, grant, f"/grants/{grant.id}/checks", at), team=[])
    early = select(Incorporation.application_id).where(Incorporation.deed_file_id == file_id)
    for application in session.scalars(select(Application).where(Application.id.in_(early))):
        yield _place(session, application, f"/applications/{application.id}/entity", at)


def _place(session: Session, subject: Grant | Application, path: str, at: datetime) -> Place:
    said = {"reference": subject.reference}
    members = people_tied(session, subject.organisation_id, TEAM, at)
    return Place(
        subject=subject,
        team=[person.id for person in members],
        team_words=lazy_(
            "%(reference)s: a virus was found in a deed or agreement that you sent, which nobody can open. Send a clean"
            " copy; if the page no longer takes it, write to the office.",
            **said,
        ),
        team_path=path,
        office=[person.id for person in officers_told(session, subject.guard, at)],
        office_words=lazy_(
            "%(reference)s: a virus was found in a deed or agreement, which nobody can open any more. Its team was told"
            " to send a clean copy: decide nothing on it before.",
            **said,
        ),
        office_path=path,
    )
