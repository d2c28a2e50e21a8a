"""Signing in with SPID or CIE, opening an account with it, linking it to one's own.

What the browser keeps between two steps is in its cookie: the attempt, then the claim, sealed. Leaving for the
provider is a link, not a form: the policy of our pages sends forms nowhere else.
"""

import json
from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.access import oidc
from portal.access.forms.accounts import AddressForm
from portal.access.forms.identity import NameForm
from portal.access.operations import identity as operations
from portal.access.policy import Action
from portal.access.queries.accounts import LinkOver, NoSuchLink, open_link
from portal.access.queries.identity import enabled_provider, own_identities
from portal.access.rules import LinkPurpose
from portal.access.rules.identity import CLAIM_LASTS, AttemptOver, Claim, ProviderFault, masked_fiscal_number
from portal.access.views.signing_in import safe_path
from portal.access.web import bearer, current_actor, declares, enter
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _, locale
from portal.core.secrets import SealBroken, seal, unseal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.errors import status_of
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("identity", __name__)
ATTEMPT, CLAIM = "identity_attempt", "identity_claim"
PURPOSE = "identity claim"


# ---- to the provider and back ----


@bp.get("/sign-in/with/<authority_code>/<provider_key>")
@declares(Action.SIGN_IN)
def start(authority_code: str, provider_key: str) -> ResponseReturnValue:
    """Leave for the provider, to sign in."""
    return _leave(authority_code, provider_key, wanted=safe_path(request.args.get("next")), for_person=None)


@bp.get("/account/identity/with/<authority_code>/<provider_key>")
@declares(Action.ACCOUNT_MANAGE)
def start_linking(authority_code: str, provider_key: str) -> ResponseReturnValue:
    """Leave for the provider, to link an identity to one's own account."""
    return _leave(authority_code, provider_key, wanted=None, for_person=str(current_actor().person_id))


@bp.get("/sign-in/with/answer")
@declares(Action.SIGN_IN)
def answer() -> ResponseReturnValue:
    """Come back: sign in whom the identity belongs to, or keep what was said for the next step. Nothing else writes."""
    try:
        attempt, claim = _answered()
        if attempt.for_person is not None:
            return _to_confirm(attempt.for_person, claim)
        with unit_of_work(once=False) as db:
            opened = operations.sign_in_with_claim(
                db, claim=claim, user_agent=request.user_agent.string, actor=bearer(), now=now()
            )
    except Refusal as refusal:
        return _refused(refusal)
    if opened is not None:
        enter(*opened)
        return redirect(safe_path(attempt.wanted) or url_for("desk.show"), code=303)
    _keep(claim)
    return redirect(url_for("identity.new_person"), code=303)


def _leave(
    authority_code: str, provider_key: str, *, wanted: str | None, for_person: str | None
) -> ResponseReturnValue:
    try:
        provider = _provider(authority_code, provider_key)
        url, attempt = oidc.begin(provider, _around(), wanted=wanted, for_person=for_person, now=now())
    except Refusal as refusal:
        return _refused(refusal)
    session[ATTEMPT] = attempt.as_kept()
    return redirect(url, code=303)


def _provider(authority_code: str, provider_key: str) -> oidc.Provider:
    """The provider; the database is given back before anybody outside is asked."""
    with reading() as db:
        provider = enabled_provider(db, authority_code, provider_key)
        db.rollback()
    return provider


def _answered() -> tuple[oidc.Attempt, Claim]:
    """The attempt of this browser, used up, and what the provider vouches for."""
    kept = session.get(ATTEMPT)
    attempt = oidc.check_answer(request.args, oidc.Attempt(**kept) if kept else None, now=now())
    session.pop(ATTEMPT)
    try:
        provider = _provider(attempt.authority_code, attempt.provider_key)
    except NotFound:  # disabled in the meantime
        raise ProviderFault from None
    return attempt, oidc.claim_of(provider, _around(), attempt, request.args, now=now())


def _to_confirm(person_id: str, claim: Claim) -> ResponseReturnValue:
    """Linking waits for a button of ours; whoever began it must still be signed in."""
    if str(current_actor().person_id) != person_id:
        raise AttemptOver
    _keep(claim)
    return redirect(url_for("identity.mine"), code=303)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    return page("access/identity_refused.html", status_of(refusal), message=refusal.message)


# ---- somebody new ----


@bp.get("/sign-in/new-person")
@declares(Action.REGISTER)
def new_person() -> ResponseReturnValue:
    """Nobody's identity yet: which address is the new account for, or which account is it to be linked to?"""
    return _new_person(AddressForm(formdata=None))


@bp.post("/sign-in/new-person")
@declares(Action.REGISTER)
def ask_for_account() -> ResponseReturnValue:
    """Send a message to the address; the answer is the same whether or not it has an account."""
    form = AddressForm()
    if not form.validate() or _kept() is None:
        return _new_person(form, 422)
    try:
        with unit_of_work() as db:
            operations.ask_for_account(db, email=form.email.data, locale=locale(), now=now())
    except Refusal as refusal:
        return _new_person(form, show_refusal(form, refusal))
    return go_to(url_for("identity.account_sent"))


