"""Answers: a full page, a fragment of it for htmx, or a redirect for a plain form.

The only module that knows htmx. htmx 4 asks `HX-Request-Type: full` when it wants a page;
htmx-flask reads the headers that did not change since htmx 2.
"""

from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from htmx_flask import Htmx
from htmx_flask import request as htmx_request
from werkzeug.urls import iri_to_uri

from portal.core.unit_of_work import remember_location

VARY = (
    "HX-Request",
    "HX-Request-Type",
    "HX-History-Restore-Request",
    "HX-Boosted",
    "Cookie",
    "Accept-Language",
)


def init_htmx(app: Flask) -> None:
    """Install htmx-flask and the `Vary` header that keeps fragments and pages apart in every cache."""
    Htmx(app)

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.update(VARY)
        return response


def wants_fragment() -> bool:
    """Whether htmx asked for a part of a page (not a boosted visit, not a restored history entry)."""
    htmx = htmx_request.htmx
    full = htmx.boosted or htmx.history_restore_request or request.headers.get("HX-Request-Type") == "full"
    return bool(htmx) and not full


def page(template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Render a whole page."""
    return render_template(template, **context), status


def fragment_or_redirect(template: str, *, otherwise: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """After a change: the fragment for htmx, a 303 to `otherwise` for a plain form."""
    remember_location(otherwise)
    if wants_fragment():
        return render_template(template, **context), status
    return redirect(otherwise, code=303)


def go_to(location: str) -> ResponseReturnValue:
    """After a change that ends on another page: 303, or HX-Redirect; only for addresses made by `url_for`."""
    remember_location(location)
    if wants_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = iri_to_uri(location)
        return response
    return redirect(location, code=303)
