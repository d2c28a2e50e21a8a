"""From refusals to answers: one page and one fragment for every code, in the visitor's language."""

from urllib.parse import urlsplit

import structlog
from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from portal.core import errors
from portal.core.i18n import lazy_
from portal.core.logs import told
from portal.core.unit_of_work import NO_DATABASE, AlreadyDone
from portal.core.web.respond import go_to, wants_fragment
from portal.core.web.typed import given_back, typed_in_form

log = structlog.get_logger("web")

STATUS: tuple[tuple[type[errors.Refusal], int], ...] = (
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.TooLarge, 413),
    (errors.Invalid, 422),
    (errors.Closed, 423),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
    (errors.Refusal, 422),
)
TITLES = {
    400: lazy_("The request could not be read"),
    403: lazy_("Not open to your account"),
    404: lazy_("Page not found"),
    405: lazy_("The request could not be read"),
    409: lazy_("Something changed in the meantime"),
    413: lazy_("Too large"),
    422: lazy_("Something needs mending"),
    423: lazy_("The term is closed"),
    429: lazy_("Too many attempts"),
    500: lazy_("Something broke on our side"),
    503: lazy_("Not answering now"),
}
MESSAGES = {
    400: lazy_("The request was not complete. Go back, reload the page and send it again."),
    403: errors.Forbidden.default,
    404: errors.NotFound.default,
    405: lazy_("This address cannot be opened in this way. Start again from your desk."),
    409: errors.Conflict.default,
    413: errors.TooLarge.default,
    422: errors.Invalid.default,
    423: errors.Closed.default,
    429: errors.TooMany.default,
    500: lazy_("Nothing was changed. The people who run the portal have been told; try again in a few minutes."),
    503: errors.Unavailable.default,
}


def status_of(refusal: errors.Refusal) -> int:
    """The HTTP status of a refusal."""
    return next(code for kind, code in STATUS if isinstance(refusal, kind))


def init_errors(app: Flask) -> None:
    """Install the error map."""
    app.register_error_handler(errors.Refusal, _refused)
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(CSRFError, _stale_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _not_storable)
    for kind in NO_DATABASE:
        app.register_error_handler(kind, _database_down)
    if not app.testing:
        app.register_error_handler(Exception, _broken)


def answer(
    code: int, message: object = None, headers: dict[str, str] | None = None, title: object = None
) -> ResponseReturnValue:
    """The error page, or its fragment for htmx; rendered without the database, which may be what broke."""
    g.showing_error = True
    known = code if code in TITLES else 400 if code < 500 else 500
    template = "errors/_fragment.html" if wants_fragment() else "errors/page.html"
    body = render_template(template, code=code, title=title or TITLES[known], message=message or MESSAGES[known])
    waits = {"Retry-After": "60"} if code in (429, 503) else {}
    return body, code, waits | (headers or {})


def _refused(refusal: errors.Refusal) -> ResponseReturnValue:
    return answer(status_of(refusal), refusal.message, title=refusal.title)


def _already_done(done: AlreadyDone) -> ResponseReturnValue:
    return go_to(done.location or _page_of_the_form())


def _page_of_the_form() -> str:
    """The page of this site that the form stood on: what it shows by now is what the first click left."""
    came_from = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    if came_from.netloc != request.host or not came_from.path.startswith("/") or came_from.path.startswith("//"):
        return "/"
    return came_from.path


def _stale_token(_error: CSRFError) -> ResponseReturnValue:
    """What was typed comes back under a fresh token: only a page of ours gets so far, foreign ones were refused."""
    if typed_in_form() and not wants_fragment():
        return given_back("errors/send_again.html", 400)
    return answer(400, lazy_("This page was open for too long. Reload it and send the form again."))


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    allows = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    return answer(code, headers={"Allow": ", ".join(allows)} if allows else None)


def _not_storable(_error: DataError) -> ResponseReturnValue:
    return answer(400)


def _database_down(error: Exception) -> ResponseReturnValue:
    log.error("no database", id=g.get("request_id"), **told(error))
    return answer(503)


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("unexpected error", id=g.get("request_id"), endpoint=request.endpoint, **told(error))
    return answer(500)
