"""What somebody has to do about applications, and about the organisations behind them."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, load_only

from portal.access.models import BankDetails, Organisation, OrganisationRegistration
from portal.access.policy import Role, Tie
from portal.access.rules import BankDetailsStatus
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.core.i18n import _, in_language, ngettext
from portal.notices.rules import DueStep

MOST = 20


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """Drafts to finish before the term (applicants), applications to check (officers), accounts (approvers)."""
    return [*_drafts(session, actor, now), *_to_check(session, actor, now), *_accounts(session, actor)]


def _drafts(session: Session, actor: Actor, now: datetime) -> Iterator[DueStep]:
    mine = actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR)
    if not mine:
        return
    query = (
        select(Application)
        .join(Phase, Phase.id == Application.phase_id)
        .where(Application.organisation_id.in_(mine), Application.status == ApplicationStatus.DRAFT)
        .where(Phase.closes_at >= now)
        .options(
            joinedload(Application.phase),
            joinedload(Application.call).options(load_only(Call.title, raiseload=False)),
        )
        .order_by(Phase.closes_at, Application.id)
        .limit(MOST)
    )
    for application in session.scalars(query):
        yield DueStep(
            what=_("Finish and send the application %(title)s", title=application.title or application.reference),
            button=_("Go on"),
            path=f"/applications/{application.id}",
            by=application.phase.closes_at,
            why=_("After the term nothing can be sent. A draft is not an application: it counts once it is sent."),
            place=in_language(application.call.title),
        )


def _to_check(session: Session, actor: Actor, now: datetime) -> Iterator[DueStep]:
    authorities = actor.authorities_as(Role.OFFICER)
    if not authorities:
        return
    query = (
        select(Call.slug, Call.title, func.count(Application.id))
        .join(Application, Application.call_id == Call.id)
        .join(Phase, Phase.id == Application.phase_id)
        .where(Call.authority_id.in_(authorities), Application.status == ApplicationStatus.SUBMITTED)
        .where(Phase.closes_at < now)
        .group_by(Call.id)
        .order_by(Call.slug)
        .limit(MOST)
    )
    for slug, title, number in session.execute(query):
        yield DueStep(
            what=ngettext("%(num)d application to check", "%(num)d applications to check", number),
            button=_("Check"),
            path=f"/manage/calls/{slug}/applications?status={ApplicationStatus.SUBMITTED.value}",
            why=_("The term is over: each application is admitted to evaluation, or not, with the reasons."),
            place=in_language(title),
        )


def _accounts(session: Session, actor: Actor) -> Iterator[DueStep]:
    authorities = actor.authorities_as(Role.FINANCE_APPROVER)
    if not authorities:
        return
    query = (
        select(Organisation.id, Organisation.name)
        .join(BankDetails, BankDetails.organisation_id == Organisation.id)
        .join(OrganisationRegistration, OrganisationRegistration.organisation_id == Organisation.id)
        .where(OrganisationRegistration.authority_id.in_(authorities))
        .where(BankDetails.status == BankDetailsStatus.PROPOSED, BankDetails.proposed_by != actor.person_id)
        .order_by(Organisation.name, Organisation.id)
        .limit(MOST)
    )
    for organisation_id, name in session.execute(query):
        yield DueStep(
            what=_("Verify the account to be paid of %(name)s", name=name),
            button=_("Verify"),
            path=f"/organisations/{organisation_id}",
            why=_("Nothing is paid to an account that a second person has not compared with the bank's document."),
            place=name,
        )
