"""Where somebody who may not go on is led, with what they typed."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.web.who import signed_in
from portal.core.clock import now
from portal.core.web import wants_fragment
from portal.core.web.typed import given_back


def lead_to(location: str) -> ResponseReturnValue:
    """To another page first: 303, or the whole page for htmx."""
    if wants_fragment():
        return "", 401, {"HX-Redirect": location}
    return redirect(location, code=303)


def lead_to_sign_in() -> ResponseReturnValue:
    """Sign in, then come back."""
    return lead_to(url_for("access.sign_in", next=page_asked()))


def sign_in_again() -> ResponseReturnValue:
    """401 with what was typed: htmx leaves the form as it is, a plain form comes back whole."""
    if wants_fragment():
        return render_template("access/_signed_out.html"), 401
    return given_back("access/signed_out.html", 401)


def ask_for_files() -> ResponseReturnValue:
    """A form that came back and lacks the files it had: they are asked for again, nothing is done without them."""
    return given_back("access/files_again.html", 422)


def page_asked() -> str | None:
    """Where to go on afterwards: the page itself, or the page that held the form or the fragment."""
    if request.method == "GET" and not wants_fragment():
        return request.full_path.rstrip("?")
    held_by = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    return held_by.path if held_by.netloc == request.host else None


@dataclass(frozen=True, slots=True)
class Ends:
    """When the session behind this request ends unused, and the seconds until then and until it ends in any case."""

    idle: datetime
    idle_left: int
    absolute_left: int


def sign_in_ends() -> Ends | None:
    """For the foot of every page; None for visitors."""
    sign_in, instant = signed_in(), now()
    if sign_in is None:
        return None
    idle, absolute = (int((end - instant).total_seconds()) for end in (sign_in.idle_end, sign_in.absolute_end))
    return Ends(sign_in.idle_end.replace(second=0, microsecond=0), max(0, idle), max(0, absolute))
