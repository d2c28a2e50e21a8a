"""What somebody has to do about applications, and about the organisations behind them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.access.models import BankDetails, Organisation, OrganisationRegistration
from portal.access.policy import Role, Tie
from portal.access.rules import BankDetailsStatus
from portal.applications.models import Application, SignOffRow
from portal.applications.queries.due_check import of_the_office
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import CallStatus
from portal.core.actor import Actor
from portal.core.i18n import _, in_language, ngettext
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Drafts to finish and projects to write (applicants), applications to check (officers), accounts (approvers)."""
    if actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR):
        yield _drafts(actor, now)
        yield _to_write(actor, now)
    if actor.objects_tied_as(Tie.OWNER):
        yield _to_confirm(actor, now)
    if actor.authorities_as(Role.OFFICER):
        yield _to_check(actor, now)
    if actor.authorities_as(Role.FINANCE_APPROVER):
        yield _accounts(actor)


def _drafts(actor: Actor, now: datetime) -> Ask:
    mine = actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR)
    columns = line(
        id=Application.id, name=Application.title, more=Application.reference, title=Call.title, at=Phase.closes_at
    )
    query = (
        select(*columns)
        .select_from(Application)
        .join(Phase, Phase.id == Application.phase_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.organisation_id.in_(mine), Application.status == ApplicationStatus.DRAFT)
        .where(Phase.closes_at >= now)
    )
    return Ask(query, (Phase.closes_at, Application.id), _draft)


def _draft(found: Any) -> DueStep:
    return DueStep(
        what=_("Finish and send the application %(title)s", title=found.name or found.more),
        button=_("Go on"),
        path=f"/applications/{found.id}",
        by=found.at,
        why=_("After the term nothing can be sent. A draft is not an application: it counts once it is sent."),
        place=in_language(found.title),
    )


def _to_write(actor: Actor, now: datetime) -> Ask:
    """Teams that were invited to the next phase, and have not begun it: until it closes."""
    mine = actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR)
    later, following = aliased(Phase), aliased(Application)
    is_begun = select(following.id).where(
        following.follows_id == Application.id, following.status != ApplicationStatus.WITHDRAWN
    )
    columns = line(id=Application.id, name=Application.title, more=Call.slug, title=Call.title, at=later.closes_at)
    query = (
        select(*columns)
        .select_from(Application)
        .join(Phase, Phase.id == Application.phase_id)
        .join(later, (later.call_id == Phase.call_id) & (later.position == Phase.position + 1))
        .join(Call, Call.id == Application.call_id)
        .where(Application.organisation_id.in_(mine), Application.status == ApplicationStatus.SELECTED)
        .where(Application.invited_at.is_not(None), ~is_begun.exists())
        .where(later.opens_at <= now, later.closes_at >= now, Call.status == CallStatus.PUBLISHED)
    )
    return Ask(query, (later.closes_at, Application.id), _project)


def _project(found: Any) -> DueStep:
    return DueStep(
        what=_("Write the project of %(title)s", title=found.name),
        button=_("Begin"),
        path=f"/calls/{found.more}/apply",
        by=found.at,
        why=_("Your team is invited to the next phase: the project begins with what your application said."),
        place=in_language(found.title),
    )


def _to_confirm(actor: Actor, now: datetime) -> Ask:
    """Drafts that somebody of the team asked this person to confirm, while they may still be sent."""
    columns = line(
        id=Application.id, name=Application.title, more=Application.reference, title=Call.title, at=Phase.closes_at
    )
    query = (
        select(*columns)
        .select_from(SignOffRow)
        .join(Application, Application.id == SignOffRow.application_id)
        .join(Phase, Phase.id == Application.phase_id)
        .join(Call, Call.id == Application.call_id)
        .where(SignOffRow.person_id == actor.person_id, SignOffRow.signed_at.is_(None))
        .where(Application.status == ApplicationStatus.DRAFT, Phase.closes_at >= now)
        .where(Application.organisation_id.in_(actor.objects_tied_as(Tie.OWNER)))
    )
    return Ask(query, (Phase.closes_at, Application.id), _confirmation)


def _confirmation(found: Any) -> DueStep:
    return DueStep(
        what=_("Confirm the application %(title)s", title=found.name or found.more),
        button=_("Read and confirm"),
        path=f"/applications/{found.id}/send",
        by=found.at,
        why=_("Your team asks you to confirm it: the call does not take it without."),
        place=in_language(found.title),
    )


def _to_check(actor: Actor, now: datetime) -> Ask:
    query = (
        select(*line(name=Call.slug, title=Call.title, number=func.count(Application.id)))
        .select_from(Call)
        .join(Application, Application.call_id == Call.id)
        .join(Phase, Phase.id == Application.phase_id)
        .where(Application.status == ApplicationStatus.SUBMITTED, Phase.closes_at < now, *of_the_office(actor))
        .group_by(Call.id)
    )
    return Ask(query, (Call.slug,), _check)


def _check(found: Any) -> DueStep:
    return DueStep(
        what=ngettext("%(num)d application to check", "%(num)d applications to check", found.number),
        button=_("Check"),
        path=f"/manage/calls/{found.name}/applications?status={ApplicationStatus.SUBMITTED.value}",
        why=_("The term is over: each application is admitted to evaluation, or not, with the reasons."),
        place=in_language(found.title),
    )


def _accounts(actor: Actor) -> Ask:
    known = select(OrganisationRegistration.organisation_id).where(
        OrganisationRegistration.authority_id.in_(actor.authorities_as(Role.FINANCE_APPROVER))
    )
    query = (
        select(*line(id=Organisation.id, name=Organisation.name))
        .select_from(Organisation)
        .join(BankDetails, BankDetails.organisation_id == Organisation.id)
        .where(Organisation.id.in_(known))
        .where(BankDetails.status == BankDetailsStatus.PROPOSED, BankDetails.proposed_by != actor.person_id)
    )
    return Ask(query, (Organisation.name, Organisation.id), _account)


def _account(found: Any) -> DueStep:
    return DueStep(
        what=_("Verify the account to be paid of %(name)s", name=found.name),
        button=_("Verify"),
        path=f"/organisations/{found.id}#accounts",
        why=_("Nothing is paid to an account that a second person has not compared with the bank's document."),
        place=found.name,
    )
