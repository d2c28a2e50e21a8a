"""The office's page of conflicts: who declared, what the portal suggests, and what a person decided."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Conflict, Forbidden, Invalid, InvalidForm
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.evaluation import operations
from portal.evaluation.declaring_forms import DecideForm, LiftForm
from portal.evaluation.labels import LIKENESS_TOLD, SEAT_LABELS
from portal.evaluation.queries.conflict_page import conflict_page
from portal.evaluation.views.blueprint import bp

LIFT = "lift"


@bp.get("/manage/calls/<slug>/conflicts")
@declares(Action.RANKING_READ)
def conflicts(slug: str) -> ResponseReturnValue:
    """Declarations, suggestions and conflicts of a phase."""
    return _page(slug)


@bp.post("/manage/calls/<slug>/conflicts")
@declares(Action.CONFLICT_DECIDE)
def decide_conflict(slug: str) -> ResponseReturnValue:
    """A conflict, or none."""
    form = DecideForm()
    if not form.validate():
        return _page(slug, 422, form=form)
    try:
        with unit_of_work() as session:
            operations.decide_suggestion(
                session, application_id=form.application_id.data, person_id=form.person_id.data,
                is_conflict=form.is_conflict.data == "yes", reason=form.reason.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Conflict as refusal:
        return _page(slug, show_refusal(form, refusal), form=form)
    flash(_("The decision is recorded."))
    return go_to(url_for("evaluation.conflicts", slug=slug, phase=request.form.get("phase")))


@bp.post("/manage/calls/<slug>/conflicts/lifting")
@declares(Action.CONFLICT_LIFT)
def lift_conflict(slug: str) -> ResponseReturnValue:
    """A conflict holds no longer, by an act."""
    form = LiftForm(prefix=LIFT)
    with reading() as session:
        form.offer(conflict_page(session, current_actor(), slug, _phase_key(), now()).liftable)
    if not form.validate():
        return _page(slug, 422, lift_form=form)
    application_id, person_id = form.pair
    try:
        with unit_of_work() as session:
            operations.lift_conflict(
                session, application_id=application_id, person_id=person_id, reason=form.reason.data,
                act_number=form.act_number.data, act_date=form.act_date.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except (Conflict, Invalid, InvalidForm) as refusal:
        return _page(slug, show_refusal(form, refusal), lift_form=form)
    flash(_("The conflict is lifted. Who declared it is asked again on the names before anything opens."))
    return go_to(url_for("evaluation.conflicts", slug=slug, phase=request.form.get("phase")))


def _phase_key() -> str | None:
    return request.values.get("phase") or None


def _page(slug: str, status: int = 200, **given: Any) -> ResponseReturnValue:
    with reading() as session:
        found = conflict_page(session, current_actor(), slug, _phase_key(), now())
        if "form" in given and not found.may_decide:
            raise Forbidden
        return page(
            "evaluation/conflicts.html", status, found=found, told=LIKENESS_TOLD, seats=SEAT_LABELS,
            me=current_actor().person_id, form=given.get("form") or DecideForm(formdata=None),
            lift_form=given.get("lift_form") or LiftForm(formdata=None, prefix=LIFT).offer(found.liftable),
        )  # fmt: skip
