"""The page of a control: drawn, judged, ended, approved."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.milestones.control import operations
from portal.milestones.control.forms import LinesForm, ProposeForm, ReasonForm, SeedForm
from portal.milestones.control.queries import digest_of
from portal.milestones.control.shown import control_shown
from portal.milestones.control.views.bp import bp
from portal.milestones.costs.views.acting import act


@bp.get("/costs/<uuid:report_id>/control")
@declares(Action.CONTROL_READ)
def show(report_id: UUID) -> ResponseReturnValue:
    """What is to be checked first, then what was found."""
    return show_again(report_id)


@bp.post("/costs/<uuid:report_id>/control/sample")
@declares(Action.CONTROL_WORK)
def draw(report_id: UUID) -> ResponseReturnValue:
    """Begin the control: draw its lines."""
    form = SeedForm()
    return _act(report_id, operations.begin_control, form, {"seed": form.seed.data or ""})


@bp.post("/costs/<uuid:report_id>/control/sample/more")
@declares(Action.CONTROL_WORK)
def widen(report_id: UUID) -> ResponseReturnValue:
    """Draw as many lines again."""
    return _act(report_id, operations.widen_sample, None, {"all_of_it": False})


@bp.post("/costs/<uuid:report_id>/control/sample/all")
@declares(Action.CONTROL_WORK)
def look_at_all(report_id: UUID) -> ResponseReturnValue:
    """Look at every line that is left."""
    return _act(report_id, operations.widen_sample, None, {"all_of_it": True})


@bp.post("/costs/<uuid:report_id>/control/accepted")
@declares(Action.CONTROL_WORK)
def accept(report_id: UUID) -> ResponseReturnValue:
    """Accept lines that were looked at, as they are charged."""
    form = LinesForm()
    return _act(report_id, operations.accept_lines, form, {"numbers": form.numbers.data or []})


@bp.post("/costs/<uuid:report_id>/control/return")
@declares(Action.CONTROL_WORK)
def send_back(report_id: UUID) -> ResponseReturnValue:
    """Send the whole report back."""
    form = ReasonForm()
    return _act(report_id, operations.return_costs, form, {"reason": form.reason.data or ""})


@bp.post("/costs/<uuid:report_id>/control/proposal")
@declares(Action.CONTROL_WORK)
def propose(report_id: UUID) -> ResponseReturnValue:
    """End the control with what it found."""
    form = ProposeForm()
    seen = int(form.seen_cents.data) if (form.seen_cents.data or "").isdigit() else -1
    given = {"seen_cents": seen, "seen_sha256": form.seen_sha256.data or "", "note": form.note.data or ""}
    return _act(report_id, operations.propose_control, form, given)


@bp.post("/costs/<uuid:report_id>/control/proposal/<uuid:control_proposal_id>")
@declares(Action.CONTROL_APPROVE)
def approve(report_id: UUID, control_proposal_id: UUID) -> ResponseReturnValue:
    """Approve what a colleague has found."""
    return _act(report_id, operations.approve_control, None, {"proposal_id": control_proposal_id})


def page_of(report_id: UUID) -> str:
    """The page of a control."""
    return url_for("control.show", report_id=report_id)


def show_again(report_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    """The page, with the form that was refused."""
    with reading() as session:
        shown = control_shown(session, current_actor(), report_id, now())
        forms = {
            each: refused if isinstance(refused, kind) else kind(None)
            for each, kind in (("seed_form", SeedForm), ("lines_form", LinesForm), ("return_form", ReasonForm),
                               ("propose_form", ProposeForm))
        }  # fmt: skip
        forms["propose_form"].seen_cents.data = shown["control"].accepted_cents
        forms["propose_form"].seen_sha256.data = digest_of(shown["control"])
        return page("milestones/control/show.html", status, form=refused, **shown, **forms)


def _act(report_id: UUID, operation: Any, form: Any, given: dict[str, Any]) -> ResponseReturnValue:
    return act(operation, form, partial(show_again, report_id), lambda _: page_of(report_id),
               {"report_id": report_id} | given)  # fmt: skip
