"""One commission: who sits and what changed; its sessions are convened here."""

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
from portal.evaluation.queries.seats_page import SeatsPage, seats_page
from portal.evaluation.sitting_forms import ConveneForm, LeaveForm, SeatForm
from portal.evaluation.views.blueprint import bp
from portal.evaluation.views.instants import instant_at


@bp.get("/commissions/<uuid:commission_id>")
@declares(Action.SITTING_READ)
def seats(commission_id: UUID) -> ResponseReturnValue:
    """Seats, changes, sessions."""
    return _page(commission_id)


@bp.post("/commissions/<uuid:commission_id>/seats")
@declares(Action.COMMISSION_APPOINT)
def seat(commission_id: UUID) -> ResponseReturnValue:
    """Give a seat by a further act."""
    form = SeatForm()
    with reading() as session:
        form.offer(seats_page(session, current_actor(), commission_id, now()).free)
    if not form.validate():
        return _page(commission_id, 422, seat_form=form)
    try:
        with unit_of_work() as session:
            operations.seat_by_act(
                session, commission_id=commission_id, person_id=form.person.data, seat=form.wanted,
                act_number=form.act_number.data, act_date=form.act_date.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _page(commission_id, show_refusal(form, refusal), seat_form=form)
    flash(_("The seat is given."), "success")
    return go_to(url_for("evaluation.seats", commission_id=commission_id))


@bp.post("/commissions/<uuid:commission_id>/leaving")
@declares(Action.COMMISSION_APPOINT)
def leave(commission_id: UUID) -> ResponseReturnValue:
    """Somebody leaves; the next substitute sits in their place."""
    form = LeaveForm()
    with reading() as session:
        form.offer(seats_page(session, current_actor(), commission_id, now()).commission.seats)
    if not form.validate():
        return _page(commission_id, 422, leave_form=form)
    try:
        with unit_of_work() as session:
            operations.leave_seat(
                session, commission_id=commission_id, member_id=form.member.data, reason=form.reason.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _page(commission_id, show_refusal(form, refusal), leave_form=form)
    flash(_("The seat is left: the page tells who sits now."), "success")
    return go_to(url_for("evaluation.seats", commission_id=commission_id))


@bp.post("/commissions/<uuid:commission_id>/sittings")
@declares(Action.SITTING_KEEP)
def convene(commission_id: UUID) -> ResponseReturnValue:
    """Convene a session."""
    form = ConveneForm()
    if not form.validate():
        return _page(commission_id, 422, convene_form=form)
    try:
        with unit_of_work() as session:
            made = operations.convene_sitting(
                session, commission_id=commission_id, starts_at=instant_at(form.starts_at.data), place=form.place.data,
                is_public=form.is_public.data, agenda=form.agenda.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _page(commission_id, show_refusal(form, refusal), convene_form=form)
    flash(_("The session is convened: whoever sits was told."), "success")
    return go_to(url_for("evaluation.sitting", sitting_id=made.id))


def _page(commission_id: UUID, status: int = 200, **forms: Any) -> ResponseReturnValue:
    with reading() as session:
        found = seats_page(session, current_actor(), commission_id, now())
        return page(
            "evaluation/seats.html", status, found=found, seats=SEAT_LABELS, labels=SITTING_LABELS,
            **_forms(found, forms),
        )  # fmt: skip


def _forms(found: SeatsPage, given: dict[str, Any]) -> dict[str, Any]:
    fresh = {
        "seat_form": SeatForm(formdata=None).offer(found.free),
        "leave_form": LeaveForm(formdata=None).offer(found.commission.seats),
        "convene_form": ConveneForm(formdata=None),
    }
    return fresh | given
