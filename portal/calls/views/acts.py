"""Acts of the office, each by its form: publishing, extending a deadline, cancelling."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import operations
from portal.calls.forms import ExtensionForm, PublicationForm, ReasonedActForm
from portal.calls.publishing import checklist, is_ready
from portal.calls.queries import managed_call, managed_phase, remaining_budget
from portal.calls.queries.publication import documents_of
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to


@bp.get("/manage/calls/<slug>/publish")
@declares(Action.CALL_PUBLISH)
def publishing(slug: str) -> ResponseReturnValue:
    """What is missing, what publication does, and the act it needs."""
    return _publication_page(slug, PublicationForm(), 200)


@bp.post("/manage/calls/<slug>/publish")
@declares(Action.CALL_PUBLISH)
def publish(slug: str) -> ResponseReturnValue:
    """Publish an approved call, at once or at a chosen instant."""
    form = PublicationForm()
    if not form.validate():
        return _publication_page(slug, form, 422)
    try:
        _publish(slug, form)
    except Invalid as refusal:
        form[refusal.field or "act_number"].errors = [str(refusal)]
        return _publication_page(slug, form, 422)
    is_later = form.when.data == "later"
    flash(_("The call will go out by itself at the chosen hour.") if is_later else _("The call is published."))
    return go_to(url_for("calls.manage", slug=slug))


@bp.get("/manage/calls/<slug>/phases/<uuid:phase_id>/extend")
@declares(Action.CALL_EXTEND)
def extending(slug: str, phase_id: UUID) -> ResponseReturnValue:
    """What an extension does, and what it needs."""
    return _extension_page(slug, phase_id, ExtensionForm(), 200)


@bp.post("/manage/calls/<slug>/phases/<uuid:phase_id>/extend")
@declares(Action.CALL_EXTEND)
def extend(slug: str, phase_id: UUID) -> ResponseReturnValue:
    """Move the deadline of a phase later."""
    form = ExtensionForm()
    if not form.validate():
        return _extension_page(slug, phase_id, form, 422)
    try:
        _extend(slug, phase_id, form)
    except Invalid as refusal:
        form[refusal.field or "closes_at"].errors = [str(refusal)]
        return _extension_page(slug, phase_id, form, 422)
    flash(_("The deadline is extended."))
    return go_to(url_for("calls.manage", slug=slug))


@bp.get("/manage/calls/<slug>/cancel")
@declares(Action.CALL_CANCEL)
def cancelling(slug: str) -> ResponseReturnValue:
    """What cancelling does, and the act it needs."""
    return _cancellation_page(slug, ReasonedActForm(), 200)


@bp.post("/manage/calls/<slug>/cancel")
@declares(Action.CALL_CANCEL)
def cancel(slug: str) -> ResponseReturnValue:
    """Cancel a call."""
    form = ReasonedActForm()
    if not form.validate():
        return _cancellation_page(slug, form, 422)
    try:
        _cancel(slug, form)
    except Invalid as refusal:
        form[refusal.field or "act_number"].errors = [str(refusal)]
        return _cancellation_page(slug, form, 422)
    flash(_("The call is cancelled."))
    return go_to(url_for("calls.manage", slug=slug))


def _publish(slug: str, form: PublicationForm) -> None:
    with unit_of_work() as session:
        act = {
            "call_id": managed_call(session, slug, current_actor()).id, "act_number": form.act_number.data or "",
            "act_date": form.act_date.data, "actor": current_actor(), "now": now(),
        }  # fmt: skip
        if form.when.data == "later":
            operations.plan_publication(session, at=form.publish_at.data, **act)
        else:
            operations.publish_call(session, **act)


def _extend(slug: str, phase_id: UUID, form: ExtensionForm) -> None:
    with unit_of_work() as session:
        operations.extend_deadline(
            session, phase_id=managed_phase(session, slug, phase_id, current_actor()).id,
            closes_at=form.closes_at.data, act_number=form.act_number.data or "", act_date=form.act_date.data,
            reason=form.reason, actor=current_actor(), now=now(),
        )  # fmt: skip


def _cancel(slug: str, form: ReasonedActForm) -> None:
    with unit_of_work() as session:
        operations.cancel_call(
            session, call_id=managed_call(session, slug, current_actor()).id, act_number=form.act_number.data or "",
            act_date=form.act_date.data, reason=form.reason, actor=current_actor(), now=now(),
        )  # fmt: skip


def _publication_page(slug: str, form: PublicationForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        call = managed_call(session, slug, current_actor())
        items = checklist(call, documents_of(session, call.id), now())
        return page("calls/publish.html", status, call=call, form=form, items=items, is_ready=is_ready(items))


def _extension_page(slug: str, phase_id: UUID, form: ExtensionForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        phase = managed_phase(session, slug, phase_id, current_actor())
        return page("calls/extend.html", status, call=phase.call, phase=phase, form=form, instant=now())


def _cancellation_page(slug: str, form: ReasonedActForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        call = managed_call(session, slug, current_actor())
        return page("calls/cancel.html", status, call=call, lines=remaining_budget(session, call), form=form)
