"""The pages of the office: a call's state, its acts, its numbers."""

from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import labels, operations
from portal.calls.callfile import write_call_file
from portal.calls.figures import figures_of
from portal.calls.forms import ActForm, ExtensionForm
from portal.calls.queries import (
    managed_call,
    managed_calls,
    managed_phase,
    remaining_budget,
    revisions_newest_first,
)
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to


@bp.get("/manage/calls")
@declares(Action.CALL_MANAGE)
def managed() -> ResponseReturnValue:
    """Every call of the authority, drafts first."""
    with reading() as session:
        calls = managed_calls(session, current_actor())
        return page("calls/managed.html", calls=calls, labels=labels, instant=now())


@bp.get("/manage/calls/<slug>")
@declares(Action.CALL_MANAGE)
def manage(slug: str) -> ResponseReturnValue:
    """One call as the office sees it."""
    with reading() as session:
        call = managed_call(session, slug, current_actor())
        return page(
            "calls/manage.html", call=call, lines=remaining_budget(session, call), figures=figures_of(session, call),
            revisions=revisions_newest_first(session, call), labels=labels, instant=now(),
        )  # fmt: skip


@bp.get("/manage/calls/<slug>/call.yaml")
@declares(Action.CALL_MANAGE)
def export(slug: str) -> ResponseReturnValue:
    """The call as a file."""
    with reading() as session:
        text = write_call_file(managed_call(session, slug, current_actor()).design)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.yaml"'}
    return Response(text, mimetype="application/yaml", headers=headers)


@bp.post("/manage/calls/<slug>/approve")
@declares(Action.CALL_APPROVE)
def approve(slug: str) -> ResponseReturnValue:
    """Approve a draft."""
    with unit_of_work() as session:
        call = managed_call(session, slug, current_actor())
        operations.approve_call(session, call_id=call.id, actor=current_actor(), now=now())
    flash(_("The call is approved. It can be published."))
    return go_to(url_for("calls.manage", slug=slug))


@bp.get("/manage/calls/<slug>/publish")
@declares(Action.CALL_PUBLISH)
def publishing(slug: str) -> ResponseReturnValue:
    """What publication does, and the act it needs."""
    return _publication_page(slug, ActForm(), 200)


@bp.post("/manage/calls/<slug>/publish")
@declares(Action.CALL_PUBLISH)
def publish(slug: str) -> ResponseReturnValue:
    """Publish an approved call."""
    form = ActForm()
    if not form.validate():
        return _publication_page(slug, form, 422)
    with unit_of_work() as session:
        operations.publish_call(
            session, call_id=managed_call(session, slug, current_actor()).id,
            act_number=form.act_number.data or "", act_date=form.act_date.data, actor=current_actor(), now=now(),
        )  # fmt: skip
    flash(_("The call is published."))
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


@bp.post("/manage/calls/<slug>/phases/<uuid:phase_id>/evaluation")
@declares(Action.CALL_PUBLISH)
def begin_evaluation(slug: str, phase_id: UUID) -> ResponseReturnValue:
    """Begin the evaluation of a phase."""
    with unit_of_work() as session:
        phase = managed_phase(session, slug, phase_id, current_actor())
        operations.begin_evaluation(session, phase_id=phase.id, actor=current_actor(), now=now())
    flash(_("The evaluation has begun. Appoint the commission next."))
    return go_to(url_for("calls.manage", slug=slug))


def _extend(slug: str, phase_id: UUID, form: ExtensionForm) -> None:
    with unit_of_work() as session:
        operations.extend_deadline(
            session, phase_id=managed_phase(session, slug, phase_id, current_actor()).id,
            closes_at=form.closes_at.data, act_number=form.act_number.data or "", act_date=form.act_date.data,
            reason={"it": form.reason_it.data or "", "en": form.reason_en.data or ""},
            actor=current_actor(), now=now(),
        )  # fmt: skip


def _publication_page(slug: str, form: ActForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        return page("calls/publish.html", status, call=managed_call(session, slug, current_actor()), form=form)


def _extension_page(slug: str, phase_id: UUID, form: ExtensionForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        phase = managed_phase(session, slug, phase_id, current_actor())
        return page("calls/extend.html", status, call=phase.call, phase=phase, form=form)
