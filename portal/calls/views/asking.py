"""Questions and answers about a call, for everybody; asking, for whoever is signed in."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import operations
from portal.calls.forms import QuestionForm
from portal.calls.queries import call_by_slug
from portal.calls.queries.publication import SEARCH_FROM, answered_questions, number_of_answers
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to


@bp.get("/calls/<slug>/questions")
@declares(Action.PUBLIC_READ)
def questions(slug: str) -> ResponseReturnValue:
    """Every answered question, and the form to ask another."""
    return _questions_page(slug, QuestionForm(), 200)


@bp.post("/calls/<slug>/questions")
@declares(Action.CALL_ASK)
def ask(slug: str) -> ResponseReturnValue:
    """Ask the office."""
    form = QuestionForm()
    if not form.validate():
        return _questions_page(slug, form, 422)
    try:
        with unit_of_work() as session:
            call = call_by_slug(session, slug, current_actor())
            operations.ask_question(
                session, call_id=call.id, text=form.text.data or "", actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        form.text.errors = [str(refusal)]
        return _questions_page(slug, form, 422)
    flash(_("The question was sent. Its answer will be published here; you will find a message in your inbox."))
    return go_to(url_for("calls.questions", slug=slug))


def _questions_page(slug: str, form: QuestionForm, status: int) -> ResponseReturnValue:
    words = request.args.get("q", "")[:100].replace("\0", "")
    with reading() as session:
        call = call_by_slug(session, slug, current_actor())
        return page(
            "calls/questions.html", status, call=call, form=form, words=words, instant=now(),
            questions=answered_questions(session, call, words=words),
            can_be_searched=bool(words) or number_of_answers(session, call) > SEARCH_FROM,
        )  # fmt: skip
