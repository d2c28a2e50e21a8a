"""The coach logs a session, or takes one back."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.coaching import operations, queries
from portal.coaching.forms import SessionForm, WithdrawForm, values_of
from portal.coaching.rules import instant_in_rome
from portal.coaching.views.blueprint import bp
from portal.coaching.views.shown import shown_of
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


@bp.post("/engagements/<uuid:engagement_id>/sessions")
@declares(Action.SESSION_LOG)
def log(engagement_id: UUID) -> ResponseReturnValue:
    """Log a session."""
    form = SessionForm()
    with reading() as session:
        shown = shown_of(session, engagement_id, form=form)
    if not shown["may_log"]:
        raise NotFound
    if not form.validate():
        return page("coaching/show.html", 422, **shown)
    try:
        with unit_of_work() as session:
            operations.log_session(
                session, engagement_id=engagement_id, starts_at=instant_in_rome(form.starts_at.data),
                actor=current_actor(), now=now(), **values_of(form),
            )  # fmt: skip
    except Refusal as refusal:
        return _log_refused(engagement_id, form, refusal)
    return go_to(url_for("coaching.show", engagement_id=engagement_id))


@bp.post("/sessions/<uuid:session_id>/withdraw")
@declares(Action.SESSION_LOG)
def withdraw(session_id: UUID) -> ResponseReturnValue:
    """Take a session back that the team has not confirmed."""
    form = WithdrawForm().about(session_id)
    if not form.validate():
        return _withdraw_refused(session_id, form, 422)
    try:
        with unit_of_work() as session:
            row = operations.withdraw_session(
                session, session_id=session_id, reason=form.reason.data, actor=current_actor(), now=now()
            )
            location = url_for("coaching.show", engagement_id=row.engagement_id)
    except Invalid as refusal:
        return _withdraw_refused(session_id, form, show_refusal(form, refusal))
    return go_to(location)


def _log_refused(engagement_id: UUID, form: SessionForm, refusal: Refusal) -> ResponseReturnValue:
    status = show_refusal(form, refusal)
    with reading() as session:
        return page("coaching/show.html", status, **shown_of(session, engagement_id, form=form))


def _withdraw_refused(session_id: UUID, form: WithdrawForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        row = queries.session_for(session, current_actor(), Action.SESSION_LOG, session_id)
        shown = shown_of(session, row.engagement_id)
        shown["withdraw_forms"][session_id] = form
        return page("coaching/show.html", status, **shown)
