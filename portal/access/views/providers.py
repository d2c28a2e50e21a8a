"""The identity providers of an authority, for its administrators."""

from uuid import UUID

from flask import Blueprint, current_app, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.authorities import ProviderForm, VersionForm
from portal.access.operations import providers as operations
from portal.access.policy import Action
from portal.access.queries.authorities import authority_seen, provider_seen
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.errors import InvalidForm, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("providers", __name__, url_prefix="/admin/authorities/<authority_code>/providers")
DETAILS = ("key", "name", "issuer", "client_id", "acr_values", "strong_acr", "fiscal_claim")


@bp.get("/new")
@declares(Action.IDENTITY_PROVIDER_EDIT)
def new(authority_code: str) -> ResponseReturnValue:
    """The form of one more provider."""
    return _new(authority_code, ProviderForm(None, version=1))


@bp.post("/new")
@declares(Action.IDENTITY_PROVIDER_EDIT)
def add(authority_code: str) -> ResponseReturnValue:
    """Write it down; another administrator enables it."""
    form = ProviderForm()
    try:
        details = _details(form)
        with unit_of_work() as session:
            operations.add_provider(
                session, authority_code=authority_code, details=details, secret=form.secret.data or "",
                may_be_local=_may_be_local(), actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _new(authority_code, form, show_refusal(form, refusal))
    return _back(authority_code, _("The identity provider was written down. Another administrator enables it."))


@bp.get("/<uuid:provider_id>")
@declares(Action.IDENTITY_PROVIDER_EDIT)
def show(authority_code: str, provider_id: UUID) -> ResponseReturnValue:
    """The form of a provider; its secret is not in it."""
    return _shown(authority_code, provider_id)


@bp.post("/<uuid:provider_id>")
@declares(Action.IDENTITY_PROVIDER_EDIT)
def change(authority_code: str, provider_id: UUID) -> ResponseReturnValue:
    """Change it, which disables it."""
    form = ProviderForm()
    try:
        details = _details(form)
        with unit_of_work() as session:
            operations.change_provider(
                session, authority_code=authority_code, provider_id=provider_id, details=details,
                secret=form.secret.data or "", may_be_local=_may_be_local(), version_seen=form.version.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _shown(authority_code, provider_id, form, show_refusal(form, refusal))
    return _back(authority_code, _("The identity provider was changed. Another administrator enables it."))


@bp.post("/<uuid:provider_id>/enable")
@declares(Action.IDENTITY_PROVIDER_EDIT)
def enable(authority_code: str, provider_id: UUID) -> ResponseReturnValue:
    """Let people sign in with it."""
    with unit_of_work() as session:
        operations.enable_provider(
            session, authority_code=authority_code, provider_id=provider_id, version_seen=_version_seen(),
            actor=current_actor(), now=now(),
        )  # fmt: skip
    return _back(authority_code, _("People can sign in with this identity provider now."))


@bp.post("/<uuid:provider_id>/disable")
@declares(Action.IDENTITY_PROVIDER_EDIT)
def disable(authority_code: str, provider_id: UUID) -> ResponseReturnValue:
    """Let nobody sign in with it any more."""
    with unit_of_work() as session:
        operations.disable_provider(
            session, authority_code=authority_code, provider_id=provider_id, version_seen=_version_seen(),
            actor=current_actor(), now=now(),
        )  # fmt: skip
    return _back(authority_code, _("Nobody can sign in with this identity provider any more."))


def _new(authority_code: str, form: ProviderForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        authority = authority_seen(session, authority_code, current_actor(), Action.IDENTITY_PROVIDER_EDIT)
        return page("authorities/provider.html", status, authority=authority, provider=None, form=form)


def _shown(
    authority_code: str, provider_id: UUID, form: ProviderForm | None = None, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        provider = provider_seen(session, authority_code, provider_id, current_actor())
        form = form or ProviderForm(None, obj=provider)
        form.take_version(provider.version)
        return page("authorities/provider.html", status, authority=provider.authority, provider=provider, form=form)


def _details(form: ProviderForm) -> operations.ProviderDetails:
    """What the form says; its own refusals stand beside their fields."""
    if not form.validate():
        raise InvalidForm({})
    return operations.ProviderDetails(**{name: form[name].data or "" for name in DETAILS})


def _version_seen() -> int:
    """The version that was on the screen; none at all is older than any."""
    form = VersionForm()
    return int(form.version.data) if form.validate() else 0


def _may_be_local() -> bool:
    settings: Settings = current_app.extensions["settings"]
    return not settings.production


def _back(authority_code: str, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return go_to(url_for("authorities.show", authority_code=authority_code))
