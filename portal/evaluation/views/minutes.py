"""Minutes: their file, a signature, further minutes that correct them."""

from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Invalid, Refusal
from portal.core.i18n import _, locale
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.web import send_stored
from portal.evaluation import operations
from portal.evaluation.minutes import minutes_pdf
from portal.evaluation.queries.sittings import readable_minutes
from portal.evaluation.sitting_forms import RefuseForm, RemarkForm, SignForm
from portal.evaluation.views.blueprint import bp
from portal.evaluation.views.sittings import sitting_shown


@bp.get("/minutes/<uuid:minutes_id>/file")
@declares(Action.SITTING_READ)
def minutes_file(minutes_id: UUID) -> ResponseReturnValue:
    """The registered original; for whom a part is kept from, an extract without it."""
    with reading() as session:
        found, _phase = readable_minutes(session, current_actor(), minutes_id)
        if found.is_whole:
            return send_stored(found.minutes.file)
    return minutes_copy(minutes_id)


@bp.get("/minutes/<uuid:minutes_id>/copy")
@declares(Action.SITTING_READ)
def minutes_copy(minutes_id: UUID) -> ResponseReturnValue:
    """A copy in the reader's language, without what is kept from them."""
    with reading() as session:
        found, phase = readable_minutes(session, current_actor(), minutes_id)
        content = minutes_pdf(
            phase.call.authority, found.minutes.document, found.lines, locale(), is_copy=True, is_whole=found.is_whole
        )
    name = {"Content-Disposition": f'attachment; filename="{locale()}-{found.minutes.file.name}"'}
    return Response(content, mimetype="application/pdf", headers=name)


@bp.post("/minutes/<uuid:minutes_id>/sign")
@declares(Action.MINUTES_SIGN)
def sign_minutes(minutes_id: UUID) -> ResponseReturnValue:
    """Sign what was shown."""
    sitting_id = _sitting_of(minutes_id)
    with unit_of_work() as session:
        operations.sign_minutes(
            session, minutes_id=minutes_id, sha256=SignForm().sha256.data or "", actor=current_actor(), now=now()
        )
    flash(_("The minutes are signed."), "success")
    return go_to(url_for("evaluation.sitting", sitting_id=sitting_id))


@bp.post("/minutes/<uuid:minutes_id>/refuse")
@declares(Action.MINUTES_SIGN)
def refuse_minutes(minutes_id: UUID) -> ResponseReturnValue:
    """Refuse to sign, and say why."""
    form, sitting_id = RefuseForm(), _sitting_of(minutes_id)
    if not form.validate():
        return sitting_shown(sitting_id, 422, refuse_form=form, refused=minutes_id)
    try:
        with unit_of_work() as session:
            operations.refuse_minutes(
                session, minutes_id=minutes_id, reason=form.reason.data, actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        return sitting_shown(sitting_id, show_refusal(form, refusal), refuse_form=form, refused=minutes_id)
    flash(_("It is written beside the minutes that you do not sign them, and why."), "success")
    return go_to(url_for("evaluation.sitting", sitting_id=sitting_id))


@bp.post("/minutes/<uuid:minutes_id>/correct")
@declares(Action.SITTING_KEEP)
def correct_minutes(minutes_id: UUID) -> ResponseReturnValue:
    """Make further minutes."""
    form, sitting_id = RemarkForm(), _sitting_of(minutes_id)
    if not form.validate():
        return sitting_shown(sitting_id, 422, remark_form=form)
    try:
        with unit_of_work() as session:
            operations.correct_minutes(
                session, minutes_id=minutes_id, text=form.text.data, reference=form.reference.data or "",
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return sitting_shown(sitting_id, show_refusal(form, refusal), remark_form=form)
    flash(_("Further minutes are registered: they point to the earlier ones."), "success")
    return go_to(url_for("evaluation.sitting", sitting_id=sitting_id))


def _sitting_of(minutes_id: UUID) -> UUID:
    with reading() as session:
        return readable_minutes(session, current_actor(), minutes_id)[0].minutes.sitting_id
