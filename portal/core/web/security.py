"""Headers of every answer, and the refusal of requests that another site made.

Content security policy with one nonce an answer and no inline styles; Sec-Fetch-Site, else Origin, else Referer
must be ours for every unsafe method (the form token comes on top).
"""

import secrets
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from portal.core.config import Settings
from portal.core.errors import Forbidden
from portal.core.i18n import lazy_

V = TypeVar("V", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
STATIC_FOR = "public, max-age=31536000, immutable"
PERMISSIONS_OFF = ", ".join(
    f"{name}=()"
    for name in ("accelerometer", "camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)


class ForeignRequest(Forbidden):
    """A form sent from another site."""

    default = lazy_("This form did not come from this site. Open the page here and send it again.")


def csp_nonce() -> str:
    """The nonce of this answer, 128 bits."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def policy(nonce: str) -> str:
    """The content security policy of a page."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "object-src 'none'; manifest-src 'self'; worker-src 'self'"
    )


def init_security(app: Flask, settings: Settings) -> None:
    """Install the headers and the same-origin rule."""
    ours = urlsplit(settings.origin)
    hosts = {str(ours.hostname)} | (set() if settings.production else {"localhost", "127.0.0.1"})
    app.config["TRUSTED_HOSTS"] = sorted(hosts)

    @app.before_request
    def same_origin() -> None:
        by_link = getattr(app.view_functions.get(request.endpoint or ""), "is_answered_by_link", False)
        if request.method not in SAFE_METHODS and not by_link and not is_ours(https=settings.is_https):
            raise ForeignRequest
        if _is_embedded_elsewhere() and app.config["SESSION_COOKIE_NAME"] in request.cookies:
            raise ForeignRequest

    @app.after_request
    def headers(response: Response) -> Response:
        _set_headers(response, https=settings.is_https)
        return response


def answered_by_link(view: V) -> V:
    """Let a mail service POST to this route by itself (RFC 8058): the secret in its address is all the proof it asks.

    For what only ever ends something for whoever the secret was sent to, or is answered once by whoever holds it.
    """
    view.is_answered_by_link = True  # type: ignore[attr-defined]
    return view


def is_ours(*, https: bool) -> bool:
    """Whether this request was made by a page of this site; over TLS, by a page that came over TLS."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if not source:
        return False
    parts = urlsplit(source)
    return bool(parts.netloc) and parts.netloc == request.host and (not https or parts.scheme == "https")


def _is_embedded_elsewhere() -> bool:
    """Another site asks for something of ours without leading a person to it."""
    asked = request.headers.get
    leads = asked("Sec-Fetch-Mode") == "navigate" and asked("Sec-Fetch-Dest") == "document"
    return asked("Sec-Fetch-Site") == "cross-site" and not leads


def _set_headers(response: Response, *, https: bool) -> None:
    set_default = response.headers.setdefault
    set_default("X-Content-Type-Options", "nosniff")
    set_default("Referrer-Policy", "same-origin")
    set_default("Cross-Origin-Opener-Policy", "same-origin")
    set_default("Cross-Origin-Resource-Policy", "same-origin")
    set_default("Permissions-Policy", PERMISSIONS_OFF)
    if https:
        set_default("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if response.status_code != 304 and response.mimetype == "text/html":
        set_default("Content-Security-Policy", policy(csp_nonce()))
    if request.endpoint == "static" and response.status_code < 400:
        response.headers["Cache-Control"] = STATIC_FOR
    else:
        set_default("Cache-Control", "no-store")
