"""The evaluator's pages: the list, the sheet beside the proposal, its files."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import InvalidForm
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import fragment_or_redirect, page, wants_fragment
from portal.core.web.respond import go_to
from portal.documents.web import send_nameless, send_stored
from portal.evaluation import operations
from portal.evaluation.declaring_forms import StepBackForm
from portal.evaluation.forms import Shown, entries_from, shown, typed
from portal.evaluation.labels import ASSIGNMENT_LABELS
from portal.evaluation.operations import StaleScore
from portal.evaluation.points import hundredths, marks_of, most_of, points_text, worth
from portal.evaluation.queries.assignments import my_assignments
from portal.evaluation.queries.declaring import declarations_due
from portal.evaluation.queries.proposal import ScorePage, proposal_file, score_page
from portal.evaluation.scoring_forms import QuestionForm
from portal.evaluation.views.blueprint import bp
from portal.evaluation.views.sheet import collided, saved_sheet

WORDS: dict[str, Any] = {
    "points_text": points_text, "marks_of": marks_of, "most_of": most_of, "worth": worth, "hundredths": hundredths,
}  # fmt: skip


@bp.get("/scoring")
@declares(Action.EVALUATION_READ)
def mine() -> ResponseReturnValue:
    """The evaluator's own list."""
    with reading() as session:
        rows = my_assignments(session, current_actor())
        due = declarations_due(session, current_actor())
        return page("evaluation/mine.html", rows=rows, due=due, labels=ASSIGNMENT_LABELS)


@bp.get("/scoring/<uuid:assignment_id>")
@declares(Action.EVALUATION_READ)
def score(assignment_id: UUID) -> ResponseReturnValue:
    """The declaration first; then the proposal and its sheet."""
    return _page(assignment_id)


@bp.post("/scoring/<uuid:assignment_id>/scores")
@declares(Action.SCORE_WRITE)
def save(assignment_id: UUID) -> ResponseReturnValue:
    """Save the draft: what can be saved is, what cannot is shown with its mend."""
    try:
        with unit_of_work() as session:
            before = score_page(session, current_actor(), assignment_id)
            sheet = typed(before.assignment.application.design.criteria, before.entries, request.form)
            saved = operations.save_scores(
                session, assignment_id=assignment_id, entries=entries_from(sheet), actor=current_actor(), now=now()
            )
    except StaleScore as stale:
        return _answer(assignment_id, collided(sheet, stale), 409)
    return _answer(assignment_id, saved_sheet(sheet, saved))


@bp.get("/scoring/<uuid:assignment_id>/check")
@declares(Action.EVALUATION_READ)
def check(assignment_id: UUID) -> ResponseReturnValue:
    """What will be final, before it is."""
    return _page(assignment_id, template="evaluation/check.html")


@bp.post("/scoring/<uuid:assignment_id>/final")
@declares(Action.SCORE_WRITE)
def finalise(assignment_id: UUID) -> ResponseReturnValue:
    """Close the sheet, then go on to the next application."""
    try:
        with unit_of_work() as session:
            operations.finalise_scores(session, assignment_id=assignment_id, actor=current_actor(), now=now())
            following = score_page(session, current_actor(), assignment_id).following
    except InvalidForm as refusal:
        return _page(assignment_id, 422, template="evaluation/check.html", faults=refusal.errors)
    flash(_("The scores are final. Thank you."))
    if following is None:
        return go_to(url_for("evaluation.mine"))
    return go_to(url_for("evaluation.score", assignment_id=following.id))


@bp.get("/scoring/<uuid:assignment_id>/files/<uuid:file_id>")
@declares(Action.EVALUATION_READ)
def file(assignment_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """One file of the proposal."""
    with reading() as session:
        found = proposal_file(session, current_actor(), assignment_id, file_id)
        return send_nameless(found.file, found.name) if found.is_nameless else send_stored(found.file)


def _page(
    assignment_id: UUID, status: int = 200, *, template: str = "evaluation/score.html", **given: Any
) -> ResponseReturnValue:
    with reading() as session:
        found = score_page(session, current_actor(), assignment_id)
        if found.assignment.awaits_declaration:
            template = "evaluation/declare.html"
        forms = {"form": StepBackForm(formdata=None), "question_form": QuestionForm(formdata=None)}
        given = {**forms, "sheet": _stored(found), "tally": found.tally, "faults": {}, **given}
        return page(template, status, found=found, **WORDS, **given)


def _stored(found: ScorePage) -> list[Shown]:
    return shown(found.assignment.application.design.criteria, found.entries) if found.entries else []


def _answer(assignment_id: UUID, sheet: list[Shown], status: int = 200) -> ResponseReturnValue:
    """The parts that a save changes; without htmx, the page again, or the one that was asked for."""
    if any(each.fault for each in sheet):
        status = 422
    if not wants_fragment() and status != 200:
        return _page(assignment_id, status, sheet=sheet)
    wanted = "evaluation.check" if request.form.get("then") == "check" else "evaluation.score"
    with reading() as session:
        found = score_page(session, current_actor(), assignment_id)
        return fragment_or_redirect(
            "evaluation/_saved.html", otherwise=url_for(wanted, assignment_id=assignment_id), status=status,
            found=found, sheet=sheet, tally=found.tally, **WORDS,
        )  # fmt: skip
