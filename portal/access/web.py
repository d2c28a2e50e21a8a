"""Who asks: the actor of a request, the action each route declares, and `may` for templates."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.access.models import WebSession
from portal.access.policy import MONEY_MOVES, STAFF, Action, Guarded, allowed
from portal.access.queries import actor_of, live_session
from portal.access.rules import session_ends
from portal.core.actor import ANONYMOUS, Actor
from portal.core.audit import record
from portal.core.clock import now
from portal.core.db import database, db_session
from portal.core.errors import Forbidden, Refusal
from portal.core.unit_of_work import NO_DATABASE, reading, record_refusal, refusal_recorders
from portal.core.web import page, wants_fragment
from portal.core.web.security import SAFE_METHODS

F = TypeVar("F", bound=Callable[..., ResponseReturnValue])
RENEW_AFTER = timedelta(minutes=1)


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries: the token of the cookie and the actor behind it."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        """The token itself: the session row decides at every request."""
        return self.token


def init_access(app: Flask) -> None:
    """Install sign-in, `may`, `current_actor` and the recorder of refused money moves."""
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # its own would ask the database on error pages too
    manager.session_protection = None
    manager.user_loader(_load)
    app.jinja_env.globals.update(may=may, Action=Action)
    app.context_processor(lambda: {"current_actor": current_actor()})
    if _record_refused_money_move not in refusal_recorders:
        refusal_recorders.append(_record_refused_money_move)


def current_actor() -> Actor:
    """The person behind this request, or ANONYMOUS."""
    if "actor" not in g:
        if g.get("showing_error"):
            return ANONYMOUS
        user = current_user._get_current_object()
        g.actor = user.actor if isinstance(user, SignedIn) else ANONYMOUS
    return cast("Actor", g.actor)


def may(action: Action, subject: Guarded | None = None) -> bool:
    """Whether the person behind this request may do this."""
    return allowed(current_actor(), action, subject)


def declares(action: Action, *, keeps_text: bool = False) -> Callable[[F], F]:
    """Mark a route with its action: visitors are led to sign in, people without any such right are refused.

    The object itself is judged by the operation or query that loads it. With `keeps_text`, whoever was signed out
    while writing gets the text back, to be sent again after signing in elsewhere.
    """

    def mark(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            g.declared_action = action
            if not may(action):
                return _signed_out() if keeps_text and current_actor().is_anonymous else _not_allowed()
            return view(*args, **kwargs)

        guarded.declared_action = action  # type: ignore[attr-defined]
        return cast("F", guarded)

    return mark


def _signed_out() -> ResponseReturnValue:
    """401 with what was typed: htmx leaves the form as it is, a plain form comes back whole."""
    if wants_fragment():
        return render_template("access/_signed_out.html"), 401
    typed = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    return page("access/signed_out.html", 401, typed=typed, path=request.path)


def _not_allowed() -> ResponseReturnValue:
    if not current_actor().is_anonymous:
        raise _refused_at_the_door()
    location = url_for("access.sign_in", next=_page_asked())
    if wants_fragment():
        return "", 401, {"HX-Redirect": location}
    return redirect(location, code=303)


def _page_asked() -> str | None:
    """Where to go on after signing in: the page itself, or the page that held the form or the fragment."""
    if request.method == "GET" and not wants_fragment():
        return request.full_path.rstrip("?")
    held_by = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    return held_by.path if held_by.netloc == request.host else None


def _refused_at_the_door() -> Forbidden:
    """The refusal of somebody who has the right nowhere; a money move that was tried is recorded (P10)."""
    refusal = Forbidden()
    if request.method == "POST":
        db = db_session()
        db.rollback()
        record_refusal(db, refusal)
    return refusal


def _load(token: str) -> SignedIn | None:
    instant = now()
    with reading() as db:
        found = live_session(db, token, instant)
        if found is None:
            session.pop("_user_id", None)
            return None
        row, person = found
        actor = actor_of(db, person, instant, session_id=row.id)
    if instant - row.seen_at > RENEW_AFTER:
        _renew(row.id, row.began_at, actor, instant)
    return SignedIn(token, actor)


def _renew(session_id: UUID, began: datetime, actor: Actor, instant: datetime) -> None:
    """Push the idle end forward, at most once a minute, outside the request's own transaction."""
    ends = session_ends(is_staff=any(r in STAFF for r in actor.role_names), began=began, seen=instant)
    database.session.rollback()
    seen = update(WebSession).where(WebSession.id == session_id, WebSession.ended_at.is_(None))
    with suppress(*NO_DATABASE), database.engine.begin() as connection:  # a reader never waits for it to succeed
        connection.execute(seen.values(seen_at=instant, idle_end=min(ends.idle, ends.absolute)))


class _Refused:
    """The subject of a refused money move: the path that was asked."""

    __tablename__ = "refusal"

    def __init__(self, session_id: UUID) -> None:
        self.id = session_id


def _record_refused_money_move(db: Session, refusal: Refusal) -> None:
    """A refusal of a money move is recorded too, in a fresh transaction after the rollback."""
    action = g.get("declared_action")
    actor = current_actor()
    if action not in MONEY_MOVES or actor.session_id is None or request.method in SAFE_METHODS:
        return
    db.rollback()
    record(
        db,
        at=now(),
        actor=actor,
        event=f"refused {action.value}",
        subject=_Refused(actor.session_id),
        after={"path": request.path[:200], "refusal": type(refusal).__name__},
        reason=str(refusal)[:500],
    )
    db.commit()
