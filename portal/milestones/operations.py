"""Changing milestones: planned with the grant, reported with evidence, returned or accepted. Never commits."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.events import announce
from portal.core.i18n import in_language, lazy_
from portal.core.text import clean_line, clean_text
from portal.core.unit_of_work import violation
from portal.documents.operations import Upload, store_upload
from portal.grants.models import Grant
from portal.grants.operations.apart import stand_apart
from portal.grants.operations.news import tell_office, tell_team
from portal.grants.rules import GrantStatus, local_day, months_after
from portal.milestones.models import Milestone, MilestoneReport, ReportEvidence
from portal.milestones.queries import milestone_to_change, plan_of
from portal.milestones.rules import (
    ACCEPT,
    EVIDENCE_TYPES,
    LARGEST_EVIDENCE,
    LONGEST_NARRATIVE,
    LONGEST_REASON,
    MOST_FILES,
    PLAN,
    REPORT,
    RETURN,
    ReportAccepted,
)

FURTHEST = timedelta(days=365 * 5)


class GrantNotActive(Conflict):
    """Reports belong to a grant under way."""

    default = lazy_("Reports begin once the agreement is in force.")


class OtherVersion(Conflict):
    """A newer report came after the page was shown."""

    default = lazy_("A newer report was sent in the meantime. Reload the page and read that one.")


violation("decided report", OtherVersion)


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
    milestone.title = _checked(clean_line(title), 200, "title", lazy_("Write the title of the milestone."))
    milestone.deliverable = _checked(
        clean_text(deliverable), LONGEST_REASON, "deliverable", lazy_("Write what will be shown.")
    )
    milestone.due_on = _checked_day(milestone, due_on)
    record(
        session, at=now, actor=actor, event=Action.MILESTONE_PLAN, subject=milestone, before=before,
        after=_plan(milestone),
    )  # fmt: skip
    if _plan(milestone) != before:
        message = lazy_("The office has changed milestone %(number)d of your plan.", number=milestone.number)
        tell_team(
            session, organisation_id=milestone.grant.organisation_id, message=message,
            path=f"/milestones/{milestone.id}", now=now,
        )  # fmt: skip
    return milestone


def submit_report(
    session: Session,
    *,
    milestone_id: UUID,
    narrative: str,
    uploads: Sequence[Upload],
    actor: Actor,
    now: datetime,
) -> MilestoneReport:
    """Report a milestone with its evidence: the next version; the first one needs a file at least.

    Raises Invalid with the field, GrantNotActive or IllegalMove; then nothing is stored.
    """
    milestone = milestone_to_change(session, actor, Action.REPORT_SUBMIT, milestone_id)
    if milestone.grant.status is not GrantStatus.ACTIVE:
        raise GrantNotActive
    before = milestone.status
    REPORT.apply(before)
    report = MilestoneReport(
        milestone_id=milestone.id,
        version=len(milestone.reports) + 1,
        narrative=_checked(
            clean_text(narrative), LONGEST_NARRATIVE, "narrative", lazy_("Tell what was done, and with what result.")
        ),
        submitted_by=actor.person_id,
        submitted_at=now,
    )
    hashes = _attach(session, report, [each for each in uploads if each.filename], actor, now)
    milestone.make(REPORT, at=now)
    session.refresh(milestone, ["reports"])
    record(
        session, at=now, actor=actor, event=Action.REPORT_SUBMIT, subject=milestone, before={"status": before},
        after={"status": milestone.status, "version": report.version, "files": hashes},
    )  # fmt: skip
    message = lazy_("%(team)s has reported milestone %(number)d.", team=milestone.grant.organisation.name,
                    number=milestone.number)  # fmt: skip
    path = f"/milestones/{milestone.id}"
    tell_office(session, authority_id=milestone.authority_id, message=message, path=path, now=now)
    return report


def _attach(
    session: Session, report: MilestoneReport, uploads: Sequence[Upload], actor: Actor, now: datetime
) -> list[str]:
    if len(uploads) > MOST_FILES:
        raise Invalid(lazy_("At most %(most)d files for each report.", most=MOST_FILES), "evidence")
    if not uploads and report.version == 1:
        raise Invalid(lazy_("Add a file at least that shows what was done."), "evidence")
    files = [
        store_upload(
            session, upload=upload, accept=EVIDENCE_TYPES, max_bytes=LARGEST_EVIDENCE, actor=actor, now=now,
            field="evidence",
        )
        for upload in uploads
    ]  # fmt: skip
    session.add(report)
    session.flush()
    session.add_all(ReportEvidence(report_id=report.id, file_id=file.id) for file in files)
    session.flush()
    return [file.sha256 for file in files]


def return_report(
    session: Session, *, milestone_id: UUID, reason: str, actor: Actor, now: datetime, version: int | None = None
) -> Milestone:
    """Send the report back with what is missing; `version` binds the decision to the report that was read."""
    milestone, report = _to_decide(session, Action.REPORT_RETURN, milestone_id, version, actor)
    before = milestone.status
    RETURN.apply(before)
    reason = _checked(
        clean_text(reason), LONGEST_REASON, "reason", lazy_("Write what is missing, so that it can be mended.")
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


def _plan(milestone: Milestone) -> dict[str, object]:
    return {"title": milestone.title, "deliverable": milestone.deliverable, "due_on": milestone.due_on}


def _checked(text: str, most: int, field: str, empty: object) -> str:
    if not clean_line(text):
        raise Invalid(empty, field)
    if len(text) > most:
        raise Invalid(lazy_("At most %(most)d characters, these are %(n)d.", most=most, n=len(text)), field)
    return text


def _checked_day(milestone: Milestone, day: date) -> date:
    first = milestone.grant.starts_on
    if first is not None and not first <= day <= first + FURTHEST:
        raise Invalid(lazy_("The day must fall between the start of the project and five years later."), "due_on")
    return day
