"""Writing a note on the page of a team."""

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.coaching.notes.forms import NoteForm
from portal.coaching.notes.operations import write_note
from portal.coaching.notes.rules import Readers
from portal.coaching.queries import engagement_to_read
from portal.coaching.views.shown import shown_of
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("coaching_notes", __name__)


@bp.post("/engagements/<uuid:engagement_id>/notes")
@declares(Action.NOTE_WRITE)
def write(engagement_id: UUID) -> ResponseReturnValue:
    """Write a note."""
    form = NoteForm()
    with reading() as session:
        engagement = engagement_to_read(session, current_actor(), engagement_id)
        authorise(current_actor(), Action.NOTE_WRITE, engagement)
        form.offer(is_coach=engagement.coach_id == current_actor().person_id)
    if not form.validate():
        return _refused(engagement_id, form, 422)
    try:
        with unit_of_work() as session:
            write_note(session, engagement_id=engagement_id, what=form.what.data, readers=Readers(form.readers.data),
                       actor=current_actor(), now=now())  # fmt: skip
    except Invalid as refusal:
        return _refused(engagement_id, form, show_refusal(form, refusal))
    return go_to(url_for("coaching.show", engagement_id=engagement_id) + "#notes")


def _refused(engagement_id: UUID, form: NoteForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        return page("coaching/show.html", status, **shown_of(session, engagement_id) | {"note_form": form})
