"""An authority: its settings for its administrators, its look and its privacy notice for everybody."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.authorities import ColourForm, LogoForm, NoticeForm, ParticularsForm, VersionedForm
from portal.access.labels import PAYMENT_EXPORTERS
from portal.access.models import Authority
from portal.access.operations import authorities as operations
from portal.access.policy import Action
from portal.access.queries.authorities import authorities_of, authority_page, authority_seen, logo_of, public_authority
from portal.access.rules.authorities import ContrastTooLow, PaymentExporter, look_of
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.errors import InvalidForm, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.fresh import fresh_page
from portal.core.web.respond import go_to
from portal.documents.receiving import arriving_as
from portal.documents.web import send_stored

bp = Blueprint("authorities", __name__)
FOR_A_YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
NO_FILE: AbstractContextManager[dict[str, Any]] = nullcontext({})


# ---- for its staff ----


@bp.get("/admin/authorities")
@declares(Action.AUTHORITY_READ)
def mine() -> ResponseReturnValue:
    """The authorities whose staff one is; straight to the only one."""
    with reading() as session:
        found = authorities_of(session, current_actor())
        if len(found) == 1:
            return redirect(url_for("authorities.show", authority_code=found[0].code), code=303)
        return page("authorities/mine.html", authorities=found)


@bp.get("/admin/authorities/<authority_code>")
@declares(Action.AUTHORITY_READ)
def show(authority_code: str) -> ResponseReturnValue:
    """Everything the authority says of itself, and where its people may sign in."""
    settings: Settings = current_app.extensions["settings"]
    with reading() as session:
        shown = authority_page(session, authority_code, current_actor())
        return page(
            "authorities/show.html", shown=shown, answer_at=settings.origin + url_for("identity.answer"),
            exporter=PAYMENT_EXPORTERS[PaymentExporter(shown.authority.payment_exporter)],
        )  # fmt: skip


@bp.get("/admin/authorities/<authority_code>/particulars")
@declares(Action.AUTHORITY_EDIT)
def particulars(authority_code: str) -> ResponseReturnValue:
    """The form of names, offices and choices."""
    return _form_page("particulars", authority_code, lambda found: ParticularsForm(None, obj=found))


@bp.post("/admin/authorities/<authority_code>/particulars")
@declares(Action.AUTHORITY_EDIT)
def save_particulars(authority_code: str) -> ResponseReturnValue:
    """Save names, offices and choices."""
    form = ParticularsForm()

    def given() -> dict[str, Any]:
        words = {name: form[name].data or "" for name in ("name", "office", "email", "pec", "rup", "register_code")}
        exporter = PaymentExporter(form.payment_exporter.data)
        return {"particulars": operations.Particulars(**words, payment_exporter=exporter)}

    return _save("particulars", authority_code, form, operations.save_particulars, given)


@bp.get("/admin/authorities/<authority_code>/look")
@declares(Action.AUTHORITY_EDIT)
def look(authority_code: str) -> ResponseReturnValue:
    """The form of the colour."""
    return _form_page("look", authority_code, lambda found: ColourForm(None, obj=found))


@bp.post("/admin/authorities/<authority_code>/look")
@declares(Action.AUTHORITY_EDIT)
def save_colour(authority_code: str) -> ResponseReturnValue:
    """Save the colour, within the limits of contrast."""
    form = ColourForm()
    return _save(
        "look",
        authority_code,
        form,
        operations.save_colour,
        lambda: {"colour": form.colour.data or ""},
    )


@bp.get("/admin/authorities/<authority_code>/picture")
@declares(Action.AUTHORITY_EDIT)
def picture(authority_code: str) -> ResponseReturnValue:
    """The form of the picture."""
    return _form_page("picture", authority_code, lambda found: LogoForm(None, obj=found))


@bp.post("/admin/authorities/<authority_code>/picture")
@declares(Action.AUTHORITY_EDIT)
def save_picture(authority_code: str) -> ResponseReturnValue:
    """Take a picture."""
    form = LogoForm()
    asked = partial(operations.logo_rules, authority_code=authority_code, actor=current_actor())
    return _save(
        "picture",
        authority_code,
        form,
        operations.save_logo,
        dict,
        arriving_as("upload", form.logo.data or None, asked),
    )


@bp.post("/admin/authorities/<authority_code>/picture/remove")
@declares(Action.AUTHORITY_EDIT)
def remove_picture(authority_code: str) -> ResponseReturnValue:
    """Show no picture any more."""
    form = LogoForm()
    return _save("picture", authority_code, form, operations.remove_logo, dict)


@bp.get("/admin/authorities/<authority_code>/notice")
@declares(Action.AUTHORITY_EDIT)
def notice(authority_code: str) -> ResponseReturnValue:
    """The form of the privacy notice."""

    def filled(found: Authority) -> NoticeForm:
        texts = found.privacy_notice or {}
        return NoticeForm(None, obj=found, notice_it=texts.get("it", ""), notice_en=texts.get("en", ""))

    return _form_page("notice", authority_code, filled)


@bp.post("/admin/authorities/<authority_code>/notice")
@declares(Action.AUTHORITY_EDIT)
def save_notice(authority_code: str) -> ResponseReturnValue:
    """Save the privacy notice in both languages."""
    form = NoticeForm()
    return _save(
        "notice",
        authority_code,
        form,
        operations.save_privacy_notice,
        lambda: {"notice": form.notice()},
    )


def _form_page(
    template: str, authority_code: str, filled: Callable[[Authority], VersionedForm], status: int = 200, **more: object
) -> ResponseReturnValue:
    with reading() as session:
        authority = authority_seen(session, authority_code, current_actor(), Action.AUTHORITY_EDIT)
        return page(f"authorities/{template}.html", status, authority=authority, form=filled(authority), **more)


def _save(
    template: str, authority_code: str, form: VersionedForm, operation: Callable[..., object],
    given: Callable[[], dict[str, Any]], file: AbstractContextManager[dict[str, Any]] = NO_FILE,
) -> ResponseReturnValue:  # fmt: skip
    """Save what the form says, or show it again with the refusal, ready to be sent once more."""
    try:
        if not form.validate():
            raise InvalidForm({})
        with file as found, unit_of_work() as session:
            operation(
                session, authority_code=authority_code, version_seen=form.version.data, actor=current_actor(),
                now=now(), **given(), **found,
            )  # fmt: skip
    except Refusal as refusal:
        return _again(template, authority_code, form, refusal)
    flash(_("The authority was changed."), "success")
    return go_to(url_for("authorities.show", authority_code=authority_code))


def _again(template: str, authority_code: str, form: VersionedForm, refusal: Refusal) -> ResponseReturnValue:
    status = show_refusal(form, refusal)
    offered = refusal.offered if isinstance(refusal, ContrastTooLow) else None

    def told(found: Authority) -> VersionedForm:
        form.take_version(found.version)
        return form

    return _form_page(template, authority_code, told, status, offered=offered)


# ---- for everybody ----


@bp.get("/authorities/<authority_code>/look.css")
@declares(Action.PUBLIC_READ)
def stylesheet(authority_code: str) -> ResponseReturnValue:
    """The colours of the frame on the authority's pages; nothing where it has none of its own."""
    with reading() as session:
        authority = public_authority(session, authority_code)
        css = look_of(authority.colour) if authority.colour else ""
        return _kept(Response(css, content_type="text/css; charset=utf-8"), authority)


@bp.get("/authorities/<authority_code>/logo")
@declares(Action.PUBLIC_READ)
def logo(authority_code: str) -> ResponseReturnValue:
    """The picture of the authority."""
    with reading() as session:
        authority, file = logo_of(session, authority_code)
        return _kept(send_stored(file), authority)


@bp.get("/authorities/<authority_code>/privacy")
@declares(Action.PUBLIC_READ)
def privacy(authority_code: str) -> ResponseReturnValue:
    """The privacy notice of the authority, or the portal's own in its name."""
    with reading() as session:
        authority = public_authority(session, authority_code)
        is_shared = current_actor().is_anonymous
        return fresh_page("authorities/privacy.html", is_shared=is_shared, authority=authority)


def _kept(response: Response, authority: Authority) -> Response:
    """A browser keeps what was asked for with the version that is stored now; anything else it asks again."""
    is_now = request.args.get("v") == str(authority.version)
    response.headers["Cache-Control"] = FOR_A_YEAR if is_now else ASK_AGAIN
    return response
