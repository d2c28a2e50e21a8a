"""Public pages that a browser may keep: asked again, it hears 304 while what a visitor reads is the same."""

import hashlib
from typing import Any

from flask import Response, make_response, render_template, request
from flask_wtf.csrf import generate_csrf

from portal.core.web.security import csp_nonce


def fresh_page(template: str, *, is_shared: bool, **context: Any) -> Response:
    """Render a page; when it is the same for every visitor, with an ETag over what does not change by itself.

    The nonce and the form token are left out of the tag: a 304 carries no policy, so the kept page goes on with
    its own nonce.
    """
    body = render_template(template, **context)
    response = make_response(body)
    if is_shared:
        for passing in (csp_nonce(), generate_csrf()):
            body = body.replace(passing, "")
        response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32], weak=True)
        response.headers["Cache-Control"] = "private, no-cache"
        response.make_conditional(request)
    return response
