"""Registering: an address, a message, a name and a password."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.accounts import AddressForm, RegistrationForm
from portal.access.operations import accounts as operations
from portal.access.operations.signing_in import sign_out
from portal.access.policy import Action
from portal.access.queries.accounts import open_link
from portal.access.rules import LinkPurpose
from portal.access.views.accounts.blueprint import bp
from portal.access.views.accounts.shared import ask, validated
from portal.access.views.signing_in import safe_path
from portal.access.web import bearer, current_actor, declares, enter, signed_in
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import locale
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


@bp.get("/register")
@declares(Action.REGISTER)
def registration() -> ResponseReturnValue:
    """Which address is the account for; whoever is signed in has one already."""
    if signed_in() is not None:
        return redirect(url_for("accounts.show"), code=303)
    return page("access/register.html", form=AddressForm(formdata=None, next=request.args.get("next")))


@bp.post("/register")
@declares(Action.REGISTER)
def ask_to_register() -> ResponseReturnValue:
    """Send a message to the address; the answer is the same whether or not it has an account."""
    return ask(LinkPurpose.REGISTER, "access/register.html", "accounts.registration_sent")


@bp.get("/register/sent")
@declares(Action.REGISTER)
def registration_sent() -> ResponseReturnValue:
    """Look into your mail."""
    return page("access/sent.html", again=url_for("accounts.registration"))


@bp.get("/register/<register_token>")
@declares(Action.REGISTER)
def registering(register_token: str) -> ResponseReturnValue:
    """The form of a new account; opening the link uses nothing up."""
    return _registering(register_token, RegistrationForm(formdata=None, next=request.args.get("next")))


@bp.post("/register/<register_token>")
@declares(Action.REGISTER)
def register(register_token: str) -> ResponseReturnValue:
    """Open the account, sign in, and go on to where the visitor wanted to go."""
    form = RegistrationForm()
    try:
        validated(form)
        with unit_of_work() as db:
            sign_out(db, actor=bearer(), now=now())
            token, person_id = operations.register_person(
                db, token=register_token, name=form.name.data, password=form.password.data, locale=locale(),
                user_agent=request.user_agent.string, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _registering(register_token, form, show_refusal(form, refusal))
    enter(token, person_id)
    return go_to(safe_path(form.next.data) or url_for("desk.show"))


def _registering(token: str, form: RegistrationForm, status: int = 200) -> ResponseReturnValue:
    with reading() as db:
        link = open_link(db, token, LinkPurpose.REGISTER, now())
        return page("access/registering.html", status, form=form, email=link.email)
