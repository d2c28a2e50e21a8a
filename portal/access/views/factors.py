"""One's own second factors: an app, passkeys, recovery codes."""

from typing import Any
from uuid import UUID

import pyotp
import segno
from flask import Blueprint, flash, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.second_factor import AppForm, PasskeyForm
from portal.access.operations import factors as operations
from portal.access.operations.factors import SetUp
from portal.access.operations.passwords import prove_password
from portal.access.operations.second_factor import new_challenge, take_challenge
from portal.access.operations.signing_in import NO_PASSWORD, count_attempt
from portal.access.policy import STEP_UP_FOR, Action
from portal.access.queries.accounts import own_person
from portal.access.queries.second_factor import Factors, factors_of
from portal.access.rules.passkeys import options_to_make
from portal.access.rules.second_factor import grouped
from portal.access.views.first_factor import address_first, address_proof
from portal.access.views.signing_in import safe_path
from portal.access.web import SignIn, bearer, declares, signed_in
from portal.access.web.proving import relying_party
from portal.access.web.who import change_token
from portal.core.clock import now
from portal.core.errors import Forbidden, Invalid, InvalidForm, Refusal
from portal.core.i18n import _, lazy_
from portal.core.unit_of_work import reading, remember_location, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("factors", __name__, url_prefix="/account/second-factor")
SIGN_IN_AGAIN = lazy_("You signed in too long ago: sign out, sign in again, and set it up within ten minutes.")


@bp.get("")
@declares(Action.ACCOUNT_MANAGE)
def show() -> ResponseReturnValue:
    """What is set up, and what can be."""
    with reading() as db:
        return page("access/factors.html", factors=_factors(db), must_keep_one=_sign_in().must_have_factor)


@bp.get("/app")
@declares(Action.FACTORS_MANAGE)
def app() -> ResponseReturnValue:
    """A fresh key as a picture and as text, and the field of its first code."""
    if (first := address_first()) is not None:
        return first
    key, sealed = operations.offer_app(person_id=_sign_in().person_id)
    return _app_page(AppForm(formdata=None, sealed=sealed, next=request.args.get("next")), key)


