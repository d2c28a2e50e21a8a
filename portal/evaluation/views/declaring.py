"""The pages on which evaluators declare: what they swear, then the names, before anything else is shown."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares, may
from portal.core.clock import now
from portal.core.errors import Invalid, InvalidForm
from portal.core.i18n import _, locale
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.evaluation import operations
from portal.evaluation.declaring_forms import StepBackForm, SwearForm, names_seen, names_ticked
from portal.evaluation.labels import LIKENESS_TOLD
from portal.evaluation.queries.declaring import DeclarationPage, declaration_page
from portal.evaluation.queries.proposal import score_page
from portal.evaluation.views.blueprint import bp

OF_ONESELF = ("fiscal_code", "street", "city", "organisations")


@bp.get("/scoring/declarations/<uuid:phase_id>")
@declares(Action.CONFLICT_ANSWER)
def declarations(phase_id: UUID) -> ResponseReturnValue:
    """What is asked now: the general declaration, or the names."""
    return _page(phase_id)


@bp.post("/scoring/declarations/<uuid:phase_id>/general")
@declares(Action.CONFLICT_ANSWER)
def swear(phase_id: UUID) -> ResponseReturnValue:
    """The general declaration; or leaving the commission."""
    form = SwearForm()
    if not form.validate():
        return _page(phase_id, 422, form=form)
    holds = form.holds.data == "yes"
    said = operations.Particulars(**{name: form[name].data or "" for name in OF_ONESELF})
    try:
        with unit_of_work() as session:
            operations.declare_in_general(
                session, phase_id=phase_id, holds=holds, reason=form.reason.data or "", particulars=said,
                language=locale(), actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _page(phase_id, show_refusal(form, refusal), form=form)
    if holds:
        return go_to(url_for("evaluation.declarations", phase_id=phase_id))
    return _left()


@bp.post("/scoring/declarations/<uuid:phase_id>/names")
@declares(Action.CONFLICT_ANSWER)
def declare_names(phase_id: UUID) -> ResponseReturnValue:
    """All the names at once: none is in conflict, or those that are ticked, each with its reason."""
    ticked = names_ticked(request.form.getlist("conflict"), request.form)
    if request.form.get("answer") != ("some" if ticked else "none"):
        return _page(phase_id, 422, faults={"answer": _("Either there is none, or tick each name and say why.")})
    try:
        with unit_of_work() as session:
            operations.answer_names(
                session, phase_id=phase_id, seen=names_seen(request.form.getlist("seen")), conflicts=ticked,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except InvalidForm as refusal:
        return _page(phase_id, 422, faults=refusal.errors)
    return _answered(bool(ticked))


@bp.post("/scoring/<uuid:assignment_id>/declaration")
@declares(Action.CONFLICT_DECLARE)
def step_back(assignment_id: UUID) -> ResponseReturnValue:
    """A conflict found while reading."""
    form = StepBackForm()
    try:
        with unit_of_work() as session:
            operations.step_back(
                session, assignment_id=assignment_id, reason=form.reason.data or "", actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        status = show_refusal(form, refusal)
        with reading() as session:
            found = score_page(session, current_actor(), assignment_id)
            return page("evaluation/step_back.html", status, assignment=found.assignment, form=form)
    return _answered(has_conflict=True)


def _answered(has_conflict: bool) -> ResponseReturnValue:
    if has_conflict:
        flash(_("Your declaration is recorded: it is closed to you, and the office has been told."))
        return go_to(url_for("desk.show"))
    flash(_("Your declaration is recorded. Thank you."))
    return go_to(url_for("evaluation.mine" if may(Action.EVALUATION_READ) else "desk.show"))


def _left() -> ResponseReturnValue:
    flash(_("You left the commission. The office has been told."))
    return go_to(url_for("desk.show"))


def _page(phase_id: UUID, status: int = 200, **given: Any) -> ResponseReturnValue:
    with reading() as session:
        found: DeclarationPage = declaration_page(session, current_actor(), phase_id)
        template = "evaluation/names.html" if found.general and found.general.holds else "evaluation/swear.html"
        context = {"form": given.get("form") or SwearForm(formdata=None), "faults": given.get("faults", {}),
                   "ticked": set(request.form.getlist("conflict")), "typed": request.form}  # fmt: skip
        return page(template, status, found=found, told=LIKENESS_TOLD, **context)
