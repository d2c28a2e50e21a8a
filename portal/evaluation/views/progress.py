"""The pages of chair and office over an evaluation under way: its progress, its rounds, final scores opened again."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.evaluation import operations
from portal.evaluation.forms import ActForm
from portal.evaluation.points import hundredths, most_of, points_text
from portal.evaluation.queries.progress import progress_page, seated
from portal.evaluation.queries.reopenings import ReopeningPage, reopening_page
from portal.evaluation.scoring_forms import ReopenForm
from portal.evaluation.views.blueprint import bp

WORDS: dict[str, Any] = {"points_text": points_text, "most_of": most_of, "hundredths": hundredths}


@bp.get("/manage/calls/<slug>/progress")
@declares(Action.PROGRESS_READ)
def progress(slug: str) -> ResponseReturnValue:
    """How far the evaluation is."""
    return _page(slug)


@bp.post("/manage/calls/<slug>/rounds")
@declares(Action.ROUND_BEGIN)
def begin_round(slug: str) -> ResponseReturnValue:
    """Go on to the next round."""
    form, phase_key = ActForm(), request.form.get("phase") or None
    if not form.validate():
        return _page(slug, 422, form=form)
    try:
        with unit_of_work() as session:
            phase, _commission = seated(session, current_actor(), slug, phase_key, Action.ROUND_BEGIN)
            operations.begin_round(
                session, phase_id=phase.id, round_key=request.form.get("round", ""), act_number=form.act_number.data,
                act_date=form.act_date.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _page(slug, show_refusal(form, refusal), form=form)
    flash(_("The round has begun: evaluators see the applications as it says."))
    return go_to(url_for("evaluation.progress", slug=slug, phase=phase_key))


@bp.get("/evaluation/sheets/<uuid:assignment_id>")
@declares(Action.SCORE_REOPEN)
def reopening(assignment_id: UUID) -> ResponseReturnValue:
    """The final versions of a sheet, and the form that opens it again."""
    with reading() as session:
        found = reopening_page(session, current_actor(), assignment_id)
        return _reopening(found, _offered(found, ReopenForm(formdata=None)))


@bp.post("/evaluation/sheets/<uuid:assignment_id>")
@declares(Action.SCORE_REOPEN)
def reopen(assignment_id: UUID) -> ResponseReturnValue:
    """Open a final sheet again."""
    with reading() as session:
        found = reopening_page(session, current_actor(), assignment_id)
        form = _offered(found, ReopenForm())
        if not form.validate():
            return _reopening(found, form, 422)
    try:
        with unit_of_work() as session:
            operations.reopen_scores(
                session, assignment_id=assignment_id, criteria=form.criteria.data, reason=form.reason.data,
                act_number=form.act_number.data, act_date=form.act_date.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        with reading() as session:
            status = show_refusal(form, refusal)
            return _reopening(reopening_page(session, current_actor(), assignment_id), form, status)
    flash(_("The scores are open again, and their evaluator has been told. The earlier version stays."))
    return go_to(url_for("evaluation.progress", slug=found.slug, phase=found.phase_key))


def _offered(found: ReopeningPage, form: ReopenForm) -> ReopenForm:
    form.offer(found.criteria)
    return form


def _reopening(found: ReopeningPage, form: ReopenForm, status: int = 200) -> ResponseReturnValue:
    return page("evaluation/reopen.html", status, found=found, form=form, **WORDS)


def _page(slug: str, status: int = 200, *, form: ActForm | None = None) -> ResponseReturnValue:
    with reading() as session:
        found = progress_page(session, current_actor(), slug, request.values.get("phase") or None, now())
        shown = form or ActForm(formdata=None)
        return page("evaluation/progress.html", status, found=found, form=shown, **WORDS)
