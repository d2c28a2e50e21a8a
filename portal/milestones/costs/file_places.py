"""Where the files of costs are used, for whoever must know of a virus in one (documents.places)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.access.queries.officers import officers_told
from portal.core.i18n import lazy_
from portal.documents.places import Place
from portal.milestones.costs.models import CostImport, CostLine, CostLineFile, CostReport
from portal.questionnaires.models import AnswerFile

TEAM = (Tie.OWNER, Tie.EDITOR, Tie.REPORTER)


def of_costs(session: Session, file_id: UUID, at: datetime) -> Iterator[Place]:
    """Documents of lines, spreadsheets, files of the technical part: who reports for the grant, and its officers."""
    shown = select(CostLine.report_id).join(CostLineFile, CostLineFile.line_id == CostLine.id)
    lines = shown.where(CostLineFile.file_id == file_id)
    sheets = select(CostImport.report_id).where(CostImport.file_id == file_id)
    answers = select(AnswerFile.sheet_id).where(AnswerFile.file_id == file_id)
    held = or_(CostReport.id.in_(lines), CostReport.id.in_(sheets), CostReport.sheet_id.in_(answers))
    query = select(CostReport).where(held).order_by(CostReport.id)
    for report in session.scalars(query):
        said = {"number": report.number, "reference": report.grant.reference}
        yield Place(
            subject=report,
            team=[person.id for person in people_tied(session, report.grant.organisation_id, TEAM, at)],
            team_words=lazy_(
                "%(reference)s: a virus was found in a file of cost report %(number)s, which nobody can open. Attach a"
                " clean copy while the report is written, or write to the office.", **said,
            ),
            team_path=f"/costs/{report.id}",
            office=[person.id for person in officers_told(session, report.guard, at)],
            office_words=lazy_(
                "%(reference)s: a virus was found in a file of cost report %(number)s, which nobody can open any more."
                " Ask its recipient for a clean copy.", **said,
            ),
            office_path=f"/costs/{report.id}",
        )  # fmt: skip
