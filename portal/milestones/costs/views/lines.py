"""A line of a cost report: written, changed, taken out, with its files."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.documents.web import send_stored
from portal.milestones.costs import operations, queries
from portal.milestones.costs.views.acting import act
from portal.milestones.costs.views.bp import bp
from portal.milestones.costs.views.line_forms import files_of, form_in, form_typed, line_context


@bp.get("/costs/<uuid:report_id>/lines/new")
@declares(Action.COST_WRITE)
def new_line(report_id: UUID) -> ResponseReturnValue:
    """An empty line of one kind of cost."""
    return _line(report_id, None)


@bp.post("/costs/<uuid:report_id>/lines")
@declares(Action.COST_WRITE)
def add_line(report_id: UUID) -> ResponseReturnValue:
    """Keep a new line."""
    return _write(report_id, None)


@bp.get("/costs/<uuid:report_id>/lines/<uuid:cost_id>")
@declares(Action.COST_READ)
def line(report_id: UUID, cost_id: UUID) -> ResponseReturnValue:
    """One line, with its files; whoever writes the report changes it here."""
    return _line(report_id, cost_id)


@bp.post("/costs/<uuid:report_id>/lines/<uuid:cost_id>")
@declares(Action.COST_WRITE)
def change_line(report_id: UUID, cost_id: UUID) -> ResponseReturnValue:
    """Keep another content of a line."""
    return _write(report_id, cost_id)


@bp.post("/costs/<uuid:report_id>/lines/<uuid:cost_id>/remove")
@declares(Action.COST_WRITE)
def remove_line(report_id: UUID, cost_id: UUID) -> ResponseReturnValue:
    """Take a line out."""
    given = {"report_id": report_id, "line_id": cost_id}
    return act(operations.remove_line, None, _never, lambda _: url_for("costs.show", report_id=report_id), given)


@bp.get("/costs/<uuid:report_id>/lines/<uuid:cost_id>/files/<uuid:file_id>")
@declares(Action.COST_READ)
def download(report_id: UUID, cost_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """A file of a line."""
    with reading() as session:
        return send_stored(queries.file_to_read(session, current_actor(), report_id, cost_id, file_id))


@bp.post("/costs/<uuid:report_id>/lines/<uuid:cost_id>/files/<uuid:file_id>/remove")
@declares(Action.COST_WRITE)
def remove_file(report_id: UUID, cost_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Take a file off a line."""
    given = {"report_id": report_id, "line_id": cost_id, "file_id": file_id}
    leads_to = url_for("costs.line", report_id=report_id, cost_id=cost_id)
    return act(operations.remove_file, None, _never, lambda _: leads_to, given)


def _write(report_id: UUID, line_id: UUID | None) -> ResponseReturnValue:
    form = form_in(report_id, current_actor(), request.form.get("category", ""))
    given = {"report_id": report_id, "line_id": line_id, "typed": form_typed(form)}
    return act(
        operations.write_line, form, lambda refused, status: _line(report_id, line_id, refused, status),
        lambda _: url_for("costs.show", report_id=report_id), given, files_of(report_id, form),
    )  # fmt: skip


def _line(report_id: UUID, line_id: UUID | None, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        actor = current_actor()
        report = queries.report_to_read(session, actor, report_id)
        if line_id is None:
            authorise(actor, Action.COST_WRITE, report)
        shown = line_context(session, report, line_id, refused, request.args.get("category", ""))
        return page("milestones/costs/line.html", status, **shown)


def _never(_form: Any, _status: int) -> ResponseReturnValue:
    raise AssertionError("a form without fields is never shown again")
