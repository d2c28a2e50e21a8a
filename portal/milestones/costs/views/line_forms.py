"""The form of one cost: its fields follow from how its kind is counted."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from portal.access.web import current_actor
from portal.calls.rules import CostForm
from portal.core.actor import Actor
from portal.core.counts import format_count
from portal.core.money import format_cents
from portal.core.unit_of_work import reading
from portal.documents.receiving import arriving
from portal.documents.web import listed
from portal.milestones.costs import operations, queries
from portal.milestones.costs.forms import CHOOSE, FORMS, choose_category
from portal.milestones.costs.models import CostLine, CostReport
from portal.milestones.costs.queries import cost_of
from portal.milestones.costs.rules.faults import cost_faults
from portal.milestones.costs.rules.terms import Terms
from portal.milestones.costs.views.words import WORDS
from portal.milestones.models import Milestone

TOLD = frozenset({
    "category", "description", "document", "supplier_name", "supplier_code", "document_number", "document_on", "net",
    "vat", "vat_recoverable", "share", "cup", "paid_on", "payment_means", "payment_reference", "quantity", "milestone",
})  # fmt: skip


def form_in(report_id: UUID, actor: Actor, category: str) -> Any:
    """The form as it came, with the choices of its report."""
    with reading() as session:
        report = queries.report_to_read(session, actor, report_id)
        milestones = queries.milestones_of(session, report.grant_id)
        terms = queries.terms_of(report, queries.agreed_plan(session, report.grant_id), milestones)
        form = FORMS[_form_of(terms, category)]()
        _offer(form, terms, milestones, category)
        return form


def form_typed(form: Any) -> dict[str, Any]:
    """What was typed, by field."""
    return {name: field.data for name, field in form._fields.items() if name in TOLD}


@contextmanager
def files_of(report_id: UUID, form: Any) -> Iterator[dict[str, Any]]:
    """The files that came with it, looked at."""
    asked = partial(operations.line_files, report_id=report_id, actor=current_actor())
    with arriving(form.files.data or [], asked) as found:
        yield {"uploads": found}


def line_context(
    session: Session, report: CostReport, line_id: UUID | None, refused: Any, category: str
) -> dict[str, Any]:
    """The page of one line."""
    milestones = queries.milestones_of(session, report.grant_id)
    terms = queries.terms_of(report, queries.agreed_plan(session, report.grant_id), milestones)
    line = queries.line_of(session, report, line_id) if line_id else None
    chosen = line.category if line else category
    form = refused or FORMS[_form_of(terms, chosen)](None, data=_told(line, report, chosen))
    if refused is None:
        _offer(form, terms, milestones, chosen)
    faults = cost_faults(cost_of(line), terms, has_document=bool(line.files)) if line and not refused else []
    return {
        **WORDS, "report": report, "grant": report.grant, "line": line, "form": form, "faults": faults,
        "category": terms.categories.get(chosen), "files": _files(report, line),
    }  # fmt: skip


def _form_of(terms: Terms, category: str) -> CostForm:
    found = terms.categories.get(category)
    return found.form if found else CostForm.REAL


def _offer(form: Any, terms: Terms, milestones: Any, category: str) -> None:
    """Kinds of cost that are counted alike: another kind has other fields."""
    kind = _form_of(terms, category)
    choose_category(form.category, [each for each in terms.categories.values() if each.form is kind])
    if "milestone" in form:
        form.milestone.choices = [CHOOSE, *(SelectChoice(str(each.id), _named(each)) for each in milestones)]


def _named(milestone: Milestone) -> str:
    return f"{milestone.number}. {milestone.title}"


def _told(line: CostLine | None, report: CostReport, category: str) -> Mapping[str, Any]:
    if line is None:
        return {"category": category, "share": "100"}
    told = {name: getattr(line, name) for name in TOLD if hasattr(line, name)}
    for name, cents in (("net", line.net_cents), ("vat", line.vat_cents)):
        told[name] = None if cents is None else format_cents(cents)
    quantity = line.quantity_hundredths
    return told | {
        "share": format_count(line.share_bp), "quantity": None if quantity is None else format_count(quantity),
        "milestone": str(line.milestone_id or ""),
    }  # fmt: skip


def _files(report: CostReport, line: CostLine | None) -> list[dict[str, Any]]:
    found = []
    for each in line.files if line else ():
        at: dict[str, Any] = {"report_id": report.id, "cost_id": each.line_id, "file_id": each.file_id}
        remove = url_for("costs.remove_file", **at) if report.is_being_written else None
        found.append(listed(each.file, url=url_for("costs.download", **at), remove_url=remove))
    return found
