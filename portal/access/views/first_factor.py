"""Showing that one reads the messages of one's address, before the first second factor is set up."""

from flask import Blueprint, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.second_factor import AddressCodeForm
from portal.access.operations import first_factor as operations
from portal.access.policy import Action
from portal.access.queries.accounts import own_person
from portal.access.views.signing_in import safe_path
from portal.access.web import bearer, declares, signed_in
from portal.access.web.leading import lead_to, page_asked
from portal.core.clock import now
from portal.core.errors import InvalidForm, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("first_factor", __name__, url_prefix="/account/second-factor/address")
PROOF = "address_proof"
"""Where the cookie keeps the proof, sealed and bound to the session."""


@bp.get("")
@declares(Action.FACTORS_MANAGE)
def show() -> ResponseReturnValue:
    """Why a code is sent, and the button that sends it."""
    return _page(AddressCodeForm(formdata=None, next=request.args.get("next")))


@bp.post("")
@declares(Action.FACTORS_MANAGE)
def send() -> ResponseReturnValue:
    """Send the code; the form that takes it carries what it must be."""
    form = AddressCodeForm(formdata=None, next=request.form.get("next"))
    try:
        with unit_of_work(once=False) as db:
            operations.count_address_code(db, what="sent", actor=bearer(), now=now())
        with unit_of_work(once=False) as db:
            form.sealed.data = operations.send_address_code(db, actor=bearer(), now=now())
    except Refusal as refusal:
        return _page(form, show_refusal(form, refusal))
    return _page(form)


@bp.post("/code")
@declares(Action.FACTORS_MANAGE)
def prove() -> ResponseReturnValue:
    """Take the code, and go on to the setting up."""
    form = AddressCodeForm()
    try:
        if not form.validate():
            raise InvalidForm({})
        with unit_of_work(once=False) as db:
            operations.count_address_code(db, what="tried", actor=bearer(), now=now())
        with unit_of_work(once=False) as db:
            session[PROOF] = operations.prove_address(
                db, sealed=form.sealed.data or "", code=form.code.data or "", actor=bearer(), now=now()
            )
    except Refusal as refusal:
        return _page(form, show_refusal(form, refusal))
    return go_to(safe_path(form.next.data) or url_for("factors.show"))


def address_proof() -> str:
    """What this browser has shown of its address."""
    return str(session.get(PROOF, ""))


def address_first() -> ResponseReturnValue | None:
    """The way to the code, for whoever sets up a first factor and has not shown it; None to go on."""
    sign_in, actor = signed_in(), bearer()
    if sign_in is None or sign_in.has_factor:
        return None
    with reading() as db:
        person = own_person(db, actor)
        if operations.has_proved_address(person=person, proof=address_proof(), actor=actor, now=now()):
            return None
    return lead_to(url_for("first_factor.show", next=page_asked()))


def _page(form: AddressCodeForm, status: int = 200) -> ResponseReturnValue:
    with reading() as db:
        email = own_person(db, bearer()).email
        return page("access/address_code.html", status, form=form, email=email)
