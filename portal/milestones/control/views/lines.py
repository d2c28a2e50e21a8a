"""One line under control, and the checklist."""

from functools import partial
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.errors import Invalid
from portal.core.money import format_cents
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.milestones.control import operations
from portal.milestones.control.forms import OutcomeForm, checklist_form, told_in
from portal.milestones.control.queries import control_to_read
from portal.milestones.control.shown import WORDS, line_shown
from portal.milestones.control.views.bp import bp
from portal.milestones.control.views.office import page_of
from portal.milestones.costs.queries import line_of, report_to_read
from portal.milestones.costs.views.acting import act


@bp.get("/costs/<uuid:report_id>/control/lines/<uuid:cost_id>")
@declares(Action.CONTROL_READ)
def line(report_id: UUID, cost_id: UUID) -> ResponseReturnValue:
    """A line with its documents, and what was found on it."""
    return _line(report_id, cost_id)


@bp.post("/costs/<uuid:report_id>/control/lines/<uuid:cost_id>")
@declares(Action.CONTROL_WORK)
def judge(report_id: UUID, cost_id: UUID) -> ResponseReturnValue:
    """Say what stands of it."""
    form = OutcomeForm()
    again = partial(_line, report_id, cost_id)
    try:
        cents = form.accepted_cents if form.accepted.data else 0
    except Invalid as refusal:
        form.validate()
        return again(form, show_refusal(form, refusal))
    given = {"report_id": report_id, "line_number": _number(report_id, cost_id), "accepted_cents": cents,
             "reason": form.reason.data or "", "seen_number": form.seen.data}  # fmt: skip
    return act(operations.judge_line, form, again, lambda _: page_of(report_id), given)


@bp.get("/costs/<uuid:report_id>/control/checklist")
@declares(Action.CONTROL_READ)
def checklist(report_id: UUID) -> ResponseReturnValue:
    """The questions of the control, with their answers."""
    return _checklist(report_id)


@bp.post("/costs/<uuid:report_id>/control/checklist")
@declares(Action.CONTROL_WORK)
def answer(report_id: UUID) -> ResponseReturnValue:
    """Keep the answers."""
    with reading() as session:
        questions = control_to_read(session, current_actor(), report_id).checklist
    form = checklist_form(questions)()
    given = {"report_id": report_id, "told": told_in(form, questions) if form.validate() else {}}
    return act(operations.answer_checklist, form, partial(_checklist, report_id), lambda _: page_of(report_id), given)


def _number(report_id: UUID, cost_id: UUID) -> int:
    with reading() as session:
        return line_of(session, report_to_read(session, current_actor(), report_id), cost_id).number


def _line(report_id: UUID, cost_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        shown = line_shown(session, current_actor(), report_id, cost_id)
        newest = shown["control"].outcomes.get(shown["line"].number)
        stands = newest.accepted_cents if newest else shown["line"].charged_cents
        known = {"accepted": format_cents(stands), "reason": newest.reason if newest else None}
        form = refused or OutcomeForm(None, data=known | {"seen": newest.number if newest else 0})
        return page("milestones/control/line.html", status, form=form, **shown)


def _checklist(report_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        control = control_to_read(session, current_actor(), report_id)
        known = {f"answer-{key}": each.answer.value for key, each in control.answers.items()}
        known |= {f"note-{key}": each.note or "" for key, each in control.answers.items()}
        form = refused or checklist_form(control.checklist)(None, data=known)
        return page("milestones/control/checklist.html", status, control=control, report=control.report, form=form,
                    grant=control.report.grant, **WORDS)  # fmt: skip
