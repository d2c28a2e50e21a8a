"""The recipient reports on a milestone, with evidence."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.counts import format_count
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.operations.news import tell_office
from portal.grants.rules import GrantStatus
from portal.milestones.models import MilestoneReport, ReportEvidence
from portal.milestones.operations.refusals import GrantNotActive
from portal.milestones.progress.counting import count_reached
from portal.milestones.queries import milestone_to_change, milestone_to_read
from portal.milestones.rules import (
    EVIDENCE_TYPES,
    LARGEST_EVIDENCE,
    LONGEST_NARRATIVE,
    MOST_FILES,
    REPORT,
)

EVIDENCE = FileRules(EVIDENCE_TYPES, LARGEST_EVIDENCE, field="evidence")
WHAT_WAS_DONE = lazy_("Tell what was done, and with what result.")


def evidence_rules(session: Session, *, milestone_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the files of a report, to whoever may send it."""
    authorise(actor, Action.REPORT_SUBMIT, milestone_to_read(session, actor, milestone_id))
    return EVIDENCE


def submit_report(
    session: Session, *, milestone_id: UUID, narrative: str, uploads: Sequence[Arrived], actor: Actor, now: datetime,
    reached: Mapping[str, str] | None = None,
) -> MilestoneReport:  # fmt: skip
    """Report a milestone with its evidence: the next version; the first one needs a file at least.

    `reached`: by key, how much of every indicator of the plan in force was reached, as it was typed.

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
        narrative=written(narrative, most=LONGEST_NARRATIVE, field="narrative", empty=WHAT_WAS_DONE),
        submitted_by=actor.person_id,
        submitted_at=now,
    )
    hashes = _attach(session, report, uploads, actor, now)
    counted = count_reached(session, milestone=milestone, report=report, told=reached or {})
    milestone.make(REPORT, at=now)
    session.refresh(milestone, ["reports"])
    record(
        session, at=now, actor=actor, event=Action.REPORT_SUBMIT, subject=milestone, before={"status": before},
        after={"status": milestone.status, "version": report.version, "files": hashes}
        | ({"reached": {each.key: format_count(each.reached_hundredths) for each in counted}} if counted else {}),
    )  # fmt: skip
    message = lazy_("%(team)s has reported milestone %(number)d.", team=milestone.grant.organisation.name,
                    number=milestone.number)  # fmt: skip
    path = f"/milestones/{milestone.id}"
    tell_office(session, authority_id=milestone.authority_id, message=message, path=path, now=now)
    return report


def _attach(
    session: Session, report: MilestoneReport, uploads: Sequence[Arrived], actor: Actor, now: datetime
) -> list[str]:
    if len(uploads) > MOST_FILES:
        raise Invalid(lazy_("At most %(most)d files for each report.", most=MOST_FILES), "evidence")
    if not uploads and report.version == 1:
        raise Invalid(lazy_("Add a file at least that shows what was done."), "evidence")
    files = [store_upload(session, upload=upload, rules=EVIDENCE, actor=actor, now=now) for upload in uploads]
    session.add(report)
    session.flush()
    session.add_all(ReportEvidence(report_id=report.id, file_id=file.id) for file in files)
    session.flush()
    return [file.sha256 for file in files]
