"""Where somebody is signed in: looking, ending, going on."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, flash, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.operations import sessions as operations
from portal.access.policy import Action
from portal.access.queries.sessions import sessions_of
from portal.access.rules.sessions import device_of
from portal.access.views.signing_in import safe_path
from portal.access.web import current_actor, declares, signed_in
from portal.access.web.who import forget
from portal.core.clock import now
from portal.core.i18n import _, ngettext
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to

bp = Blueprint("sessions", __name__)


@bp.get("/account/sessions")
@declares(Action.ACCOUNT_MANAGE)
def show() -> ResponseReturnValue:
    """Every sign-in under way, this one marked."""
    actor = current_actor()
    with reading() as db:
        rows = sessions_of(db, actor.person_id, now())
        found = [(row, device_of(row.user_agent)) for row in rows]
        return page("access/sessions.html", sessions=found, this_one=actor.session_id)


@bp.post("/account/sessions/<uuid:sign_in_id>/end")
@declares(Action.ACCOUNT_MANAGE)
def end(sign_in_id: UUID) -> ResponseReturnValue:
    """End one; its browser is signed out at its next click."""
    with unit_of_work() as db:
        operations.end_session(db, sign_in_id=sign_in_id, actor=current_actor(), now=now())
    flash(_("That sign-in has ended."), "success")
    return go_to(url_for("sessions.show"))


@bp.post("/account/sessions/end-others")
@declares(Action.ACCOUNT_MANAGE)
def end_others() -> ResponseReturnValue:
    """End all but this one."""
    with unit_of_work() as db:
        ended = operations.end_other_sessions(db, actor=current_actor(), now=now())
    flash(ngettext("%(num)d other sign-in has ended.", "%(num)d other sign-ins have ended.", ended), "success")
    return go_to(url_for("sessions.show"))


@bp.post("/session/extend")
@declares(Action.ACCOUNT_MANAGE)
def extend() -> ResponseReturnValue:
    """Go on with this sign-in; a script hears for how long, a plain form returns to its page."""
    with unit_of_work() as db:
        operations.extend_session(db, actor=current_actor(), now=now())
    forget()
    sign_in = signed_in()
    if request.accept_mimetypes.best == "application/json" and sign_in is not None:
        return jsonify(left=int((sign_in.idle_end - now()).total_seconds()))
    held_by = urlsplit(request.referrer or "")
    return go_to((safe_path(held_by.path) if held_by.netloc == request.host else None) or url_for("desk.show"))
