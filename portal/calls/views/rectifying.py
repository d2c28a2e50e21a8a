"""Rectifying a published call: its changed file first, then what changes, then the act."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import operations
from portal.calls.callfile import CallFileRefused, design_to_json, read_call_file, write_call_file
from portal.calls.differences import differences
from portal.calls.forms import RectificationFileForm, RectificationForm
from portal.calls.operations.rectification import refused_changes
from portal.calls.queries import managed_call
from portal.calls.rules import CallDesign
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to


@bp.get("/manage/calls/<slug>/rectify")
@declares(Action.CALL_RECTIFY)
def rectifying(slug: str) -> ResponseReturnValue:
    """What a rectification may change, and the file it needs."""
    return _file_page(slug, [], 200)


@bp.post("/manage/calls/<slug>/rectify/check")
@declares(Action.CALL_RECTIFY)
def check_rectification(slug: str) -> ResponseReturnValue:
    """Read the changed file and show what it changes; nothing is changed yet."""
    upload = request.files.get("file")
    content = upload.read(1_000_001) if upload and upload.filename else b""
    if not content:
        return _file_page(slug, [_("No file was chosen. Choose one and send it again.")], 422)
    try:
        design = read_call_file(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _file_page(slug, [_("This file is not text in UTF-8.")], 422)
    except CallFileRefused as refused:
        return _file_page(slug, [str(fault) for fault in refused.faults], 422)
    return _act_page(slug, design, RectificationForm(formdata=None), 200)


@bp.post("/manage/calls/<slug>/rectify")
@declares(Action.CALL_RECTIFY)
def rectify(slug: str) -> ResponseReturnValue:
    """Rectify the call by an act."""
    form = RectificationForm()
    try:
        design = read_call_file(form.content.data or "")
    except CallFileRefused as refused:
        return _file_page(slug, [str(fault) for fault in refused.faults], 422)
    if not form.validate():
        return _act_page(slug, design, form, 422)
    try:
        _rectify(slug, design, form)
    except Invalid as refusal:
        form[refusal.field or "act_number"].errors = [str(refusal)]
        return _act_page(slug, design, form, 422)
    flash(_("The call is rectified."))
    return go_to(url_for("calls.manage", slug=slug))


def _rectify(slug: str, design: CallDesign, form: RectificationForm) -> None:
    with unit_of_work() as session:
        operations.rectify_call(
            session, call_id=managed_call(session, slug, current_actor()).id, design=design,
            act_number=form.act_number.data or "", act_date=form.act_date.data, reason=form.reason,
            actor=current_actor(), now=now(),
        )  # fmt: skip


def _file_page(slug: str, faults: list[str], status: int) -> ResponseReturnValue:
    with reading() as session:
        call = managed_call(session, slug, current_actor())
        return page("calls/rectify.html", status, call=call, form=RectificationFileForm(), faults=faults)


def _act_page(slug: str, design: CallDesign, form: RectificationForm, status: int) -> ResponseReturnValue:
    """What changes, before it does; the refused changes in place of the form."""
    with reading() as session:
        call = managed_call(session, slug, current_actor())
        faults = refused_changes(call=call, new=design, now=now())
        form.content.data = write_call_file(design)
        return page(
            "calls/rectify_act.html", 422 if faults else status, call=call, form=form, faults=faults,
            differences=differences(call.definition, design_to_json(design)),
        )  # fmt: skip
