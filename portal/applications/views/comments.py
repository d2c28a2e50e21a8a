"""The comments of a team on a section of its draft."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.comments import operations
from portal.applications.comments.forms import CommentForm, ReplyForm
from portal.applications.comments.queries import comments_of
from portal.applications.comments.rules import LONGEST
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Invalid, TooMany
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.errors import status_of
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


@bp.get("/applications/<uuid:application_id>/comments/<key>")
@declares(Action.DRAFT_READ)
def comments(application_id: UUID, key: str) -> ResponseReturnValue:
    """What the team says of a section."""
    return _page(application_id, key, CommentForm(formdata=None, about=request.args.get("about", "")))


@bp.post("/applications/<uuid:application_id>/comments/<key>")
@declares(Action.COMMENT_WRITE)
def write_comment(application_id: UUID, key: str) -> ResponseReturnValue:
    """Say something about it."""
    form = CommentForm()
    with reading() as session:
        form.offer(comments_of(session, application_id, key, current_actor()).section)
    if not form.validate():
        return _page(application_id, key, form, 422)
    try:
        with unit_of_work() as session:
            comment = operations.write_comment(
                session, application_id=application_id, section_key=key, question_key=form.about.data or None,
                text=form.text.data or "", actor=current_actor(), now=now(),
            )  # fmt: skip
            location = _place(application_id, key, comment.id)
    except (Invalid, TooMany) as refusal:
        return _page(application_id, key, form, show_refusal(form, refusal))
    flash(_("The comment is there, and your team is told."), "success")
    return go_to(location)


@bp.post("/applications/<uuid:application_id>/comments/<key>/<uuid:comment_id>/reply")
@declares(Action.COMMENT_WRITE)
def reply_to_comment(application_id: UUID, key: str, comment_id: UUID) -> ResponseReturnValue:
    """Answer a comment."""
    form = ReplyForm()
    try:
        with unit_of_work() as session:
            operations.reply_to_comment(
                session, application_id=application_id, comment_id=comment_id, text=form.text.data or "",
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except (Invalid, TooMany) as refusal:
        form.text.errors = [str(refusal)]
        return _page(application_id, key, CommentForm(formdata=None), status_of(refusal), (comment_id, form))
    return go_to(_place(application_id, key, comment_id))


@bp.post("/applications/<uuid:application_id>/comments/<key>/<uuid:comment_id>/resolve")
@declares(Action.COMMENT_WRITE)
def resolve_comment(application_id: UUID, key: str, comment_id: UUID) -> ResponseReturnValue:
    """Settle a comment."""
    with unit_of_work() as session:
        operations.resolve_comment(
            session, application_id=application_id, comment_id=comment_id, actor=current_actor(), now=now()
        )
    flash(_("The comment is settled. It stays here to be read."), "success")
    return go_to(_place(application_id, key, comment_id))


def _place(application_id: UUID, key: str, comment_id: UUID) -> str:
    anchor = f"comment-{comment_id}"
    return url_for("applications.comments", application_id=application_id, key=key, _anchor=anchor)


def _page(
    application_id: UUID, key: str, form: CommentForm, status: int = 200,
    answering: tuple[UUID, ReplyForm] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    with reading() as session:
        found = comments_of(session, application_id, key, current_actor())
        return page(
            "applications/comments.html", status, found=found, application=found.application, longest=LONGEST,
            form=form.offer(found.section), answering=answering,
        )  # fmt: skip
