"""The page on which evaluators of an application agree on marks that lie apart."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.evaluation import operations
from portal.evaluation.points import hundredths, most_of, parse_points, points_text
from portal.evaluation.queries.discussions import discussion_page
from portal.evaluation.scoring_forms import NoteForm
from portal.evaluation.views.blueprint import bp

WORDS: dict[str, Any] = {"points_text": points_text, "most_of": most_of, "hundredths": hundredths}


@bp.get("/discussions/<uuid:application_id>")
@declares(Action.DISCUSSION_READ)
def discussion(application_id: UUID) -> ResponseReturnValue:
    """What lies apart, what is proposed, what was said."""
    return _page(application_id)


@bp.post("/discussions/<uuid:application_id>/notes")
@declares(Action.DISCUSSION_WRITE)
def write_note(application_id: UUID) -> ResponseReturnValue:
    """Say something."""
    form = NoteForm()
    if not form.validate():
        return _page(application_id, 422, note_form=form)
    try:
        with unit_of_work() as session:
            operations.write_note(
                session, application_id=application_id, text=form.text.data, actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        return _page(application_id, show_refusal(form, refusal), note_form=form)
    return go_to(url_for("evaluation.discussion", application_id=application_id) + "#notes")


@bp.post("/discussions/<uuid:application_id>/marks")
@declares(Action.MARK_AGREE)
def propose(application_id: UUID) -> ResponseReturnValue:
    """Report one mark for everybody."""
    criterion, typed = request.form.get("criterion", ""), request.form
    try:
        with unit_of_work() as session:
            operations.propose_mark(
                session, application_id=application_id, criterion=criterion, reason=typed.get("reason", ""),
                points=_points(session, application_id, criterion, typed), actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _page(application_id, 422, faults={refusal.field: refusal.message}, typed=typed)
    flash(_("The mark is proposed: it holds once every evaluator of the application has assented."))
    return go_to(url_for("evaluation.discussion", application_id=application_id))


@bp.post("/discussions/marks/<uuid:mark_id>/assent")
@declares(Action.MARK_AGREE)
def assent(mark_id: UUID) -> ResponseReturnValue:
    """Make the mark one's own too."""
    with unit_of_work() as session:
        mark = operations.assent(session, mark_id=mark_id, actor=current_actor(), now=now())
        address = url_for("evaluation.discussion", application_id=mark.application_id)
    flash(_("Your assent is recorded."))
    return go_to(address)


def _points(session: Session, application_id: UUID, key: str, typed: Mapping[str, str]) -> int | None:
    lines = discussion_page(session, current_actor(), application_id).to_agree
    criterion = next((each.criterion for each in lines if each.criterion.key == key), None)
    if criterion is None:
        raise NotFound
    return parse_points(typed.get("points", ""), most_of(criterion), f"points-{key}")


def _page(application_id: UUID, status: int = 200, **given: Any) -> ResponseReturnValue:
    with reading() as session:
        found = discussion_page(session, current_actor(), application_id)
        shown: dict[str, Any] = {"note_form": NoteForm(formdata=None), "faults": {}, "typed": {}}
        return page("evaluation/discussion.html", status, found=found, **WORDS, **(shown | given))
