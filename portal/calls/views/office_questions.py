"""Questions about a call, for the office: answering, correcting, setting aside, the last day."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import operations
from portal.calls.forms import AnswerForm, LastQuestionsForm, SetAsideForm
from portal.calls.models import CallQuestion
from portal.calls.queries import managed_call
from portal.calls.queries.publication import managed_question, questions_for_the_office
from portal.calls.rules.times import wall_time
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.instants import ROME
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to


@bp.get("/manage/calls/<slug>/questions")
@declares(Action.CALL_MANAGE)
def questions_received(slug: str) -> ResponseReturnValue:
    """Every question, those that wait on top."""
    return _list_page(slug, LastQuestionsForm(formdata=None), 200)


@bp.post("/manage/calls/<slug>/questions/until")
@declares(Action.CALL_ANSWER)
def last_questions(slug: str) -> ResponseReturnValue:
    """Declare until when questions are taken."""
    form = LastQuestionsForm()
    if not form.validate():
        return _list_page(slug, form, 422)
    try:
        with unit_of_work() as session:
            call = managed_call(session, slug, current_actor())
            operations.declare_last_questions(
                session, call_id=call.id, until=form.until.data, actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        form.until.errors = [str(refusal)]
        return _list_page(slug, form, 422)
    flash(_("The last day for questions is declared."))
    return go_to(url_for("calls.questions_received", slug=slug))


@bp.get("/manage/calls/<slug>/questions/<uuid:question_id>")
@declares(Action.CALL_ANSWER)
def answering(slug: str, question_id: UUID) -> ResponseReturnValue:
    """One question, with the form of its answer."""
    return _answer_page(slug, question_id, None, SetAsideForm(formdata=None), 200)


@bp.post("/manage/calls/<slug>/questions/<uuid:question_id>")
@declares(Action.CALL_ANSWER)
def answer(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Publish an answer."""
    form = AnswerForm()
    if not form.validate():
        return _answer_page(slug, question_id, form, SetAsideForm(formdata=None), 422)
    try:
        _answer(slug, question_id, form)
    except Invalid as refusal:
        form[refusal.field or "answer_it"].errors = [str(refusal)]
        return _answer_page(slug, question_id, form, SetAsideForm(formdata=None), 422)
    flash(_("Question and answer are published."))
    return go_to(url_for("calls.questions_received", slug=slug))


@bp.post("/manage/calls/<slug>/questions/<uuid:question_id>/set-aside")
@declares(Action.CALL_ANSWER)
def set_aside(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Leave a question unpublished."""
    form = SetAsideForm()
    if not form.validate():
        return _answer_page(slug, question_id, None, form, 422)
    with unit_of_work() as session:
        question = managed_question(session, slug, question_id, current_actor())
        operations.set_aside_question(
            session, question_id=question.id, reason=form.reason.data or "", actor=current_actor(), now=now()
        )
    flash(_("The question is set aside; whoever asked is told."))
    return go_to(url_for("calls.questions_received", slug=slug))


def _answer(slug: str, question_id: UUID, form: AnswerForm) -> None:
    with unit_of_work() as session:
        operations.answer_question(
            session, question_id=managed_question(session, slug, question_id, current_actor()).id,
            question_text=form.question_text.data or "", actor=current_actor(), now=now(),
            answer={"it": form.answer_it.data or "", "en": form.answer_en.data or ""},
        )  # fmt: skip


def _list_page(slug: str, form: LastQuestionsForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        call = managed_call(session, slug, current_actor())
        if call.questions_until is not None and form.until.data is None and not form.errors:
            form.until.data = wall_time(call.questions_until, ROME)
        rows = questions_for_the_office(session, call)
        return page("calls/questions_received.html", status, call=call, rows=rows, form=form)


def _answer_page(
    slug: str, question_id: UUID, form: AnswerForm | None, aside: SetAsideForm, status: int
) -> ResponseReturnValue:
    with reading() as session:
        question = managed_question(session, slug, question_id, current_actor())
        return page(
            "calls/answer.html", status, call=question.call, question=question, form=form or _filled(question),
            aside=aside,
        )  # fmt: skip


def _filled(question: CallQuestion) -> AnswerForm:
    """The form as it stands: the question as it was asked, or the answer in force to be corrected."""
    last = question.answer
    texts = last.answer_text if last else {}
    return AnswerForm(
        formdata=None, question_text=last.question_text if last else question.text,
        answer_it=texts.get("it", ""), answer_en=texts.get("en", ""),
    )  # fmt: skip
