"""Signing in and out."""

from flask import Blueprint, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user
from werkzeug.urls import iri_to_uri

from portal.access.forms.signing_in import SignInForm
from portal.access.operations import signing_in as operations
from portal.access.policy import Action
from portal.access.queries import person_by_email
from portal.access.queries.identity import sign_in_choices
from portal.access.web import bearer, declares, enter, signed_in
from portal.core.clock import now
from portal.core.errors import TooMany
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to

bp = Blueprint("access", __name__)
LONGEST_PATH = 500


@bp.get("/sign-in")
@declares(Action.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """The sign-in page; whoever is signed in already, or half so, goes on to their desk."""
    if signed_in() is not None:
        return redirect(url_for("desk.show"), code=303)
    return _sign_in_page(SignInForm(next=request.args.get("next")))


@bp.post("/sign-in")
@declares(Action.SIGN_IN)
def sign_in_with_password() -> ResponseReturnValue:
    """Check the password; on failure say the same for known and unknown addresses."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, 422)
    try:
        location = _try_to_sign_in(form.email.data or "", form.password.data or "", form.next.data)
    except TooMany as refusal:
        form.email.errors = [str(refusal)]
        return _sign_in_page(form, 429)
    except operations.WrongCredentials as refusal:
        form.password.errors = [str(refusal)]
        return _sign_in_page(form, 422)
    return go_to(location)


def _sign_in_page(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    with reading() as db:
        choices = sign_in_choices(db)
        return page("access/sign_in.html", status, form=form, choices=choices, wanted=safe_path(form.next.data))


@bp.post("/sign-out")
@declares(Action.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    with unit_of_work() as db:
        operations.sign_out(db, actor=bearer(), now=now())
    logout_user()
    session.clear()
    response = make_response(go_to(url_for("reporting.home")))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _try_to_sign_in(email: str, password: str, wanted: str | None) -> str:
    """Count the attempt, try the password without holding the database, then open the session.

    Twice the same form opens two sessions, of which the browser keeps one: no key is needed here.
    """
    with unit_of_work(once=False) as db:
        operations.count_attempt(db, email=email, now=now())
    with reading() as db:
        person = person_by_email(db, email)
    known = operations.check_password(person=person, password=password)
    if known is None:
        raise operations.WrongCredentials
    with unit_of_work(once=False) as db:
        operations.sign_out(db, actor=bearer(), now=now())
        token, _actor = operations.sign_in(db, person=known, user_agent=request.user_agent.string, now=now())
        person_id = known.id
    enter(token, person_id)
    return safe_path(wanted) or url_for("desk.show")


def safe_path(wanted: str | None) -> str | None:
    """A path of this site, or None: never another host, a scheme, a backslash or a control character."""
    if not wanted or len(wanted) > LONGEST_PATH or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    if "\\" in wanted or any(ord(character) < 33 or ord(character) == 127 for character in wanted):
        return None
    return iri_to_uri(wanted)