@bp.get("/sign-in/new-person/sent")
@declares(Action.REGISTER)
def account_sent() -> ResponseReturnValue:
    """Look into your mail."""
    return page("access/sent.html", again=url_for("identity.new_person"))


@bp.get("/sign-in/new-person/<identity_token>")
@declares(Action.REGISTER)
def opening(identity_token: str) -> ResponseReturnValue:
    """A button that opens the account, in the browser that the provider led back; opening the link uses nothing up."""
    return _opening(identity_token, NameForm(formdata=None))


@bp.post("/sign-in/new-person/<identity_token>")
@declares(Action.REGISTER)
def open_account(identity_token: str) -> ResponseReturnValue:
    """Open the account and sign in."""
    form, claim = NameForm(), _kept()
    if claim is None or not form.validate():
        return _opening(identity_token, form, 422)
    try:
        with unit_of_work() as db:
            opened = operations.open_account(
                db, token=identity_token, claim=claim, name=form.name.data or "", locale=locale(),
                user_agent=request.user_agent.string, actor=bearer(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _opening(identity_token, form, show_refusal(form, refusal))
    enter(*opened)
    return go_to(url_for("desk.show"))


def _new_person(form: AddressForm, status: int = 200) -> ResponseReturnValue:
    claim = _kept()
    if claim is None:
        return _refused(AttemptOver())
    return page(
        "access/new_person.html", status, form=form, claim=claim, number=masked_fiscal_number(claim.fiscal_number)
    )


def _opening(token: str, form: NameForm, status: int = 200) -> ResponseReturnValue:
    with reading() as db:
        link = open_link(db, token, LinkPurpose.IDENTITY, now())
        claim = _kept()
        number = masked_fiscal_number(claim.fiscal_number) if claim else ""
        return page(
            "access/opening_account.html", status if claim else 422, form=form, email=link.email, claim=claim,
            number=number, token=token,
        )  # fmt: skip


# ---- one's own identities ----


@bp.get("/account/identity")
@declares(Action.ACCOUNT_MANAGE)
def mine() -> ResponseReturnValue:
    """The identities linked to one's account; one that was just proven waits for a button."""
    return _mine()


@bp.post("/account/identity")
@declares(Action.ACCOUNT_MANAGE)
def link() -> ResponseReturnValue:
    """Link the identity that was just proven."""
    claim = _kept()
    if claim is None:
        return _mine(AttemptOver())
    try:
        with unit_of_work() as db:
            operations.link_identity(db, claim=claim, actor=current_actor(), now=now())
    except Refusal as refusal:
        session.pop(CLAIM, None)
        return _mine(refusal)
    session.pop(CLAIM, None)
    flash(_("The identity is linked: from now on it opens this account."), "success")
    return go_to(url_for("identity.mine"))


@bp.post("/account/identity/<uuid:identity_id>/remove")
@declares(Action.ACCOUNT_MANAGE)
def unlink(identity_id: UUID) -> ResponseReturnValue:
    """Remove one of them."""
    try:
        with unit_of_work() as db:
            operations.unlink_identity(db, identity_id=identity_id, actor=current_actor(), now=now())
    except operations.LastWayIn as refusal:
        return _mine(refusal)
    flash(_("The identity was removed: it opens this account no more."), "success")
    return go_to(url_for("identity.mine"))


def _mine(refusal: Refusal | None = None) -> ResponseReturnValue:
    claim = _kept()
    with reading() as db:
        own = own_identities(db, current_actor())
        return page(
            "access/identities.html", status_of(refusal) if refusal else 200, own=own, claim=claim,
            masked=masked_fiscal_number, message=refusal.message if refusal else None,
        )  # fmt: skip


# ---- what the browser keeps ----


def _keep(claim: Claim) -> None:
    session[CLAIM] = seal(json.dumps(asdict(claim)), purpose=PURPOSE)


def _kept() -> Claim | None:
    """What the provider said of whoever sits here, while it counts."""
    try:
        told = unseal(session.get(CLAIM, ""), purpose=PURPOSE, lasts=int(CLAIM_LASTS.total_seconds()))
    except SealBroken:
        return None
    return Claim(**json.loads(told))


def _around() -> oidc.Surroundings:
    settings: Settings = current_app.extensions["settings"]
    return oidc.Surroundings(settings.origin + url_for("identity.answer"), may_be_local=not settings.production)


@bp.errorhandler(NoSuchLink)
@bp.errorhandler(LinkOver)
def link_opens_nothing(refusal: Refusal) -> ResponseReturnValue:
    """As for every link that opens nothing."""
    status = 410 if isinstance(refusal, LinkOver) else status_of(refusal)
    return page("access/link_gone.html", status, message=refusal.message, again=url_for("identity.new_person"))


@bp.after_request
def keep_secrets(response: Response) -> Response:
    """Neither the code of an answer nor the token of a link goes anywhere with the files of the page."""
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
