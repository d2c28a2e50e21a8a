"""Reading milestones: one with its reports, the plan of a grant, what is due."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, Role, Tie, allowed, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import _
from portal.core.instants import format_day
from portal.documents.models import StoredFile
from portal.grants.models import Grant
from portal.grants.parts import GrantPart, PartLine
from portal.grants.rules import GrantStatus, end_of_day, local_day
from portal.milestones.labels import LABELS, TONES
from portal.milestones.models import Milestone, MilestoneReport, ReportEvidence
from portal.milestones.rules import REMIND_BEFORE, MilestoneStatus
from portal.notices.rules import DueStep

REPORTING_TIES = (Tie.OWNER, Tie.EDITOR, Tie.REPORTER)


def milestone_to_read(session: Session, actor: Actor, milestone_id: UUID) -> Milestone:
    """A milestone that the actor may read, with its reports and their evidence; NotFound otherwise."""
    query = select(Milestone).options(
        joinedload(Milestone.grant).options(joinedload(Grant.application), joinedload(Grant.organisation)),
        selectinload(Milestone.reports).options(
            selectinload(MilestoneReport.evidence).joinedload(ReportEvidence.file),
            joinedload(MilestoneReport.submitter),
            joinedload(MilestoneReport.decider),
        ),
    )
    milestone = session.scalars(query.where(Milestone.id == milestone_id)).one_or_none()
    if milestone is None:
        raise NotFound
    authorise(actor, Action.MILESTONE_READ, milestone)
    return milestone


def milestone_to_change(session: Session, actor: Actor, action: Action, milestone_id: UUID) -> Milestone:
    """A milestone locked for a change that the actor may make; NotFound otherwise."""
    query = select(Milestone).where(Milestone.id == milestone_id).with_for_update()
    milestone = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if milestone is None:
        raise NotFound
    authorise(actor, action, milestone)
    return milestone


def plan_of(session: Session, grant_id: UUID) -> Sequence[Milestone]:
    """The milestones of a grant, in order."""
    return session.scalars(select(Milestone).where(Milestone.grant_id == grant_id).order_by(Milestone.number)).all()


def plan_to_read(session: Session, actor: Actor, grant_id: UUID) -> tuple[Grant, Sequence[Milestone]]:
    """A grant and its milestones, for whoever may read them; NotFound otherwise."""
    query = select(Grant).options(joinedload(Grant.application), joinedload(Grant.organisation))
    grant = session.scalars(query.where(Grant.id == grant_id)).one_or_none()
    if grant is None:
        raise NotFound
    authorise(actor, Action.MILESTONE_READ, grant)
    return grant, plan_of(session, grant_id)


def evidence_to_read(session: Session, actor: Actor, milestone_id: UUID, file_id: UUID) -> StoredFile:
    """A file of a report that the actor may read; NotFound otherwise (P13)."""
    query = (
        select(StoredFile, Milestone)
        .join(ReportEvidence, ReportEvidence.file_id == StoredFile.id)
        .join(MilestoneReport, MilestoneReport.id == ReportEvidence.report_id)
        .join(Milestone, Milestone.id == MilestoneReport.milestone_id)
        .where(StoredFile.id == file_id, Milestone.id == milestone_id)
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    authorise(actor, Action.MILESTONE_READ, found[1])
    return found[0]


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """Reports that the team owes soon or was asked to mend, and reports that the office has to decide."""
    teams = {tied for tie in REPORTING_TIES for tied in actor.objects_tied_as(tie)}
    offices = actor.authorities_as(Role.OFFICER)
    if not teams and not offices:
        return []
    soon = local_day(now + REMIND_BEFORE)
    query = (
        select(Milestone)
        .join(Grant, Grant.id == Milestone.grant_id)
        .options(joinedload(Milestone.grant).joinedload(Grant.organisation))
        .where(
            Grant.status == GrantStatus.ACTIVE,
            or_(
                (Milestone.status == MilestoneStatus.REPORTED) & Grant.authority_id.in_(offices),
                Grant.organisation_id.in_(teams)
                & (
                    (Milestone.status == MilestoneStatus.RETURNED)
                    | ((Milestone.status == MilestoneStatus.PLANNED) & (Milestone.due_on <= soon))
                ),
            ),
        )
        .order_by(Milestone.due_on, Milestone.id)
    )
    return [step for each in session.scalars(query) for step in _steps_of(each, actor)]


def _steps_of(milestone: Milestone, actor: Actor) -> Iterator[DueStep]:
    place = f"{milestone.grant.reference} · {milestone.grant.organisation.name}"
    path = f"/milestones/{milestone.id}"
    by = end_of_day(milestone.due_on)
    title = {"number": milestone.number, "title": milestone.title}
    if milestone.status is MilestoneStatus.REPORTED:
        if allowed(actor, Action.REPORT_ACCEPT, milestone):
            what = _("Examine the report of milestone %(number)d “%(title)s”", **title)
            why = _("The tranche that waits for it opens when the report is accepted.")
            yield DueStep(what=what, button=_("Examine"), path=path, why=why, place=place)
    elif milestone.status is MilestoneStatus.RETURNED:
        what = _("Mend the report of milestone %(number)d “%(title)s”", **title)
        why = _("The office has written what is missing.")
        yield DueStep(what=what, button=_("Mend"), path=path, by=by, why=why, place=place)
    else:
        what = _("Report milestone %(number)d “%(title)s”", **title)
        yield DueStep(what=what, button=_("Report"), path=path, by=by, why=milestone.deliverable, place=place)


def grant_part(session: Session, actor: Actor, grant: Grant) -> GrantPart | None:
    """The milestones of a grant, on its page."""
    if not allowed(actor, Action.MILESTONE_READ, grant):
        return None
    lines = tuple(
        PartLine(
            label=f"{each.number}. {each.title}",
            url=f"/milestones/{each.id}",
            state=str(LABELS[each.status]),
            tone=TONES[each.status],
            note=_("milestone · by %(day)s", day=format_day(each.due_on)),
            step=each.id,
        )
        for each in (plan_of(session, grant.id) if grant.starts_on else ())
    )
    return GrantPart(
        key="milestones",
        title=_("Milestones"),
        lines=lines,
        empty=_("Milestones are drawn when the agreement comes into force."),
        url=f"/grants/{grant.id}/plan" if lines else None,
        button=_("The plan of milestones") if lines else None,
    )
