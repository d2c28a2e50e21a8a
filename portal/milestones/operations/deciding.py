"""The office returns a report, or accepts it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.grants.apart import stand_apart
from portal.grants.operations.news import tell_team
from portal.milestones.models import Milestone, MilestoneReport
from portal.milestones.operations.refusals import OtherVersion
from portal.milestones.queries import milestone_to_change
from portal.milestones.rules import (
    ACCEPT,
    LONGEST_REASON,
    RETURN,
    ReportAccepted,
)


def return_report(
    session: Session, *, milestone_id: UUID, reason: str, actor: Actor, now: datetime, version: int | None = None
) -> Milestone:
    """Send the report back with what is missing; `version` binds the decision to the report that was read."""
    milestone, report = _to_decide(session, Action.REPORT_RETURN, milestone_id, version, actor)
    before = milestone.status
    RETURN.apply(before)
    reason = written(
        reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write what is missing, so that it can be mended.")
    )
    milestone.make(RETURN, at=now)
    report.decided_by, report.decided_at, report.return_reason = actor.person_id, now, reason
    record(
        session, at=now, actor=actor, event=Action.REPORT_RETURN, subject=milestone, before={"status": before},
        after={"status": milestone.status, "version": report.version}, reason=reason,
    )  # fmt: skip
    message = lazy_("The report of milestone %(number)d came back: read what is missing.", number=milestone.number)
    _answer(session, milestone, report, message, "milestones/returned", now)
    return milestone


def accept_report(
    session: Session, *, milestone_id: UUID, actor: Actor, now: datetime, version: int | None = None
) -> Milestone:
    """Accept a milestone's report, which opens the gate of its tranche.

    Raises Forbidden or NotFound, IllegalMove, TwoPeople, OtherVersion; in any case nothing has changed.
    """
    milestone, report = _to_decide(session, Action.REPORT_ACCEPT, milestone_id, version, actor)
    before = milestone.status
    milestone.make(ACCEPT, at=now)
    report.decided_by, report.decided_at = actor.person_id, now
    record(
        session, at=now, actor=actor, event=Action.REPORT_ACCEPT, subject=milestone, before={"status": before},
        after={"status": milestone.status, "version": report.version},
    )  # fmt: skip
    announce(session, ReportAccepted(milestone_id=milestone.id, grant_id=milestone.grant_id, at=now))
    message = lazy_("The report of milestone %(number)d was accepted.", number=milestone.number)
    _answer(session, milestone, report, message, "milestones/accepted", now)
    return milestone


def _to_decide(
    session: Session, action: Action, milestone_id: UUID, version: int | None, actor: Actor
) -> tuple[Milestone, MilestoneReport]:
    milestone = milestone_to_change(session, actor, action, milestone_id)
    ACCEPT.apply(milestone.status)
    report = milestone.report
    if report is None or (version is not None and version != report.version):
        raise OtherVersion
    stand_apart(actor=actor, organisation_id=milestone.grant.organisation_id, not_again=report.submitted_by)
    return milestone, report


def _answer(
    session: Session, milestone: Milestone, report: MilestoneReport, message: object, template: str, now: datetime
) -> None:
    tell_team(
        session, organisation_id=milestone.grant.organisation_id, message=message, path=f"/milestones/{milestone.id}",
        now=now, template=template, milestone=milestone, report=report,
    )  # fmt: skip
