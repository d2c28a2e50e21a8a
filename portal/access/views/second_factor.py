"""Giving a second factor: at the end of signing in, and before the gravest acts."""

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.second_factor import ProofForm
from portal.access.operations import second_factor as operations
from portal.access.policy import Action
from portal.access.queries.second_factor import factors_of
from portal.access.rules.passkeys import options_to_sign
from portal.access.views.signing_in import safe_path
from portal.access.web import bearer, declares, signed_in
from portal.access.web.proving import WHY, proof_page, relying_party, take_proof
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.core.web.typed import Typed

bp = Blueprint("second_factor", __name__)


@bp.get("/second-factor")
@declares(Action.SECOND_FACTOR)
def ask() -> ResponseReturnValue:
    """The second factor is asked for; whoever has none is shown which ones there are."""
    sign_in, why = signed_in(), request.args.get("why", "enter")
    wanted = safe_path(request.args.get("next")) or url_for("desk.show")
    if sign_in is None or not sign_in.has_factor:
        return page("access/set_up.html", wanted=wanted, why=WHY.get(why))
    carried = Typed(fields=(("next", wanted), ("why", why)))
    return proof_page(ProofForm(formdata=None), 200, why, typed=carried, path=url_for("second_factor.give"))


@bp.post("/second-factor")
@declares(Action.SECOND_FACTOR)
def give() -> ResponseReturnValue:
    """Take the second factor, and go on to the page that asked for it."""
    form = ProofForm()
    try:
        take_proof(form)
    except Refusal as refusal:
        return proof_page(form, show_refusal(form, refusal), request.form.get("why", "enter"))
    return go_to(safe_path(request.form.get("next")) or url_for("desk.show"))


@bp.post("/second-factor/passkey")
@declares(Action.SECOND_FACTOR)
def passkey_options() -> ResponseReturnValue:
    """What the browser needs to let a passkey sign."""
    actor = bearer()
    with unit_of_work(once=False) as db:
        challenge = operations.new_challenge(db, purpose="sign", actor=actor, now=now())
    with reading() as db:
        known = [] if actor.person_id is None else factors_of(db, actor.person_id).passkeys
        named = [passkey.credential_id for passkey in known]
    return jsonify(options_to_sign(party=relying_party(), challenge=challenge, known=named))
