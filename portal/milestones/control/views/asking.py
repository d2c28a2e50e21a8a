"""What the office asks about costs, and what the recipient answers."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.documents.receiving import one_arriving
from portal.documents.web import send_stored
from portal.milestones.control import operations
from portal.milestones.control.forms import AskForm, answers_in, reply_form
from portal.milestones.control.models import Clarification, ClarificationItem
from portal.milestones.control.operations.replying import Replied
from portal.milestones.control.queries import control_to_read
from portal.milestones.control.shown import WORDS, answer_file, asked_to_read
from portal.milestones.control.views.bp import bp
from portal.milestones.control.views.office import page_of
from portal.milestones.costs.views.acting import act


@bp.get("/costs/<uuid:report_id>/control/ask")
@declares(Action.CONTROL_WORK)
def asking(report_id: UUID) -> ResponseReturnValue:
    """What is to be explained, line by line, and by when."""
    return _ask(report_id)


@bp.post("/costs/<uuid:report_id>/control/ask")
@declares(Action.CONTROL_WORK)
def ask(report_id: UUID) -> ResponseReturnValue:
    """Ask it, in one registered request."""
    form = AskForm()
    given = {"report_id": report_id, "asked": form.asked, "days": form.days.data or 0}
    return act(operations.ask_clarification, form, partial(_ask, report_id), lambda _: page_of(report_id), given)


@bp.post("/costs/<uuid:report_id>/control/unanswered")
@declares(Action.CONTROL_WORK)
def close(report_id: UUID) -> ResponseReturnValue:
    """Go on without an answer."""
    return act(operations.close_clarification, None, partial(_ask, report_id), lambda _: page_of(report_id),
               {"report_id": report_id})  # fmt: skip


@bp.get("/costs/<uuid:report_id>/clarification")
@declares(Action.COST_READ)
def clarification(report_id: UUID) -> ResponseReturnValue:
    """What was asked and answered; whoever may answer does it here."""
    return _clarification(report_id)


@bp.post("/costs/<uuid:report_id>/clarification")
@declares(Action.CLARIFICATION_ANSWER)
def reply(report_id: UUID) -> ResponseReturnValue:
    """Answer every question."""
    with reading() as session:
        items = _items(asked_to_read(session, current_actor(), report_id)[1])
    form = reply_form(items)()
    here = url_for("control.clarification", report_id=report_id)
    return act(operations.reply_to_clarification, form, partial(_clarification, report_id), lambda _: here,
               {"report_id": report_id}, _replies(report_id, form, items))  # fmt: skip


@bp.get("/costs/<uuid:report_id>/clarification/files/<uuid:file_id>")
@declares(Action.COST_READ)
def download(report_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """A file that answered a question."""
    with reading() as session:
        return send_stored(answer_file(session, current_actor(), report_id, file_id))


@contextmanager
def _replies(report_id: UUID, form: Any, items: Sequence[ClarificationItem]) -> Iterator[dict[str, Any]]:
    asked = partial(operations.reply_rules, report_id=report_id, actor=current_actor())
    texts = answers_in(form, items)
    with ExitStack() as stack:
        files = {each: stack.enter_context(one_arriving(form[f"file-{each}"].data, asked)) for each in texts}
        yield {"replies": {each: Replied(text, files[each]) for each, text in texts.items()}}


def _items(requests: Sequence[Clarification]) -> list[ClarificationItem]:
    return [item for each in requests if each.ended_at is None for item in each.items]


def _ask(report_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        control = control_to_read(session, current_actor(), report_id)
        authorise(current_actor(), Action.CONTROL_WORK, control.report)
        usual = control.report.grant.application.design.control.answer_days
        form = refused or AskForm(None, data={"days": usual, "line": request.args.get("line", type=int)})
        return page("milestones/control/ask.html", status, control=control, report=control.report, form=form,
                    grant=control.report.grant, **WORDS)  # fmt: skip


def _clarification(report_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        report, requests = asked_to_read(session, current_actor(), report_id)
        form = refused or reply_form(_items(requests))(None)
        return page("milestones/control/clarification.html", status, report=report, grant=report.grant, form=form,
                    requests=requests, **WORDS)  # fmt: skip
