"""One's own account: name and language, password, closing."""

from flask import make_response, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from portal.access.forms.accounts import ClosingForm, PasswordForm, ProfileForm
from portal.access.operations import accounts as operations
from portal.access.operations import passwords
from portal.access.policy import Action
from portal.access.queries.accounts import own_account, own_person, what_holds
from portal.access.views.accounts.blueprint import bp
from portal.access.views.accounts.shared import counted_attempt, own_form, said, validated
from portal.access.web import current_actor, declares
from portal.access.web.who import change_token
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal


@bp.get("/account")
@declares(Action.ACCOUNT_MANAGE)
def show() -> ResponseReturnValue:
    """The account: name, address, password, what else belongs to it."""
    return _account()


@bp.post("/account")
@declares(Action.ACCOUNT_MANAGE)
def change_profile() -> ResponseReturnValue:
    """Change name and language; the pages go on in that language."""
    form = ProfileForm()
    if not form.validate():
        return _account(form, 422)
    with unit_of_work() as db:
        operations.change_profile(db, name=form.name.data, locale=form.locale.data, actor=current_actor(), now=now())
    return said(_("Your account was changed."), url_for("accounts.show", lang=form.locale.data))


def _account(form: ProfileForm | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as db:
        account = own_account(db, current_actor())
        form = form or ProfileForm(formdata=None, obj=account.person)
        return page("access/account.html", status, account=account, form=form)


@bp.get("/account/password")
@declares(Action.ACCOUNT_MANAGE)
def password() -> ResponseReturnValue:
    """The form of another password."""
    return own_form("access/password.html", PasswordForm(formdata=None))


@bp.post("/account/password")
@declares(Action.ACCOUNT_MANAGE)
def change_password() -> ResponseReturnValue:
    """Change the password; every other sign-in ends."""
    form = PasswordForm()
    try:
        validated(form)
        with counted_attempt(), unit_of_work() as db:
            token = passwords.change_password(
                db, current=form.current.data, new=form.password.data, actor=current_actor(), now=now()
            )
    except Refusal as refusal:
        return own_form("access/password.html", form, show_refusal(form, refusal))
    change_token(token)
    return said(_("The password was changed. Everywhere else you were signed out."), url_for("accounts.show"))


@bp.get("/account/close")
@declares(Action.ACCOUNT_MANAGE)
def closing() -> ResponseReturnValue:
    """What closing the account does, or what must be settled before."""
    return _closing(ClosingForm(formdata=None))


@bp.post("/account/close")
@declares(Action.ACCOUNT_MANAGE)
def close() -> ResponseReturnValue:
    """Close the account and sign out."""
    form = ClosingForm()
    try:
        validated(form)
        with counted_attempt(), unit_of_work() as db:
            operations.close_account(db, current=form.current.data, actor=current_actor(), now=now())
    except Refusal as refusal:
        return _closing(form, show_refusal(form, refusal))
    logout_user()
    session.clear()
    response = make_response(said(_("Your account is closed. Thank you for the way gone together."), "/"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _closing(form: ClosingForm, status: int = 200) -> ResponseReturnValue:
    with reading() as db:
        person = own_person(db, current_actor())
        return page("access/close.html", status, form=form, person=person, holds=what_holds(db, person.id, now()))
