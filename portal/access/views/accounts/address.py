"""Moving an account to another address."""

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.accounts import EmailForm
from portal.access.operations import accounts as operations
from portal.access.policy import Action
from portal.access.queries.accounts import open_link
from portal.access.rules import LinkPurpose
from portal.access.views.accounts.blueprint import bp
from portal.access.views.accounts.shared import counted_attempt, own_form, said, validated
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal


@bp.get("/account/email")
@declares(Action.ACCOUNT_MANAGE)
def email() -> ResponseReturnValue:
    """The form of another address."""
    return own_form("access/email.html", EmailForm(formdata=None))


@bp.post("/account/email")
@declares(Action.ACCOUNT_MANAGE)
def ask_to_change_email() -> ResponseReturnValue:
    """Send a link to the new address and a warning to the one in use."""
    form = EmailForm()
    try:
        validated(form)
        with counted_attempt(), unit_of_work() as db:
            operations.ask_to_change_email(
                db, email=form.email.data, current=form.current.data, actor=current_actor(), now=now()
            )
    except Refusal as refusal:
        return own_form("access/email.html", form, show_refusal(form, refusal))
    return said(_("A message is on its way to the new address: its link makes the change."), url_for("accounts.show"))


@bp.get("/email/<email_token>")
@declares(Action.REGISTER)
def changing_email(email_token: str) -> ResponseReturnValue:
    """A button that moves the account to this address; opening the link uses nothing up."""
    with reading() as db:
        link = open_link(db, email_token, LinkPurpose.CHANGE_EMAIL, now())
        return page("access/changing_email.html", email=link.email, token=email_token)


@bp.post("/email/<email_token>")
@declares(Action.REGISTER)
def change_email(email_token: str) -> ResponseReturnValue:
    """Move the account to the address to which the link was sent."""
    with unit_of_work() as db:
        operations.change_email(db, token=email_token, actor=current_actor(), now=now())
    there = "reporting.home" if current_actor().is_anonymous else "accounts.show"
    return said(_("The account has the new address now: sign in with it from now on."), url_for(there))
