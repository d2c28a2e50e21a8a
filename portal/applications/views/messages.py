"""Messages in the file of an application, as its team and its office see them."""

from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.messages import operations
from portal.applications.messages.files import message_file_for, message_rules, reading_side
from portal.applications.messages.forms import MessageForm
from portal.applications.messages.queries import Thread, thread_of
from portal.applications.messages.rules import LONGEST, Side, is_shown
from portal.applications.models import ApplicationMessage
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Invalid, TooMany
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.models import FileSignature, StoredFile
from portal.documents.queries import signatures_of
from portal.documents.receiving import arriving
from portal.documents.web import listed, send_stored


class Shown(NamedTuple):
    """The files of a message on the page of a reader: what they see, and how many they do not, and why."""

    files: list[dict[str, Any]]
    blocked: int
    waiting: int
    is_mine_blocked: bool


@bp.get("/applications/<uuid:application_id>/messages")
@declares(Action.MESSAGE_READ)
def messages(application_id: UUID) -> ResponseReturnValue:
    """What team and office wrote to each other."""
    return _page(application_id, MessageForm(formdata=None))


@bp.post("/applications/<uuid:application_id>/messages")
@declares(Action.MESSAGE_WRITE)
def write_message(application_id: UUID) -> ResponseReturnValue:
    """Write to the other side."""
    form = MessageForm()
    if not form.validate():
        return _page(application_id, form, 422)
    asked = partial(message_rules, application_id=application_id, actor=current_actor())
    try:
        with arriving(form.files.data or [], asked) as files, unit_of_work() as session:
            operations.write_message(
                session, application_id=application_id, text=form.text.data or "", uploads=files,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except (Invalid, TooMany) as refusal:
        return _page(application_id, form, show_refusal(form, refusal))
    flash(_("The message is in the file of the application."), "success")
    return go_to(url_for("applications.messages", application_id=application_id))


@bp.get("/applications/<uuid:application_id>/messages/files/<uuid:attachment_id>")
@declares(Action.MESSAGE_READ)
def message_file(application_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """A file of a message, to whoever may read the messages."""
    with reading() as session:
        return send_stored(message_file_for(session, application_id, attachment_id, current_actor()))


@bp.post("/applications/<uuid:application_id>/messages/read")
@declares(Action.MESSAGE_WRITE)
def read_messages(application_id: UUID) -> ResponseReturnValue:
    """Nothing is to be answered: one's own side has read it."""
    with unit_of_work() as session:
        operations.mark_read(session, application_id=application_id, actor=current_actor(), now=now())
    flash(_("Marked as read."), "success")
    return go_to(url_for("applications.messages", application_id=application_id))


def _page(application_id: UUID, form: MessageForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        thread = thread_of(session, application_id, current_actor())
        return page("applications/messages.html", status, thread=thread, messages=thread.messages, form=form,
                    files=_files(session, thread), Side=Side, longest=LONGEST)  # fmt: skip


def _files(session: Session, thread: Thread) -> dict[UUID, Shown]:
    """The files of each message as the reader sees them."""
    side = reading_side(thread.application, current_actor())
    signatures = signatures_of(session, [row.file for each in thread.messages for row in each.files])
    return {each.id: _shown(thread, each, side, signatures) for each in thread.messages if each.files}


def _shown(
    thread: Thread, message: ApplicationMessage, side: Side, signatures: dict[UUID, list[FileSignature]]
) -> Shown:
    is_own = message.side is side
    seen = [row.file for row in message.files if is_shown(row.file.scan_state, is_own=is_own)]
    hidden = [row.file for row in message.files if row.file not in seen]
    return Shown(
        [_listed(thread, file, signatures) for file in seen],
        blocked=sum(file.is_blocked for file in hidden), waiting=sum(not file.is_blocked for file in hidden),
        is_mine_blocked=is_own and any(file.is_blocked for file in seen),
    )  # fmt: skip


def _listed(thread: Thread, file: StoredFile, signatures: dict[UUID, list[FileSignature]]) -> dict[str, Any]:
    url = url_for("applications.message_file", application_id=thread.application.id, attachment_id=file.id)
    return listed(file, url=url, signatures=signatures.get(file.id, []))
