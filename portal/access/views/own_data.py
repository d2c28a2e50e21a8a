"""One's own data: what is held, a copy of it, requests to the data protection officer."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.copies import archive_name, archive_of
from portal.access.forms.own_data import AskForm
from portal.access.labels import OUTCOME_TONES, REQUEST_KINDS, REQUEST_OUTCOMES
from portal.access.operations import own_data as operations
from portal.access.policy import Action
from portal.access.queries import own_data as queries
from portal.access.rules.own_data import RequestKind
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("privacy", __name__)
WORDS: dict[str, Any] = {"kinds": REQUEST_KINDS, "outcomes": REQUEST_OUTCOMES, "tones": OUTCOME_TONES}


@bp.get("/account/data")
@declares(Action.OWN_DATA)
def own() -> ResponseReturnValue:
    """What is held about whoever asks, by purpose, and what they can do about it."""
    with reading() as session:
        return page("privacy/own.html", data=queries.own_data(session, current_actor()), **WORDS)


@bp.post("/account/data/download")
@declares(Action.OWN_DATA)
def download() -> ResponseReturnValue:
    """The copy as an archive; a long one is made by the worker."""
    instant = now()
    with unit_of_work(once=False) as session:
        document = operations.take_copy(session, actor=current_actor(), now=instant)
    if document is not None:
        return _archive(archive_of(document, at=instant), archive_name(instant))
    flash(_("There is much to copy: a notice on your desk tells you when the copy is ready."), "success")
    return go_to(url_for("privacy.own"))


@bp.get("/account/data/copies/<uuid:copy_id>")
@declares(Action.OWN_DATA)
def made_copy(copy_id: UUID) -> ResponseReturnValue:
    """A copy that the worker made."""
    with reading() as session:
        copy = queries.own_copy(session, copy_id, current_actor())
        return _archive(copy.content or b"", archive_name(copy.asked_at))


@bp.get("/account/data/ask")
@declares(Action.OWN_DATA)
def asking() -> ResponseReturnValue:
    """The form of a request; `?kind=` chooses what is asked."""
    kind = request.args.get("kind", "")
    given = {"kind": kind} if kind in set(RequestKind) else {}
    with reading() as session:
        return page("privacy/ask.html", form=_ask_form(session, AskForm(None, data=given)))


@bp.post("/account/data/ask")
@declares(Action.OWN_DATA)
def ask() -> ResponseReturnValue:
    """Send a request to the data protection officer."""
    form = AskForm()
    with reading() as session:
        if not _ask_form(session, form).validate():
            return page("privacy/ask.html", 422, form=form)
    try:
        with unit_of_work() as session:
            operations.ask(
                session, kind=RequestKind(form.kind.data), text=form.text.data or "",
                authority_id=UUID(form.authority.data), actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        status = show_refusal(form, refusal)
        return page("privacy/ask.html", status, form=form)
    flash(_("Your request was sent. The answer comes within a month."), "success")
    return go_to(url_for("privacy.own"))


def _ask_form(session: Session, form: Any) -> Any:
    authorities = queries.authorities_that_hold(session, current_actor())
    form.authority.choices = [(str(each.id), each.name) for each in authorities]
    return form


def _archive(content: bytes, name: str) -> Response:
    response = Response(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Cache-Control"] = "no-store"
    return response
