"""Completing an application: the office asks, the team answers what was asked, everybody sees the clock."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.admissibility import Asked
from portal.applications.admissibility_forms import ITEM, MoreDaysForm, integration_form
from portal.applications.operations.integration_reply import ITEM as PLACE
from portal.applications.operations.integration_reply import IntegrationClosed, NothingAsked, is_worth_noting
from portal.applications.queries import registered_version
from portal.applications.queries.admissibility import clock_of
from portal.applications.queries.integration import (
    attempts_of,
    keys_missing,
    may_be_answered,
    mendable_of,
    parity_of,
    request_of,
)
from portal.applications.views.blueprint import bp
from portal.applications.views.mending import items_shown, summary_of
from portal.core.clock import now
from portal.core.errors import Invalid, Refusal, TooLarge
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.arrival import arrived_at
from portal.core.web.errors import status_of
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.receiving import one_arriving

NOT_KEPT = (Invalid, TooLarge, IntegrationClosed, NothingAsked)
"""Refusals of an answer that are read where it was written, with what was typed."""


@bp.get("/applications/<uuid:application_id>/integration/ask")
@declares(Action.INTEGRATION_ASK)
def asking(application_id: UUID) -> ResponseReturnValue:
    """What may be asked, what is missing, and what others were asked for the same."""
    with reading() as session:
        found = registered_version(session, application_id, current_actor(), Action.INTEGRATION_ASK)
        form = integration_form(mendable_of(session, found.application), formdata=None)
        form.days.data = found.application.design.admission.integration_days
        for key in keys_missing(session, found.application):
            form[ITEM + key].data = True
        return _asking_page(session, found, form)


@bp.post("/applications/<uuid:application_id>/integration/ask")
@declares(Action.INTEGRATION_ASK)
def ask(application_id: UUID) -> ResponseReturnValue:
    """Ask, and suspend the procedure."""
    with reading() as session:
        found = registered_version(session, application_id, current_actor(), Action.INTEGRATION_ASK)
        form = integration_form(mendable_of(session, found.application))
        if not form.validate():
            return _asking_page(session, found, form, 422)
    try:
        _ask(application_id, form)
    except Refusal as refusal:
        status = show_refusal(form, refusal)
        with reading() as session:
            found = registered_version(session, application_id, current_actor(), Action.INTEGRATION_ASK)
            return _asking_page(session, found, form, status)
    return go_to(url_for("applications.integration", application_id=application_id))


@bp.post("/applications/<uuid:application_id>/integration/extend")
@declares(Action.INTEGRATION_ASK)
def extend(application_id: UUID) -> ResponseReturnValue:
    """Give more time, once."""
    form = MoreDaysForm()
    if not form.validate():
        return _integration_page(application_id, 422, more=form)
    try:
        with unit_of_work() as session:
            operations.extend_integration(
                session, application_id=application_id, days=form.days.data, reason=form.reason.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _integration_page(application_id, show_refusal(form, refusal), more=form)
    flash(_("More time was given: the applicant was told."), "success")
    return go_to(url_for("applications.integration", application_id=application_id))


@bp.get("/applications/<uuid:application_id>/integration")
@declares(Action.INTEGRATION_READ)
def integration(application_id: UUID) -> ResponseReturnValue:
    """What was asked, by when, what was answered; the team answers here."""
    return _integration_page(application_id)


@bp.post("/applications/<uuid:application_id>/integration/items/<key>")
@declares(Action.INTEGRATION_ANSWER)
def answer(application_id: UUID, key: str) -> ResponseReturnValue:
    """Keep the answer to one thing that was asked."""
    received_at = arrived_at()
    asked = partial(operations.item_rules, application_id=application_id, key=key, actor=current_actor())
    try:
        with one_arriving(request.files.get("file"), asked) as file, unit_of_work() as session:
            operations.answer_item(
                session, application_id=application_id, key=key, typed=request.form.get("value"), upload=file,
                actor=current_actor(), received_at=received_at, now=now(),
            )  # fmt: skip
    except NOT_KEPT as refusal:
        where = PLACE + key if isinstance(refusal, Invalid | TooLarge) else ""
        return _integration_page(application_id, status_of(refusal), errors={where: refusal.message},
                                 typed={key: request.form.get("value", "")})  # fmt: skip
    flash(_("Kept. It counts once the whole answer is sent."), "success")
    return go_to(url_for("applications.integration", application_id=application_id, _anchor=f"item-{key}"))


@bp.post("/applications/<uuid:application_id>/integration/send")
@declares(Action.INTEGRATION_SEND)
def send_answer(application_id: UUID) -> ResponseReturnValue:
    """Register the answer; a second click leads to the same number."""
    received_at = arrived_at()
    try:
        with unit_of_work() as session:
            operations.send_integration(
                session, application_id=application_id, actor=current_actor(), received_at=received_at, now=now()
            )
    except Refusal as refusal:
        if not is_worth_noting(refusal=refusal):
            raise
        return _not_sent(application_id, refusal, received_at)
    flash(_("Your answer was registered."), "success")
    return go_to(url_for("applications.integration", application_id=application_id))


def _ask(application_id: UUID, form: Any) -> None:
    with unit_of_work() as session:
        operations.ask_integration(
            session, application_id=application_id, asked=[Asked(key, what) for key, what in form.asked.items()],
            reason=form.reason.data, days=form.days.data, actor=current_actor(), now=now(),
        )  # fmt: skip
    flash(_("The request was registered and sent: the procedure stands still until the answer or the term."), "success")


def _not_sent(application_id: UUID, refusal: Refusal, received_at: Any) -> ResponseReturnValue:
    """Keep the attempt, in a transaction of its own, and show what to mend."""
    with unit_of_work() as session:
        operations.note_refused_reply(
            session, application_id=application_id, refusal=refusal, actor=current_actor(), received_at=received_at
        )
    errors = getattr(refusal, "errors", {"": refusal.message})
    return _integration_page(application_id, status_of(refusal), errors=errors)


def _asking_page(session: Session, found: Any, form: Any, status: int = 200) -> ResponseReturnValue:
    applied = found.application
    mendable = mendable_of(session, applied)
    missing = keys_missing(session, applied)
    keys = set(form.asked) | set(missing)
    return page(
        "applications/integration_ask.html", status, found=found, form=form, mendable=mendable, missing=missing,
        parity=parity_of(session, applied, current_actor(), keys, form.days.data), asked=request_of(session, applied),
        is_over=now() > applied.phase.deadline.last_instant,
    )  # fmt: skip


def _integration_page(
    application_id: UUID, status: int = 200, *, more: Any = None, errors: Any = None, typed: Any = None
) -> ResponseReturnValue:
    with reading() as session:
        found = registered_version(session, application_id, current_actor(), Action.INTEGRATION_READ)
        applied, instant = found.application, now()
        asked = request_of(session, applied)
        return page(
            "applications/integration.html", status, found=found, asked=asked, now=instant, errors=errors or {},
            is_open=asked is not None and may_be_answered(applied, asked, instant),
            clock=clock_of(applied, asked, instant), more=more or MoreDaysForm(None),
            attempts=attempts_of(session, asked) if asked else [],
            items=items_shown(session, applied, asked, current_actor(), typed or {}) if asked else [],
            summary=summary_of(asked, errors or {}),
        )  # fmt: skip
