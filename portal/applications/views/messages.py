"""Messages in the file of an application, as its team and its office see them."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.messages import operations
from portal.applications.messages.forms import MessageForm
from portal.applications.messages.queries import thread_of
from portal.applications.messages.rules import LONGEST, Side
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Invalid, TooMany
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


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
    try:
        with unit_of_work() as session:
            operations.write_message(
                session, application_id=application_id, text=form.text.data or "", actor=current_actor(), now=now()
            )
    except (Invalid, TooMany) as refusal:
        return _page(application_id, form, show_refusal(form, refusal))
    flash(_("The message is in the file, and the other side is told by mail."), "success")
    return go_to(url_for("applications.messages", application_id=application_id))


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
                    Side=Side, longest=LONGEST)  # fmt: skip
