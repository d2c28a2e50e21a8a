"""What the pages of accounts share: links that open nothing, addresses that go nowhere."""

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.queries.accounts import LinkOver, NoSuchLink
from portal.access.rules import LINK_WINDOW
from portal.core.errors import Refusal
from portal.core.web import page
from portal.core.web.errors import status_of

bp = Blueprint("accounts", __name__)
SECRETS = {"register_token", "reset_token", "email_token"}
ASK_AGAIN = {"register_token": "accounts.registration", "reset_token": "accounts.forgotten",
             "email_token": "accounts.email"}  # fmt: skip


@bp.errorhandler(NoSuchLink)
@bp.errorhandler(LinkOver)
def link_opens_nothing(refusal: Refusal) -> ResponseReturnValue:
    """One plain page for every link that opens nothing, with where to ask for a new one."""
    again = next((ASK_AGAIN[name] for name in request.view_args or {} if name in ASK_AGAIN), "accounts.forgotten")
    status = 410 if isinstance(refusal, LinkOver) else status_of(refusal)
    return page("access/link_gone.html", status, message=refusal.message, again=url_for(again))


@bp.after_request
def keep_secrets(response: Response) -> Response:
    """The address of a page with a token goes nowhere: not even with the files of the page itself.

    "no-referrer" would make old browsers send their forms with a null origin, which is refused.
    """
    if SECRETS & (request.view_args or {}).keys():
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code == 429:
        response.headers.setdefault("Retry-After", str(int(LINK_WINDOW.total_seconds())))
    return response
