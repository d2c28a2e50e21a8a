"""Costs that nobody types: electronic invoices, a spreadsheet with its template."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.core.unit_of_work import reading
from portal.core.web import page, wants_fragment
from portal.core.web.tables import table_file
from portal.documents.receiving import arriving, arriving_as
from portal.milestones.costs import operations, queries
from portal.milestones.costs.forms import InvoicesForm, SheetForm
from portal.milestones.costs.template import template_heads, template_rows
from portal.milestones.costs.views.acting import act
from portal.milestones.costs.views.bp import bp
from portal.milestones.costs.views.reports import show_again
from portal.milestones.costs.views.words import WORDS


@bp.post("/costs/<uuid:report_id>/invoices")
@declares(Action.COST_WRITE)
def invoices(report_id: UUID) -> ResponseReturnValue:
    """Read electronic invoices: a line each."""
    form = InvoicesForm()
    return act(
        operations.read_invoices, form, lambda refused, status: show_again(report_id, refused, status),
        lambda numbers: url_for("costs.show", report_id=report_id, after=numbers[0] - 1), {"report_id": report_id},
        _invoices(report_id, form),
    )  # fmt: skip


@bp.get("/costs/<uuid:report_id>/sheet")
@declares(Action.COST_WRITE)
def sheet(report_id: UUID) -> ResponseReturnValue:
    """Have a spreadsheet read, and what came of the last one."""
    return _sheet(report_id)


@bp.post("/costs/<uuid:report_id>/sheet")
@declares(Action.COST_WRITE)
def ask_sheet(report_id: UUID) -> ResponseReturnValue:
    """Have this spreadsheet read in the background."""
    form = SheetForm()
    asked = partial(operations.sheet_file, report_id=report_id, actor=current_actor())
    return act(
        operations.ask_import, form, lambda refused, status: _sheet(report_id, refused, status),
        lambda _: url_for("costs.sheet", report_id=report_id), {"report_id": report_id},
        arriving_as("upload", form.sheet.data or None, asked),
    )  # fmt: skip


@bp.get("/costs/<uuid:report_id>/template.<kind>")
@declares(Action.COST_WRITE)
def template(report_id: UUID, kind: str) -> ResponseReturnValue:
    """The spreadsheet to fill in: the heads of its columns, and one row as an example."""
    with reading() as session:
        report = queries.report_to_read(session, current_actor(), report_id)
        authorise(current_actor(), Action.COST_WRITE, report)
        plan, milestones = queries.agreed_plan(session, report.grant_id), ()
        terms = queries.terms_of(report, plan, milestones)
        return table_file(kind, f"costs-{report.grant.reference}", "Costs", template_heads(), template_rows(terms))


def _sheet(report_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        report = queries.report_to_read(session, current_actor(), report_id)
        authorise(current_actor(), Action.COST_WRITE, report)
        newest = queries.newest_import(session, report_id)
        template = "milestones/costs/_import.html" if wants_fragment() else "milestones/costs/sheet.html"
        return page(template, status, report=report, grant=report.grant, newest=newest,
                    sheet_form=refused or SheetForm(None), form=refused, **WORDS)  # fmt: skip


@contextmanager
def _invoices(report_id: UUID, form: InvoicesForm) -> Iterator[dict[str, Any]]:
    asked = partial(operations.invoice_files, report_id=report_id, actor=current_actor())
    with arriving(form.invoices.data or [], asked) as found:
        yield {"uploads": found}
