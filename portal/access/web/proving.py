"""Asking for a second factor and taking it: on the way to a page, or in the middle of a form that goes on by itself."""

from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.second_factor import ProofForm
from portal.access.operations import second_factor as operations
from portal.access.policy import FRESH, STRONG, Action, lacks_proof
from portal.access.queries.second_factor import factors_of
from portal.access.rules.passkeys import RelyingParty
from portal.access.web.leading import lead_to, page_asked
from portal.access.web.who import bearer, change_token, current_actor, may, signed_in
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.errors import Forbidden, Refusal
from portal.core.i18n import lazy_
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import wants_fragment
from portal.core.web.forms import show_refusal
from portal.core.web.security import SAFE_METHODS
from portal.core.web.typed import given_back

WHY = {
    "sign": lazy_("An agreement is signed with a second factor: it shows that it is really you."),
    "fresh": lazy_(
        "Payments, accounts to be paid, roles, exports and second factors are touched only by whoever has just shown"
        " that it is really them: within the last ten minutes."
    ),
    "enter": lazy_("With your account a password alone is not enough: a second factor opens it."),
}
CONFIRM = {"Session-Confirm": "form"}
"""Tells the script to send the form again as a page, which then asks for the second factor and keeps every field."""


def ask_for_proof(action: Action) -> ResponseReturnValue | None:
    """The answer that asks for a second factor before this action; None once it was given in this very form."""
    sign_in = signed_in()
    why = _why(action)
    if request.method in SAFE_METHODS or sign_in is None:
        return lead_to(url_for("second_factor.ask", next=page_asked(), why=why))
    if wants_fragment():
        return render_template("access/_confirm_first.html", why=WHY[why]), 401, CONFIRM
    if not sign_in.has_factor:
        there = url_for("second_factor.ask", why=why)
        return given_back("access/set_up_first.html", 401, why=WHY[why], there=there)
    form = ProofForm()
    if not form.was_given:
        return proof_page(form, 401, why)
    try:
        take_proof(form)
    except Refusal as refusal:
        return proof_page(form, show_refusal(form, refusal), why)
    current_actor()  # read anew before the unit of work of the act begins: its form is theirs
    return None


def first_for(action: Action) -> str | None:
    """The page to open before a form of this action is filled in, when a second factor is needed first."""
    sign_in = signed_in()
    lacks = sign_in is not None and may(action) and lacks_proof(
        action, has_factor=sign_in.has_factor, strong_at=sign_in.strong_at, now=now()
    )  # fmt: skip
    return url_for("second_factor.ask", next=page_asked(), why=_why(action)) if lacks else None


def proof_page(form: ProofForm, status: int, why: str, **context: Any) -> ResponseReturnValue:
    """The page that asks; it carries the form that was sent, and goes on with it."""
    person_id = bearer().person_id
    if person_id is None:
        raise Forbidden
    form.proof_code.data = ""  # used, or wrong; beside a recovery code it would go first
    with reading() as db:
        factors = factors_of(db, person_id)
        return given_back("access/second_factor.html", status, form=form, factors=factors, why=WHY.get(why), **context)


def take_proof(form: ProofForm) -> None:
    """Take the second factor in a form and give the browser the new token. Raises the refusal that fits."""
    change_token(_token_for(form))


def relying_party() -> RelyingParty:
    """This portal, as passkeys know it."""
    settings: Settings = current_app.extensions["settings"]
    return RelyingParty(settings.origin)


def _token_for(form: ProofForm) -> str:
    actor, instant = bearer(), now()
    if answer := form.proof_passkey.data:
        with unit_of_work(once=False) as db:
            challenge = operations.take_challenge(db, purpose="sign", actor=actor, now=instant)
        with unit_of_work(once=False) as db:
            return operations.give_passkey(
                db, answer=answer, challenge=challenge, party=relying_party(), actor=actor, now=instant
            )
    if (code := form.proof_recovery.data) and not form.proof_code.data:
        with unit_of_work(once=False) as db:
            operations.count_recovery_code(db, actor=actor, now=instant)
        with unit_of_work(once=False) as db:
            return operations.give_recovery_code(db, code=code, actor=actor, now=instant)
    with unit_of_work(once=False) as db:
        operations.count_code(db, actor=actor, now=instant)
    with unit_of_work(once=False) as db:
        return operations.give_code(db, code=form.proof_code.data or "", actor=actor, now=instant)


def _why(action: Action) -> str:
    sign_in = signed_in()
    if sign_in is not None and sign_in.is_half:
        return "enter"
    return "sign" if action in STRONG - FRESH else "fresh"