@bp.post("/app")
@declares(Action.FACTORS_MANAGE)
def add_app() -> ResponseReturnValue:
    """Keep the app; with the first factor come recovery codes."""
    form = AppForm()
    try:
        _must_be_right(form)
        with unit_of_work() as db:
            done = operations.add_app(
                db, sealed=form.sealed.data or "", code=form.code.data, address_proof=address_proof(), actor=bearer(),
                now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _app_again(form, refusal)
    return _set_up(done, form.next.data, _("The app is set up."))


@bp.post("/app/remove")
@declares(Action.FACTORS_MANAGE)
def remove_app() -> ResponseReturnValue:
    """Forget the app."""
    with unit_of_work() as db:
        operations.remove_app(db, actor=bearer(), now=now())
    return _said(_("The app was removed."))


@bp.get("/passkeys")
@declares(Action.FACTORS_MANAGE)
def passkey() -> ResponseReturnValue:
    """The form of a new passkey."""
    if (first := address_first()) is not None:
        return first
    return _passkey_page(PasskeyForm(formdata=None, next=request.args.get("next")))


@bp.post("/passkeys")
@declares(Action.FACTORS_MANAGE)
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser made; with the first factor come recovery codes."""
    form = PasskeyForm()
    try:
        _must_be_right(form)
        with unit_of_work(once=False) as db:
            challenge = take_challenge(db, purpose="make", actor=bearer(), now=now())
        with unit_of_work() as db:
            done = operations.add_passkey(
                db, name=form.name.data, answer=form.answer.data or "", challenge=challenge, party=relying_party(),
                address_proof=address_proof(), actor=bearer(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        form.answer.data = ""
        return _passkey_page(form, show_refusal(form, refusal))
    return _set_up(done, form.next.data, _("The passkey is set up."))


@bp.post("/passkeys/options")
@declares(Action.FACTORS_MANAGE)
def passkey_options() -> ResponseReturnValue:
    """What the browser needs to make a passkey."""
    sign_in = _sign_in()
    with unit_of_work(once=False) as db:
        challenge = new_challenge(db, purpose="make", actor=bearer(), now=now())
    with reading() as db:
        known = [each.credential_id for each in _factors(db).passkeys]
    return jsonify(
        options_to_make(
            party=relying_party(), challenge=challenge, person_id=sign_in.person_id, email=sign_in.email,
            name=sign_in.name, known=known,
        )
    )  # fmt: skip


@bp.post("/passkeys/<uuid:passkey_id>/remove")
@declares(Action.FACTORS_MANAGE)
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Forget one passkey."""
    with unit_of_work() as db:
        operations.remove_passkey(db, passkey_id=passkey_id, actor=bearer(), now=now())
    return _said(_("The passkey was removed."))


@bp.post("/codes")
@declares(Action.FACTORS_MANAGE)
def replace_codes() -> ResponseReturnValue:
    """Ten new recovery codes, shown once."""
    with unit_of_work() as db:
        codes = operations.replace_codes(db, actor=bearer(), now=now())
    return _codes_page(codes, url_for("factors.show"))


# ---- what these views share ----


def _sign_in() -> SignIn:
    sign_in = signed_in()
    if sign_in is None:
        raise Forbidden
    return sign_in


def _factors(db: Any) -> Factors:
    return factors_of(db, _sign_in().person_id)


def _must_be_right(form: AppForm | PasskeyForm) -> None:
    """Refuse what the form refuses; and a first factor set up long after signing in without the password."""
    if not form.validate():
        raise InvalidForm({})
    if not _needs_password():
        return
    with unit_of_work(once=False) as db:
        count_attempt(db, email=_sign_in().email, now=now())
    with unit_of_work(once=False) as db:
        person = own_person(db, bearer())
        if person.password_hash == NO_PASSWORD:
            raise Invalid(SIGN_IN_AGAIN)
        prove_password(db, person=person, password=form.current.data or "")


def _needs_password() -> bool:
    """Whoever found a screen left open must not make the account their own."""
    sign_in = _sign_in()
    return not sign_in.has_factor and now() - sign_in.began_at > STEP_UP_FOR


def _app_again(form: AppForm, refusal: Refusal) -> ResponseReturnValue:
    """The page with the same key as before; with a new one when that is too old."""
    status = show_refusal(form, refusal)
    try:
        key = operations.offered_key(sealed=form.sealed.data or "", person_id=_sign_in().person_id)
    except operations.OfferTooOld:
        key, form.sealed.data = operations.offer_app(person_id=_sign_in().person_id)
    form.code.data = ""
    return _app_page(form, key, status)


def _app_page(form: AppForm, key: str, status: int = 200) -> ResponseReturnValue:
    address = pyotp.TOTP(key).provisioning_uri(name=_sign_in().email, issuer_name="Vivaio")
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4)
    return page(
        "access/app.html", status, form=form, picture=picture, key=grouped(key), needs_password=_needs_password()
    )


def _passkey_page(form: PasskeyForm, status: int = 200) -> ResponseReturnValue:
    return page("access/passkey.html", status, form=form, needs_password=_needs_password())


def _set_up(done: SetUp, wanted: str | None, message: str) -> ResponseReturnValue:
    """Go on; after the first factor by way of its recovery codes."""
    change_token(done.token)
    there = safe_path(wanted) or url_for("factors.show")
    if done.codes:
        return _codes_page(done.codes, there)
    flash(message, "success")
    return go_to(there)


def _codes_page(codes: list[str], there: str) -> ResponseReturnValue:
    """The only time that the codes are shown: sent again, the form leads on without them."""
    remember_location(there)
    return page("access/recovery_codes.html", codes=[grouped(code) for code in codes], there=there)


def _said(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return go_to(url_for("factors.show"))
