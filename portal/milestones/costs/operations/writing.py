"""A line is written, changed, taken out; files are attached to it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.calls.rules import CostForm
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, InvalidForm, NotFound
from portal.core.i18n import lazy_
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.milestones.costs.models import CostLine, CostLineFile, CostReport
from portal.milestones.costs.operations.placing import leave_document, next_number, rows_of, values_of
from portal.milestones.costs.operations.starting import report_to_write
from portal.milestones.costs.queries.lines import first_of_document, line_of
from portal.milestones.costs.queries.reports import agreed_plan, milestones_of, terms_of
from portal.milestones.costs.rules import Claim, FileRole
from portal.milestones.costs.rules.cost import Cost
from portal.milestones.costs.rules.faults import CostFault, cost_faults
from portal.milestones.costs.rules.faults_real import document_faults
from portal.milestones.costs.rules.terms import Terms
from portal.milestones.costs.rules.typed import Cell, read_cost
from portal.milestones.costs.vocabulary import vocabulary_of

FILES = FileRules(("pdf", "p7m", "xml", "png", "jpg", "jpeg"), 10 * 1024 * 1024, field="files", most=10)
MOST_LINES = 20_000
NEEDED = frozenset({"supplier_code", "supplier_name", "document_number", "document_on", "net", "share", "quantity",
                    "milestone"})  # fmt: skip
"""Without these a line cannot be kept; the rest may be told until the report is sent."""


def line_files(session: Session, *, report_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the files of a line, to whoever may write it."""
    report_to_write(session, actor=actor, report_id=report_id)
    return FILES


def write_line(
    session: Session, *, report_id: UUID, typed: Mapping[str, Cell], actor: Actor, now: datetime,
    line_id: UUID | None = None, uploads: Sequence[Arrived] = (), role: FileRole = FileRole.DOCUMENT,
) -> CostLine:  # fmt: skip
    """Keep one cost as it was typed: a new line, or another content of one. Raises InvalidForm by field."""
    report = report_to_write(session, actor=actor, report_id=report_id)
    terms, cost = _judged(session, report, typed)
    line = _changed(session, report, line_id, cost, terms) if line_id else _added(session, report, cost, terms)
    session.flush()
    hashes = []
    for upload in uploads:
        file = store_upload(session, upload=upload, rules=FILES, actor=actor, now=now)
        session.flush()
        session.add(CostLineFile(line_id=line.id, file_id=file.id, role=role))
        hashes.append(file.sha256)
    event = "cost.line_change" if line_id else "cost.line_add"
    after = {"line": line.number, "category": line.category, "charged_cents": line.charged_cents, "files": hashes}
    record(session, at=now, actor=actor, event=event, subject=report, after=after)
    session.flush()
    return line


def remove_file(
    session: Session, *, report_id: UUID, line_id: UUID, file_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take a file off a line."""
    report = report_to_write(session, actor=actor, report_id=report_id)
    line = line_of(session, report, line_id)
    link = next((each for each in line.files if each.file_id == file_id), None)
    if link is None:
        raise NotFound
    session.delete(link)
    record(session, at=now, actor=actor, event="cost.file_remove", subject=report,
           before={"line": line.number, "sha256": link.file.sha256})  # fmt: skip


def remove_line(session: Session, *, report_id: UUID, line_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a line out; its document may then be charged anew."""
    report = report_to_write(session, actor=actor, report_id=report_id)
    line = line_of(session, report, line_id)
    before = {"line": line.number, "category": line.category, "charged_cents": line.charged_cents}
    leave_document(session, line=line)
    session.execute(delete(CostLineFile).where(CostLineFile.line_id == line.id))
    session.expire(line, ["files"])
    session.delete(line)
    record(session, at=now, actor=actor, event="cost.line_remove", subject=report, before=before)


def terms_now(session: Session, *, report: CostReport) -> Terms:
    """What the lines of a report are judged by at this moment."""
    plan = agreed_plan(session, report.grant_id)
    return terms_of(report, plan, milestones_of(session, report.grant_id))


def _judged(session: Session, report: CostReport, typed: Mapping[str, Cell]) -> tuple[Terms, Cost]:
    milestones = milestones_of(session, report.grant_id)
    terms = terms_of(report, agreed_plan(session, report.grant_id), milestones)
    cost, unread = read_cost(typed, vocabulary_of(terms.categories, milestones))
    errors = {each.field: each.words for each in unread}
    if cost.category in terms.categories and terms.form_of(cost) is CostForm.FLAT_RATE:
        errors |= {each.field: each.words for each in cost_faults(cost, terms)}
    wanted = {each.field: each.words for each in _lacking(cost, terms)}
    errors = wanted | errors
    if errors:
        raise InvalidForm(errors)
    return terms, cost


def _lacking(cost: Cost, terms: Terms) -> list[CostFault]:
    """What a line cannot be without; a day out of its term is said beside the line, and keeps it from being sent."""
    is_real = terms.form_of(cost) is CostForm.REAL
    real = (CostFault(field, words) for field, words in document_faults(cost, terms))
    return [
        each for each in (real if is_real else cost_faults(cost, terms))
        if each.field in NEEDED and (each.field != "document_on" or cost.document_on is None)
        and (each.field != "milestone" or cost.milestone_id is None)
    ]  # fmt: skip


def _added(session: Session, report: CostReport, cost: Cost, terms: Terms) -> CostLine:
    if next_number(session, report_id=report.id) > MOST_LINES:
        raise Conflict(lazy_("A report has at most %(most)d lines: begin another one.", most=MOST_LINES))
    (row,) = rows_of(session, report=report, costs=[cost], terms=terms)
    line = CostLine(**row)
    session.add(line)
    return line


def _changed(session: Session, report: CostReport, line_id: UUID, cost: Cost, terms: Terms) -> CostLine:
    line = line_of(session, report, line_id)
    values = values_of(cost=replace(cost, source=line.source), terms=terms)
    mark = values["fingerprint"]
    if mark != line.fingerprint:
        first = first_of_document(session, report.grant_id, [mark] if mark else [])
        leave_document(session, line=line)
        values |= {"part_of_id": first.get(mark), "claim": Claim.WRITTEN}
    for name, value in values.items():
        setattr(line, name, value)
    return line
