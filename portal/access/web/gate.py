"""The door of every route: what it declares is judged, and the second factor that it needs is asked for.

Whatever somebody typed comes back: to a visitor whose session has ended, and to whoever must first give a second
factor. One form stays one effect: it is sent again under its own key.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed, lacks_proof
from portal.access.web.leading import ask_for_files, lead_to_sign_in, sign_in_again, sign_in_ends
from portal.access.web.proving import ask_for_proof, first_for
from portal.access.web.refused import record_refused_money_move
from portal.access.web.who import bearer, current_actor, load, may, signed_in
from portal.core.actor import ANONYMOUS
from portal.core.clock import now
from portal.core.db import db_session
from portal.core.errors import Forbidden, Refusal
from portal.core.unit_of_work import record_refusal, refusal_recorders
from portal.core.web.security import SAFE_METHODS
from portal.core.web.typed import files_are_missing, typed_in_form

F = TypeVar("F", bound=Callable[..., ResponseReturnValue])
OPEN_TO_HALF = frozenset({Action.SECOND_FACTOR, Action.SIGN_OUT})
"""What the holder of a half session may do besides what is for everybody; and setting up the first factor."""


def init_access(app: Flask) -> None:
    """Install sign-in, `may`, `current_actor` and the recorder of refused money moves."""
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # its own would ask the database on error pages too
    manager.session_protection = None
    manager.user_loader(load)
    app.jinja_env.globals.update(
        may=may, Action=Action, proof_first=first_for, signed_in=signed_in, sign_in_ends=sign_in_ends
    )
    app.context_processor(lambda: {"current_actor": current_actor()})
    app.after_request(_tell_what_is_left)
    if _record_refused_money_move not in refusal_recorders:
        refusal_recorders.append(_record_refused_money_move)


def declares(action: Action) -> Callable[[F], F]:
    """Mark a route with its action: visitors are led to sign in, people without any such right are refused.

    Who needs a second factor for it is asked, and goes on from there. The object itself is judged by the operation or
    query that loads it.
    """

    def mark(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            g.declared_action = action
            stopped = _stopped(action)
            return view(*args, **kwargs) if stopped is None else stopped

        guarded.declared_action = action  # type: ignore[attr-defined]
        return cast("F", guarded)

    return mark


def _stopped(action: Action) -> ResponseReturnValue | None:
    """The answer to whoever may not go on as they are; None to go on."""
    current_actor()  # read before any unit of work begins: its form is theirs
    if allowed(ANONYMOUS, action):
        return None
    if signed_in() is None:
        return _left_outside()
    if _lacks_first(action) and (answer := ask_for_proof(action)) is not None:
        return answer
    if not (may(action) or allowed(bearer(), action)):
        raise _refused_at_the_door()
    if _lacks(action) and (answer := ask_for_proof(action)) is not None:
        return answer
    return ask_for_files() if request.method == "POST" and files_are_missing() else None


def _lacks_first(action: Action) -> bool:
    """Whether this is a half session at a door that opens to whole ones."""
    sign_in = signed_in()
    if sign_in is None or not sign_in.is_half:
        return False
    return action not in OPEN_TO_HALF and (action is not Action.FACTORS_MANAGE or sign_in.has_factor)


def _lacks(action: Action) -> bool:
    """Whether this action needs a second factor given in this session, or given just now."""
    sign_in = signed_in()
    return sign_in is not None and lacks_proof(
        action, has_factor=sign_in.has_factor, strong_at=sign_in.strong_at, now=now()
    )


def _left_outside() -> ResponseReturnValue:
    is_form = request.method not in SAFE_METHODS and bool(typed_in_form())
    return sign_in_again() if is_form else lead_to_sign_in()


def _tell_what_is_left(response: Response) -> Response:
    """The seconds after which this session ends unused: for the script that warns before."""
    if "_login_user" in g and (ends := sign_in_ends()) is not None:
        response.headers["Session-Ends-In"] = str(ends.idle_left)
    return response


def _refused_at_the_door() -> Forbidden:
    """The refusal of somebody who has the right nowhere; a money move that was tried is recorded (P10)."""
    refusal = Forbidden()
    if request.method == "POST":
        db = db_session()
        db.rollback()
        record_refusal(db, refusal)
    return refusal


def _record_refused_money_move(db: Session, refusal: Refusal) -> None:
    record_refused_money_move(db, refusal, current_actor())
