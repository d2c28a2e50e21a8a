"""One session of a commission: opened, noted, closed; its minutes read, signed, corrected."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.evaluation import operations
from portal.evaluation.labels import SEAT_LABELS, SITTING_LABELS
from portal.evaluation.queries.happenings import lines_so_far
from portal.evaluation.queries.sittings import SittingPage, sitting_page
from portal.evaluation.sitting_forms import OpenForm, PresenceForm, RefuseForm, RemarkForm, SignForm
from portal.evaluation.views.blueprint import bp


@bp.get("/sittings/<uuid:sitting_id>")
@declares(Action.SITTING_READ)
def sitting(sitting_id: UUID) -> ResponseReturnValue:
    """When, where, who was there, the minutes; and the next thing to do."""
    return sitting_shown(sitting_id)


@bp.post("/sittings/<uuid:sitting_id>/open")
@declares(Action.SITTING_KEEP)
def open_sitting(sitting_id: UUID) -> ResponseReturnValue:
    """Open it with who is there."""
    form = OpenForm()
    _offer(form, sitting_id)
    if not form.validate():
        return sitting_shown(sitting_id, 422, open_form=form)
    try:
        with unit_of_work() as session:
            operations.open_sitting(
                session, sitting_id=sitting_id, present_ids=form.ticked, missing_reason=form.missing_reason.data or "",
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return sitting_shown(sitting_id, show_refusal(form, refusal), open_form=form)
    return _back(sitting_id, _("The session is open."))


@bp.post("/sittings/<uuid:sitting_id>/presences")
@declares(Action.SITTING_KEEP)
def note_presence(sitting_id: UUID) -> ResponseReturnValue:
    """Note who came in."""
    form = PresenceForm()
    _offer(form, sitting_id)
    if not form.validate():
        return sitting_shown(sitting_id, 422, presence_form=form)
    try:
        with unit_of_work() as session:
            operations.note_presence(
                session, sitting_id=sitting_id, present_ids=form.ticked, actor=current_actor(), now=now()
            )
    except Refusal as refusal:
        return sitting_shown(sitting_id, show_refusal(form, refusal), presence_form=form)
    return _back(sitting_id, _("Noted."))


@bp.post("/sittings/<uuid:sitting_id>/remarks")
@declares(Action.SITTING_KEEP)
def remark(sitting_id: UUID) -> ResponseReturnValue:
    """Note something for the minutes."""
    form = RemarkForm()
    if not form.validate():
        return sitting_shown(sitting_id, 422, remark_form=form)
    try:
        with unit_of_work() as session:
            operations.write_remark(
                session, sitting_id=sitting_id, text=form.text.data, reference=form.reference.data or "",
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return sitting_shown(sitting_id, show_refusal(form, refusal), remark_form=form)
    return _back(sitting_id, _("Noted."))


@bp.get("/sittings/<uuid:sitting_id>/closing")
@declares(Action.SITTING_KEEP)
def closing(sitting_id: UUID) -> ResponseReturnValue:
    """What the minutes will say, before the session is closed."""
    with reading() as session:
        found, lines = lines_so_far(session, current_actor(), sitting_id, now())
        return page("evaluation/closing.html", found=found, lines=lines)


@bp.post("/sittings/<uuid:sitting_id>/close")
@declares(Action.SITTING_KEEP)
def close_sitting(sitting_id: UUID) -> ResponseReturnValue:
    """Close it, and make the minutes."""
    with unit_of_work() as session:
        operations.close_sitting(session, sitting_id=sitting_id, actor=current_actor(), now=now())
    return _back(sitting_id, _("The session is closed. The minutes are registered and wait for who was there."))


@bp.post("/sittings/<uuid:sitting_id>/cancel")
@declares(Action.SITTING_KEEP)
def cancel_sitting(sitting_id: UUID) -> ResponseReturnValue:
    """Call it off."""
    with unit_of_work() as session:
        operations.cancel_sitting(session, sitting_id=sitting_id, actor=current_actor(), now=now())
    return _back(sitting_id, _("The session is called off: whoever sits was told."))


def sitting_shown(sitting_id: UUID, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """The page of a session, with forms as they were sent."""
    with reading() as session:
        found = sitting_page(session, current_actor(), sitting_id)
        return page(
            "evaluation/sitting.html", status, found=found, seats=SEAT_LABELS, labels=SITTING_LABELS,
            me=current_actor().person_id, instant=now(), **_forms(found) | forms,
        )  # fmt: skip


def _forms(found: SittingPage) -> dict[str, Any]:
    return {
        "open_form": OpenForm(formdata=None).offer(found.expected),
        "presence_form": PresenceForm(formdata=None).offer(found.absent),
        "remark_form": RemarkForm(formdata=None),
        "sign_form": SignForm(formdata=None),
        "refuse_form": RefuseForm(formdata=None),
        "refused": None,
    }


def _offer(form: PresenceForm, sitting_id: UUID) -> None:
    with reading() as session:
        form.offer(sitting_page(session, current_actor(), sitting_id).expected)


def _back(sitting_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return go_to(url_for("evaluation.sitting", sitting_id=sitting_id))
