"""A forgotten password: an address, a message, a new one."""

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.accounts import AddressForm, NewPasswordForm
from portal.access.operations import passwords
from portal.access.policy import Action
from portal.access.queries.accounts import open_link
from portal.access.rules import LinkPurpose
from portal.access.views.accounts.blueprint import bp
from portal.access.views.accounts.shared import ask, said, validated
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal


@bp.get("/reset")
@declares(Action.REGISTER)
def forgotten() -> ResponseReturnValue:
    """Which account's password was forgotten."""
    return page("access/forgotten.html", form=AddressForm(formdata=None))


@bp.post("/reset")
@declares(Action.REGISTER)
def ask_to_reset() -> ResponseReturnValue:
    """Send a message to the address; the answer is the same whether or not it has an account."""
    return ask(LinkPurpose.RESET, "access/forgotten.html", "accounts.reset_sent")


@bp.get("/reset/sent")
@declares(Action.REGISTER)
def reset_sent() -> ResponseReturnValue:
    """Look into your mail."""
    return page("access/sent.html", again=url_for("accounts.forgotten"))


@bp.get("/reset/<reset_token>")
@declares(Action.REGISTER)
def resetting(reset_token: str) -> ResponseReturnValue:
    """The form of a new password; opening the link uses nothing up."""
    return _resetting(reset_token, NewPasswordForm(formdata=None))


@bp.post("/reset/<reset_token>")
@declares(Action.REGISTER)
def reset(reset_token: str) -> ResponseReturnValue:
    """Set the new password; every sign-in of the account has ended, so the next step is to sign in."""
    form = NewPasswordForm()
    try:
        validated(form)
        with unit_of_work() as db:
            passwords.reset_password(
                db, token=reset_token, password=form.password.data, actor=current_actor(), now=now()
            )
    except Refusal as refusal:
        return _resetting(reset_token, form, show_refusal(form, refusal))
    return said(_("The new password is set. Sign in with it."), url_for("access.sign_in"))


def _resetting(token: str, form: NewPasswordForm, status: int = 200) -> ResponseReturnValue:
    with reading() as db:
        link = open_link(db, token, LinkPurpose.RESET, now())
        return page("access/resetting.html", status, form=form, email=link.email)
