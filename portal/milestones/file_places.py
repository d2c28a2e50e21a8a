"""Where the files of reports are used, for whoever must know of a virus in one (documents.places)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.access.queries.officers import officers_told
from portal.core.i18n import lazy_
from portal.documents.places import Place
from portal.milestones.models import Milestone, MilestoneReport, ReportEvidence

TEAM = (Tie.OWNER, Tie.EDITOR, Tie.REPORTER)


def of_reports(session: Session, file_id: UUID, at: datetime) -> Iterator[Place]:
    """The evidence of reports: who reports for the grant, and its officers."""
    query = (
        select(Milestone)
        .join(MilestoneReport, MilestoneReport.milestone_id == Milestone.id)
        .join(ReportEvidence, ReportEvidence.report_id == MilestoneReport.id)
        .where(ReportEvidence.file_id == file_id)
        .order_by(Milestone.id)
    )
    for milestone in session.scalars(query.distinct()):
        said = {"number": milestone.number, "reference": milestone.grant.reference}
        yield Place(
            subject=milestone,
            team=[person.id for person in people_tied(session, milestone.grant.organisation_id, TEAM, at)],
            team_words=lazy_(
                "%(reference)s: a virus was found in a file of the report on milestone %(number)s, which nobody can"
                " open. Report again with a clean copy if the office returns it, or write to the office.",
                **said,
            ),
            team_path=f"/milestones/{milestone.id}",
            office=[person.id for person in officers_told(session, milestone.guard, at)],
            office_words=lazy_(
                "%(reference)s: a virus was found in a file of the report on milestone %(number)s, which nobody can"
                " open any more. Return the report for a clean copy, or ask its team for one.",
                **said,
            ),
            office_path=f"/milestones/{milestone.id}",
        )
