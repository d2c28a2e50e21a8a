"""How a grant ends before its time: choosing the kind, the reply, the act with its effect."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.access.web.acting import NO_FILE
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.receiving import arriving_as
from portal.documents.web import send_stored
from portal.grants.changes import labels, operations, queries
from portal.grants.changes.ends_shown import shown_of, typed_act
from portal.grants.changes.forms import ActForm, NoticeForm, ReasonForm, ReplyForm
from portal.grants.changes.rules import kinds_open_to
from portal.grants.labels import LABELS, TONES
from portal.grants.queries import grant_to_read
from portal.grants.rules import local_day
from portal.grants.views.bp import bp


@bp.get("/grants/<uuid:grant_id>/end")
@declares(Action.GRANT_READ)
def end(grant_id: UUID) -> ResponseReturnValue:
    """What can end this grant, what is under way, and the acts that were taken."""
    return _page(grant_id)


@bp.post("/grants/<uuid:grant_id>/end/notice")
@declares(Action.PROCEEDING_OPEN)
def notice(grant_id: UUID) -> ResponseReturnValue:
    """Tell the recipient what is about to happen."""
    form = NoticeForm()
    with reading() as session:
        form.offer(kinds_open_to(grant_to_read(session, current_actor(), grant_id).status))
    return _take(grant_id, form, operations.open_proceeding, form.typed)


@bp.post("/grants/<uuid:grant_id>/end/drop")
@declares(Action.PROCEEDING_OPEN)
def drop(grant_id: UUID) -> ResponseReturnValue:
    """Close proceedings without an act."""
    form = ReasonForm()
    return _take(grant_id, form, operations.drop_proceeding, lambda: {"reason": form.reason.data})


@bp.post("/grants/<uuid:grant_id>/end/renunciation")
@declares(Action.PROCEEDING_REPLY)
def renounce(grant_id: UUID) -> ResponseReturnValue:
    """The recipient renounces."""
    form = ReasonForm()
    return _take(grant_id, form, operations.declare_renunciation, lambda: {"reason": form.reason.data})


@bp.post("/grants/<uuid:grant_id>/end/renunciation/back")
@declares(Action.PROCEEDING_REPLY)
def take_back(grant_id: UUID) -> ResponseReturnValue:
    """It takes it back."""
    form = ReasonForm()
    return _take(grant_id, form, operations.take_back_renunciation, lambda: {"reason": form.reason.data})


@bp.post("/grants/<uuid:grant_id>/end/reply")
@declares(Action.PROCEEDING_REPLY)
def reply(grant_id: UUID) -> ResponseReturnValue:
    """The recipient replies."""
    form = ReplyForm()
    asked = partial(operations.reply_rules, grant_id=grant_id, actor=current_actor())
    file = arriving_as("upload", form.file.data or None, asked)
    return _take(grant_id, form, operations.reply_to_proceeding, lambda: {"reply": form.reply.data}, file)


@bp.get("/grants/<uuid:grant_id>/end/replies/<uuid:file_id>")
@declares(Action.GRANT_READ)
def reply_file(grant_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """The file of a reply."""
    with reading() as session:
        return send_stored(queries.reply_file_of(session, current_actor(), grant_id, file_id))


@bp.post("/grants/<uuid:grant_id>/end/act")
@declares(Action.GRANT_END)
def act(grant_id: UUID) -> ResponseReturnValue:
    """Take the act."""
    form = ActForm()
    return _take(grant_id, form, operations.end_grant, lambda: {"act": typed_act(form)})


def _take(
    grant_id: UUID, form: Any, operation: Any, fields: Callable[[], dict[str, Any]],
    file: AbstractContextManager[dict[str, Any]] = NO_FILE,
) -> ResponseReturnValue:  # fmt: skip
    """Take one step; a form that is refused comes back as it was typed."""
    if not form.validate():
        return _page(grant_id, form, 422)
    try:
        with file as given, unit_of_work() as session:
            operation(session, grant_id=grant_id, actor=current_actor(), now=now(), **fields(), **given)
    except Refusal as refusal:
        if refusal.field is None and not hasattr(refusal, "errors"):
            raise
        return _page(grant_id, form, show_refusal(form, refusal))
    return go_to(url_for("grants.end", grant_id=grant_id))


def _page(grant_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        grant = grant_to_read(session, current_actor(), grant_id)
        forms = {name: refused if isinstance(refused, kind) else kind(None) for name, kind in FORMS.items()}
        forms["notice_form"].offer(kinds_open_to(grant.status))
        return page(
            "grants/changes/end.html", status, grant=grant, labels=labels, label=LABELS[grant.status],
            tone=TONES[grant.status], kinds=kinds_open_to(grant.status), **shown_of(session, grant, local_day(now())),
            **forms,
        )  # fmt: skip


FORMS: dict[str, Any] = {
    "notice_form": NoticeForm, "reason_form": ReasonForm, "reply_form": ReplyForm, "act_form": ActForm,
}  # fmt: skip
