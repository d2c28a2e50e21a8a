"""Costs that nobody types: electronic invoices at once, a spreadsheet by a job, all of it or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import in_both, lazy_
from portal.core.jobs import enqueue
from portal.documents.operations import Arrived, store_upload
from portal.documents.reading import read_file
from portal.documents.rules import FileRules
from portal.milestones.costs.models import CostImport, CostLine, CostLineFile, CostReport
from portal.milestones.costs.operations.placing import next_number, rows_of
from portal.milestones.costs.operations.starting import report_to_write
from portal.milestones.costs.operations.writing import MOST_LINES, terms_now
from portal.milestones.costs.queries.lines import first_of_document
from portal.milestones.costs.queries.reports import agreed_plan, codes_of
from portal.milestones.costs.reading.invoice import LARGEST, Ours, costs_in_invoice
from portal.milestones.costs.rules import FileRole, ImportStatus
from portal.milestones.costs.rules.cost import Cost
from portal.milestones.costs.rules.documents import valid_supplier_code

INVOICES = FileRules(("xml", "p7m"), LARGEST, field="invoices", most=20)
SHEET = FileRules(("xlsx", "csv"), 20 * 1024 * 1024, field="sheet", most=1)
IMPORT_JOB = "costs.read_sheet"


def invoice_files(session: Session, *, report_id: UUID, actor: Actor) -> FileRules:
    """What is asked of electronic invoices, to whoever may write the report."""
    report_to_write(session, actor=actor, report_id=report_id)
    return INVOICES


def sheet_file(session: Session, *, report_id: UUID, actor: Actor) -> FileRules:
    """What is asked of a spreadsheet, to whoever may write the report."""
    report_to_write(session, actor=actor, report_id=report_id)
    return SHEET


def read_invoices(
    session: Session, *, report_id: UUID, uploads: Sequence[Arrived], actor: Actor, now: datetime
) -> list[int]:
    """A line for each invoice, with its file attached; the numbers of the lines. Raises Invalid: nothing is read."""
    report = report_to_write(session, actor=actor, report_id=report_id)
    if not uploads:
        raise Invalid(lazy_("Choose the XML files of the invoices."), "invoices")
    terms, ours, numbers = terms_now(session, report=report), _ours(session, report), []
    for upload in uploads:
        file = store_upload(session, upload=upload, rules=INVOICES, actor=actor, now=now)
        session.flush()
        costs = costs_in_invoice(read_file(file), name=file.name, ours=ours)
        _must_be_new(session, report, costs, file.name)
        rows = list(rows_of(session, report=report, costs=costs, terms=terms))
        session.execute(insert(CostLine), rows)
        session.add_all(CostLineFile(line_id=row["id"], file_id=file.id, role=FileRole.DOCUMENT) for row in rows)
        numbers += [int(row["number"]) for row in rows]
        session.flush()
    record(session, at=now, actor=actor, event="cost.read_invoices", subject=report, after={"lines": numbers})
    return numbers


def ask_import(session: Session, *, report_id: UUID, upload: Arrived | None, actor: Actor, now: datetime) -> CostImport:
    """Have a spreadsheet read in the background; its end is told in the inbox."""
    report = report_to_write(session, actor=actor, report_id=report_id)
    waiting = select(CostImport.id).where(CostImport.report_id == report.id, CostImport.status == ImportStatus.WAITING)
    if session.scalars(waiting).first() is not None:
        raise Conflict(lazy_("A spreadsheet is being read into this report: wait until it has ended."))
    file = store_upload(session, upload=upload, rules=SHEET, actor=actor, now=now)
    session.flush()
    asked = CostImport(report_id=report.id, file_id=file.id, asked_by=actor.person_id, asked_at=now)
    session.add(asked)
    session.flush()
    enqueue(session, IMPORT_JOB, now=now, import_id=asked.id)
    record(session, at=now, actor=actor, event="cost.import_ask", subject=report, after={"sha256": file.sha256})
    return asked


def keep_sheet(session: Session, *, report: CostReport, costs: Sequence[Cost]) -> int:
    """Every cost of a spreadsheet as a line. Raises Conflict where there are too many; how many were added."""
    terms = terms_now(session, report=report)
    if next_number(session, report_id=report.id) + len(costs) - 1 > MOST_LINES:
        raise Conflict(lazy_("A report has at most %(most)d lines: begin another one.", most=MOST_LINES))
    rows = list(rows_of(session, report=report, costs=costs, terms=terms))
    session.execute(insert(CostLine), rows)
    return len(rows)


def fault_row(*, row: int, column: object, words: object) -> dict[str, Any]:
    """One fault of a spreadsheet as it is kept, in both languages."""
    return {"row": row, "column": in_both(column), "words": in_both(words)}


def _ours(session: Session, report: CostReport) -> Ours:
    """Who may be addressed by an invoice; anybody where the code of one of them is not known."""
    plan, own = agreed_plan(session, report.grant_id), codes_of(report.grant.organisation)
    partners = [each.fiscal_code for each in plan.partners] if plan else []
    return Ours(report.grant.cup, own | set(partners) if own and all(partners) else frozenset())


def _must_be_new(session: Session, report: CostReport, costs: Sequence[Cost], name: str) -> None:
    """An invoice that is a line already was chosen twice; one without a usable supplier cannot be told apart."""
    for cost in costs:
        try:
            valid_supplier_code(cost.supplier_code)
        except Invalid as refused:
            raise Invalid(lazy_("“%(name)s”: the tax code of the supplier cannot be read.", name=name),
                          "invoices") from refused  # fmt: skip
    known = first_of_document(session, report.grant_id, [each.fingerprint for each in costs if each.fingerprint])
    if known:
        raise Invalid(
            lazy_("“%(name)s” is a line of this project already. To charge more of it, change the share there.",
                  name=name), "invoices",
        )  # fmt: skip


__all__ = [
    "IMPORT_JOB", "ask_import", "fault_row", "invoice_files", "keep_sheet", "read_invoices", "sheet_file",
]  # fmt: skip
