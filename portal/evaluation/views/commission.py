"""The office's page of an evaluation: seats, loads, conflicts, rankings, publication with its effects first."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

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
from portal.evaluation.forms import ActForm, AppointForm, DrawForm, SeedForm
from portal.evaluation.labels import RANKING_LABELS, SEAT_LABELS
from portal.evaluation.queries.commissions import commission_page, phase_address, phase_of_call
from portal.evaluation.queries.draws import visible_draw
from portal.evaluation.queries.effects import effects_of
from portal.evaluation.queries.seats import seats_offered
from portal.evaluation.views.blueprint import bp


@bp.get("/manage/calls/<slug>/commission")
@declares(Action.RANKING_READ)
def commission(slug: str) -> ResponseReturnValue:
    """Where the evaluation of a phase stands, and the next thing to do."""
    return _page(slug)


@bp.post("/manage/calls/<slug>/commission")
@declares(Action.COMMISSION_APPOINT)
def appoint(slug: str) -> ResponseReturnValue:
    """Appoint chair and members."""
    form = _seats_form(slug)
    if not form.validate():
        return _page(slug, 422, appoint_form=form)
    try:
        with unit_of_work() as session:
            operations.appoint_commission(
                session, phase_id=_phase_id(session, slug), act_number=form.act_number.data,
                act_date=form.act_date.data, chair_id=form.chair.data, member_ids=form.members.data,
                substitute_ids=form.waiting, secretary_id=form.secretary.data, even_reason=form.even_reason.data or "",
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _page(slug, show_refusal(form, refusal), appoint_form=form)
    flash(_("The commission is appointed. Assign the applications next."))
    return go_to(_address(slug))


@bp.post("/manage/calls/<slug>/commission/rankings")
@declares(Action.RANKING_COMPUTE)
def compute(slug: str) -> ResponseReturnValue:
    """Compute the next version of the ranking."""
    try:
        with unit_of_work() as session:
            operations.compute(session, phase_id=_phase_id(session, slug), actor=current_actor(), now=now())
    except Refusal as refusal:
        return _page(slug, show_refusal(form := ActForm(), refusal), act_form=form)
    flash(_("The ranking is computed. Read it before publishing it."))
    return go_to(_address(slug))


@bp.post("/rankings/<uuid:ranking_id>/provisional")
@declares(Action.RANKING_PUBLISH)
def publish_provisional(ranking_id: UUID) -> ResponseReturnValue:
    """Publish a drafted version."""
    return _publish(ranking_id, operations.publish_provisional, _("The provisional ranking is published."))


@bp.post("/rankings/<uuid:ranking_id>/final")
@declares(Action.RANKING_PUBLISH)
def publish_final(ranking_id: UUID) -> ResponseReturnValue:
    """Make a provisional ranking final."""
    return _publish(ranking_id, operations.publish_final, _("The final ranking is published."))


@bp.post("/rankings/<uuid:ranking_id>/draws")
@declares(Action.RANKING_PUBLISH)
def publish_draw(ranking_id: UUID) -> ResponseReturnValue:
    """Publish the lists of those who share a place."""
    form = DrawForm()
    slug, phase_key = _home_of(ranking_id)
    if not form.validate():
        return _page(slug, 422, phase_key, draw_form=form)
    try:
        with unit_of_work() as session:
            made = operations.publish_draw(
                session, ranking_id=ranking_id, source=form.source.data, held_on=form.held_on.data,
                act_number=form.list_act_number.data, act_date=form.list_act_date.data, actor=current_actor(),
                now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _page(slug, show_refusal(form, refusal), phase_key, draw_form=form)
    flash(_("The lists are published. Enter the outcome once the public draw has been held."))
    return go_to(url_for("evaluation.draw", draw_id=made.id))


@bp.post("/draws/<uuid:draw_id>/seed")
@declares(Action.RANKING_PUBLISH)
def enter_seed(draw_id: UUID) -> ResponseReturnValue:
    """Enter the outcome of the public draw."""
    form = SeedForm()
    slug, phase_key = _home_of_draw(draw_id)
    if not form.validate():
        return _page(slug, 422, phase_key, seed_form=form)
    try:
        with unit_of_work() as session:
            operations.enter_seed(session, draw_id=draw_id, seed=form.seed.data, actor=current_actor(), now=now())
    except Refusal as refusal:
        return _page(slug, show_refusal(form, refusal), phase_key, seed_form=form)
    flash(_("The outcome is entered: compute the ranking again."))
    return go_to(url_for("evaluation.draw", draw_id=draw_id))


def _publish(ranking_id: UUID, operation: Any, done: str) -> ResponseReturnValue:
    form = ActForm()
    slug, phase_key = _home_of(ranking_id)
    if not form.validate():
        return _page(slug, 422, phase_key, act_form=form)
    try:
        with unit_of_work() as session:
            operation(session, ranking_id=ranking_id, act_number=form.act_number.data, act_date=form.act_date.data,
                      actor=current_actor(), now=now())  # fmt: skip
    except Refusal as refusal:
        return _page(slug, show_refusal(form, refusal), phase_key, act_form=form)
    flash(done)
    return go_to(url_for("evaluation.ranking", ranking_id=ranking_id))


def _page(slug: str, status: int = 200, phase_key: str | None = None, **forms: Any) -> ResponseReturnValue:
    with reading() as session:
        found = commission_page(session, current_actor(), slug, phase_key or _phase_key(), now())
        appoint_form = forms.get("appoint_form") or AppointForm(formdata=None)
        if found.commission is None and "appoint_form" not in forms:
            _offered(session, found.call.authority_id, appoint_form)
        return page(
            "evaluation/commission.html", status, found=found, effects_of_publication=effects_of(found),
            form=next(iter(forms.values()), None) or ActForm(formdata=None),
            appoint_form=appoint_form, act_form=forms.get("act_form") or ActForm(formdata=None),
            draw_form=forms.get("draw_form") or DrawForm(formdata=None),
            seed_form=forms.get("seed_form") or SeedForm(formdata=None),
            seats=SEAT_LABELS, labels=RANKING_LABELS,
        )  # fmt: skip


def _seats_form(slug: str) -> AppointForm:
    with reading() as session:
        call, _phase = phase_of_call(session, current_actor(), slug, _phase_key(), now())
        return _offered(session, call.authority_id, AppointForm())


def _offered(session: Session, authority_id: UUID, form: AppointForm) -> AppointForm:
    form.offer(seats_offered(session, authority_id, now()))
    return form


def _phase_key() -> str | None:
    return request.values.get("phase") or None


def _phase_id(session: Session, slug: str) -> UUID:
    return phase_of_call(session, current_actor(), slug, _phase_key(), now())[1].id


def _home_of(ranking_id: UUID) -> tuple[str, str]:
    with reading() as session:
        return phase_address(session, current_actor(), ranking_id)


def _home_of_draw(draw_id: UUID) -> tuple[str, str]:
    with reading() as session:
        return phase_address(session, current_actor(), visible_draw(session, current_actor(), draw_id).ranking_id)


def _address(slug: str) -> str:
    return url_for("evaluation.commission", slug=slug, phase=_phase_key())
