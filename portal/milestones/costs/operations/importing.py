"""What the worker makes of a spreadsheet: every row a line, or nothing and the faults; whoever asked is told."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.apart import NotDone
from portal.core.audit import record
from portal.core.errors import Refusal
from portal.core.i18n import in_both, lazy_
from portal.documents.reading import FileDamaged, read_file
from portal.documents.rules import MAY_BE_SERVED, ScanState, extension_of
from portal.milestones.costs.models import CostImport, CostReport
from portal.milestones.costs.operations.reading_in import fault_row, keep_sheet
from portal.milestones.costs.queries.reports import agreed_plan, milestones_of, terms_of
from portal.milestones.costs.reading.sheet import MOST_FAULTS, RowFault, SheetRead, read_sheet, rows_in
from portal.milestones.costs.rules import ImportStatus
from portal.milestones.costs.vocabulary import heads, vocabulary_of
from portal.notices.operations import notify

INFECTED = lazy_(
    "A virus was found in the file, and nothing of it was read. Check your computer with an antivirus, make the"
    " spreadsheet anew, and have that one read."
)
OPENED, JUDGED = 40, 90
"""Per cent of the work when the file is open, and when every row is judged; the rest is writing the lines."""
UNREADABLE = lazy_("The file cannot be read as a spreadsheet: save it again as XLSX or CSV, from the template.")


class StillScanned(Exception):
    """The antivirus has not spoken yet: whoever reads comes again."""


def sheet_seen(session: Session, *, import_id: UUID, tell: Callable[[int], None]) -> SheetRead | None:
    """What stands in the spreadsheet, judged; None where it was read already. Nothing is written.

    `tell` hears per cent as the work goes on. Raises StillScanned: a file is opened once no virus was found in it.
    """
    asked = session.get(CostImport, import_id)
    if asked is None or asked.status is not ImportStatus.WAITING:
        return None
    if asked.file.scan_state is ScanState.WAITING:
        raise StillScanned
    if asked.file.scan_state not in MAY_BE_SERVED:
        return SheetRead(faults=[RowFault(1, "", INFECTED)])
    report = asked.report
    plan, milestones = agreed_plan(session, report.grant_id), milestones_of(session, report.grant_id)
    terms = terms_of(report, plan, milestones)
    vocabulary = vocabulary_of(terms.categories, milestones)
    try:
        rows = rows_in(read_file(asked.file), extension_of(asked.file.name))
    except (NotDone, FileDamaged):
        return SheetRead(faults=[RowFault(1, "", UNREADABLE)])
    tell(OPENED)
    read = read_sheet(rows, heads(), vocabulary, terms, lambda done: tell(_share(done, len(rows))))
    tell(JUDGED)
    return read


def _share(done: int, of: int) -> int:
    return OPENED + (JUDGED - OPENED) * done // max(of, 1)


def end_import(session: Session, *, import_id: UUID, read: SheetRead, now: datetime) -> CostImport:
    """Keep every row as a line, or none and the faults; told in the inbox of whoever asked."""
    asked = session.scalars(select(CostImport).where(CostImport.id == import_id).with_for_update()).one()
    report = session.scalars(select(CostReport).where(CostReport.id == asked.report_id).with_for_update()).one()
    if not report.is_being_written:
        read.faults.append(RowFault(1, "", lazy_("The report was sent while the spreadsheet was read.")))
    if asked.file.scan_state is ScanState.INFECTED and not read.faults:
        read.faults.append(RowFault(1, "", INFECTED))
    asked.rows_all, asked.ended_at, asked.percent = read.rows, now, 100
    if not read.faults:
        try:
            asked.rows_read = keep_sheet(session, report=report, costs=read.costs)
        except Refusal as refused:
            read.faults.append(RowFault(1, "", refused.message))
    asked.status = ImportStatus.REFUSED if read.faults else ImportStatus.DONE
    asked.faults = [fault_row(row=each.row, column=each.column, words=each.words) for each in read.faults[:MOST_FAULTS]]
    record(session, at=now, actor=SYSTEM, event="cost.import_end", subject=report,
           after={"status": asked.status, "lines": asked.rows_read, "faults": len(read.faults)})  # fmt: skip
    _tell(session, asked, report, len(read.faults), now)
    return asked


def _tell(session: Session, asked: CostImport, report: CostReport, faults: int, now: datetime) -> None:
    if asked.asked_by is None:
        return
    said = {"number": report.number, "lines": asked.rows_read, "faults": faults}
    message = lazy_("Cost report %(number)d: the spreadsheet was read, %(lines)d lines were added.", **said)
    if faults:
        message = lazy_("Cost report %(number)d: the spreadsheet was not read, %(faults)d things are to be mended.",
                        **said)  # fmt: skip
    notify(session, people=[asked.asked_by], text=in_both(message), path=f"/costs/{report.id}/sheet", now=now)
