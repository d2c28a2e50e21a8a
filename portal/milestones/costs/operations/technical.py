"""The technical part of a report: written and attached to while the report is written. Never commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import NotFound
from portal.documents.operations import Arrived
from portal.documents.rules import FileBlocked, FileRules
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.operations.starting import report_to_write
from portal.questionnaires.models import AnswerFile, AnswerSheet
from portal.questionnaires.operations import save_section
from portal.questionnaires.operations.answering import Binder, attach_files, attached, detach_files, files_asked
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import SectionSaved, Typed


def save_technical(
    session: Session, *, report_id: UUID, section_key: str, typed: Mapping[str, Typed], base: Mapping[str, int],
    actor: Actor, now: datetime,
) -> SectionSaved:  # fmt: skip
    """Save one section while the report is written. Raises LinesStay, CostsNotOpen."""
    report, sheet = _written(session, report_id, actor)
    section = form_of(session, sheet).section(section_key)
    if section is None:
        raise NotFound
    areas = [area.key for area in report.grant.application.design.areas]
    return save_section(
        session, sheet=sheet, section=section, typed=typed, base=base, areas=areas, actor=actor, now=now
    )


def technical_files(session: Session, *, report_id: UUID, question_key: str, actor: Actor) -> FileRules:
    """What is asked of the files of one answer, to whoever may add them."""
    _report, sheet = _written(session, report_id, actor)
    return files_asked(session, sheet=sheet, key=question_key)


def attach_technical(
    session: Session, *, report_id: UUID, question_key: str, uploads: Sequence[Arrived], actor: Actor, now: datetime
) -> None:
    """Add files to an answer; one that is there already changes nothing. Raises Invalid: none is kept."""
    report, sheet = _written(session, report_id, actor)
    for file in attach_files(binder=Binder(session, sheet, actor, now), key=question_key, uploads=uploads):
        after = {"question": question_key, "name": file.name, "sha256": file.sha256}
        record(session, at=now, actor=actor, event="cost.answer_file_add", subject=report, after=after)


def detach_technical(
    session: Session, *, report_id: UUID, question_key: str, file_id: str, actor: Actor, now: datetime
) -> None:
    """Take a file out of an answer; its row and its bytes stay. Taking away what is not there changes nothing."""
    report, sheet = _written(session, report_id, actor)
    gone = attached(session, sheet=sheet, key=question_key, file_id=file_id)
    if gone:
        before = {"question": question_key, "name": gone[0].file.name, "sha256": gone[0].file.sha256}
        record(session, at=now, actor=actor, event="cost.answer_file_remove", subject=report, before=before)
        detach_files(binder=Binder(session, sheet, actor, now), rows=gone)


def set_aside_blocked_answer(session: Session, event: FileBlocked) -> None:
    """Subscribed to the scanner's verdict: a report that is written loses the file, one that was sent names it."""
    query = (
        select(CostReport, AnswerFile)
        .join(AnswerFile, AnswerFile.sheet_id == CostReport.sheet_id)
        .where(AnswerFile.file_id == event.file_id, AnswerFile.removed_at.is_(None))
        .order_by(AnswerFile.id)
    )
    for report, row in session.execute(query):
        if report.is_being_written and report.sheet is not None:
            detach_files(binder=Binder(session, report.sheet, SYSTEM, event.at), rows=[row])


def _written(session: Session, report_id: UUID, actor: Actor) -> tuple[CostReport, AnswerSheet]:
    report = report_to_write(session, actor=actor, report_id=report_id)
    if report.sheet is None:
        raise NotFound
    return report, report.sheet
