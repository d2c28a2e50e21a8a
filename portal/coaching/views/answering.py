"""The team confirms a session, or says what is not right."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.coaching import operations, queries
from portal.coaching.forms import DisputeForm
from portal.coaching.models import CoachingSession
from portal.coaching.views.blueprint import bp
from portal.coaching.views.shown import shown_of
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import fragment_or_redirect, page, wants_fragment
from portal.core.web.forms import show_refusal


@bp.post("/sessions/<uuid:session_id>/confirm")
@declares(Action.SESSION_ANSWER)
def confirm(session_id: UUID) -> ResponseReturnValue:
    """The team confirms a session."""
    with unit_of_work() as session:
        row = operations.confirm_session(session, session_id=session_id, actor=current_actor(), now=now())
    return _answered(row)


@bp.post("/sessions/<uuid:session_id>/dispute")
@declares(Action.SESSION_ANSWER)
def dispute(session_id: UUID) -> ResponseReturnValue:
    """The team disputes a session, with its reason."""
    form = DisputeForm().about(session_id)
    if not form.validate():
        return _dispute_refused(session_id, form, 422)
    try:
        with unit_of_work() as session:
            row = operations.dispute_session(
                session, session_id=session_id, reason=form.reason.data, actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        return _dispute_refused(session_id, form, show_refusal(form, refusal))
    return _answered(row)


def _dispute_refused(session_id: UUID, form: DisputeForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        row = queries.session_for(session, current_actor(), Action.SESSION_ANSWER, session_id)
        shown = shown_of(session, row.engagement_id)
        shown["form"] = shown["dispute_forms"][session_id] = form
        template = "coaching/_sessions.html" if wants_fragment() else "coaching/show.html"
        return page(template, status, **shown)


def _answered(row: CoachingSession) -> ResponseReturnValue:
    otherwise = url_for("coaching.show", engagement_id=row.engagement_id)
    with reading() as session:
        shown = shown_of(session, row.engagement_id) if wants_fragment() else {}
        return fragment_or_redirect("coaching/_sessions.html", otherwise=otherwise, **shown)
