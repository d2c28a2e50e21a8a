"""The plan of a grant: its milestones from the templates of the call, and their days."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import in_language, lazy_
from portal.core.text import clean_line
from portal.core.written import written
from portal.grants.changes.operations import next_version
from portal.grants.changes.rules import MilestoneChange
from portal.grants.models import Grant
from portal.grants.operations.news import tell_team
from portal.grants.rules import local_day, months_after
from portal.milestones.models import Milestone
from portal.milestones.queries import milestone_to_change, plan_of
from portal.milestones.rules import (
    LONGEST_REASON,
    PLAN,
)

FURTHEST = timedelta(days=365 * 5)


def plan_milestones(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> list[Milestone]:
    """Draw the milestones of a call for a grant, each some months after its first day; a plan that stands stays."""
    grant = session.get_one(Grant, grant_id)
    if existing := plan_of(session, grant.id):
        return list(existing)
    first = grant.starts_on or local_day(now)
    rows = [
        Milestone(
            authority_id=grant.authority_id,
            grant_id=grant.id,
            number=number,
            key=template.key,
            title=in_language(template.title, "it")[:200],
            deliverable=in_language(template.deliverable, "it"),
            due_on=months_after(first, template.month),
            weight=template.weight,
            status_at=now,
        )
        for number, template in enumerate(grant.call.design.milestones, 1)
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        record(session, at=now, actor=actor, event="milestone.planned", subject=row, after=_plan(row))
    return rows


def plan_milestone(
    session: Session, *, milestone_id: UUID, title: str, deliverable: str, due_on: date, actor: Actor, now: datetime
) -> Milestone:
    """Change title, deliverable or day of a milestone, before any report; the team is told."""
    milestone = milestone_to_change(session, actor, Action.MILESTONE_PLAN, milestone_id)
    PLAN.apply(milestone.status)
    before = _plan(milestone)
    milestone.title = written(
        clean_line(title), most=200, field="title", empty=lazy_("Write the title of the milestone.")
    )
    milestone.deliverable = written(
        deliverable, most=LONGEST_REASON, field="deliverable", empty=lazy_("Write what will be shown.")
    )
    milestone.due_on = _checked_day(milestone, due_on)
    record(
        session, at=now, actor=actor, event=Action.MILESTONE_PLAN, subject=milestone, before=before,
        after=_plan(milestone),
    )  # fmt: skip
    if (milestone.title, milestone.due_on) != (before["title"], before["due_on"]):
        change = MilestoneChange(milestone.key, milestone.title, milestone.due_on)
        next_version(session, grant=milestone.grant, change=change, actor=actor, now=now)
    if _plan(milestone) != before:
        message = lazy_("The office has changed milestone %(number)d of your plan.", number=milestone.number)
        tell_team(
            session, organisation_id=milestone.grant.organisation_id, message=message,
            path=f"/milestones/{milestone.id}", now=now,
        )  # fmt: skip
    return milestone


def _plan(milestone: Milestone) -> dict[str, object]:
    return {"title": milestone.title, "deliverable": milestone.deliverable, "due_on": milestone.due_on}


def _checked_day(milestone: Milestone, day: date) -> date:
    first = milestone.grant.starts_on
    if first is not None and not first <= day <= first + FURTHEST:
        raise Invalid(lazy_("The day must fall between the start of the project and five years later."), "due_on")
    return day
