"""Questions of evaluators to applicants: asked beside the sheet, decided on by chair or office, answered through it."""

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
from portal.evaluation.clarifying import LONGEST_QUESTION
from portal.evaluation.labels import CLARIFICATION_LABELS
from portal.evaluation.queries.clarifying_page import ClarificationsPage, clarifications_page, place_of
from portal.evaluation.scoring_forms import AnswerForm, DecideForm, QuestionForm
from portal.evaluation.views.blueprint import bp


@bp.post("/scoring/<uuid:assignment_id>/clarifications")
@declares(Action.CLARIFICATION_ASK)
def ask_clarification(assignment_id: UUID) -> ResponseReturnValue:
    """Ask; a refusal is told on the scoring page."""
    form = QuestionForm()
    text = (form.question.data or "")[: LONGEST_QUESTION + 1]
    try:
        with unit_of_work() as session:
            operations.ask_clarification(
                session, assignment_id=assignment_id, question=text, actor=current_actor(), now=now()
            )
    except Refusal as refusal:
        status = show_refusal(form, refusal)
        return page("evaluation/ask.html", status, form=form, assignment_id=assignment_id)
    flash(_("The question has gone to the office, which passes it on in its own name."))
    return go_to(url_for("evaluation.score", assignment_id=assignment_id))


@bp.get("/manage/calls/<slug>/clarifications")
@declares(Action.CLARIFICATION_DECIDE)
def clarifications(slug: str) -> ResponseReturnValue:
    """The questions of a phase."""
    return _page(slug, request.args.get("phase") or None)


@bp.post("/clarifications/<uuid:clarification_id>/decision")
@declares(Action.CLARIFICATION_DECIDE)
def decide_clarification(clarification_id: UUID) -> ResponseReturnValue:
    """Pass a question on, or tell the evaluators why not."""
    form = DecideForm(prefix=prefix_of(clarification_id))
    slug, phase_key = _place(clarification_id)
    if not form.validate():
        return _page(slug, phase_key, 422, at=clarification_id, decide=form)
    operation = operations.pass_on if form.decision.data == "pass_on" else operations.not_pass_on
    try:
        with unit_of_work() as session:
            operation(session, clarification_id=clarification_id, text=form.text.data, actor=current_actor(), now=now())
    except Refusal as refusal:
        return _page(slug, phase_key, show_refusal(form, refusal), at=clarification_id, decide=form)
    flash(_("The decision is recorded."))
    return go_to(url_for("evaluation.clarifications", slug=slug, phase=phase_key))


@bp.post("/clarifications/<uuid:clarification_id>/answer")
@declares(Action.CLARIFICATION_DECIDE)
def answer_clarification(clarification_id: UUID) -> ResponseReturnValue:
    """Hand the answer over to the evaluators."""
    slug, phase_key = _place(clarification_id)
    with reading() as session:
        form = AnswerForm(prefix=prefix_of(clarification_id))
        form.offer(clarifications_page(session, current_actor(), slug, phase_key).messages.get(clarification_id, []))
        if not form.validate():
            return _page(slug, phase_key, 422, at=clarification_id, answer=form)
    try:
        with unit_of_work() as session:
            operations.hand_over_answer(session, clarification_id=clarification_id, message_id=UUID(form.message.data),
                                        actor=current_actor(), now=now())  # fmt: skip
    except Refusal as refusal:
        return _page(slug, phase_key, show_refusal(form, refusal), at=clarification_id, answer=form)
    flash(_("The evaluators of the application read the answer now."))
    return go_to(url_for("evaluation.clarifications", slug=slug, phase=phase_key))


def prefix_of(clarification_id: UUID) -> str:
    """Before the names of the fields of one question among several on the page."""
    return f"q{clarification_id.hex}-"


def _blank(form: type[Any], clarification_id: UUID, **given: Any) -> Any:
    return form(formdata=None, prefix=prefix_of(clarification_id), **given)


def _place(clarification_id: UUID) -> tuple[str, str]:
    with reading() as session:
        return place_of(session, current_actor(), clarification_id)


def _page(slug: str, phase_key: str | None, status: int = 200, **given: Any) -> ResponseReturnValue:
    with reading() as session:
        found = clarifications_page(session, current_actor(), slug, phase_key)
        return page("evaluation/clarifications.html", status, found=found, labels=CLARIFICATION_LABELS,
                    forms=_forms(found, **given), at=given.get("at"))  # fmt: skip


def _forms(
    found: ClarificationsPage,
    at: UUID | None = None,
    decide: DecideForm | None = None,
    answer: AnswerForm | None = None,
) -> dict[UUID, Any]:
    """The form that each open question waits for; the one that was sent as it was typed."""
    forms: dict[UUID, Any] = {}
    for each in found.clarifications:
        if each.awaits_decision:
            forms[each.id] = decide if each.id == at and decide else _blank(DecideForm, each.id, text=each.question)
        elif each.awaits_answer:
            forms[each.id] = answer if each.id == at and answer else _blank(AnswerForm, each.id)
            forms[each.id].offer(found.messages.get(each.id, []))
    return forms
