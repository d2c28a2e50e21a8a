"""The pages of the office: a call's state, its numbers, and steps of one button."""

from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import labels, operations
from portal.calls.callfile import write_call_file
from portal.calls.figures import figures_of
from portal.calls.forms import ReasonForm
from portal.calls.publishing import checklist
from portal.calls.queries import (
    managed_call,
    managed_calls,
    managed_phase,
    remaining_budget,
    revisions_newest_first,
)
from portal.calls.queries.publication import documents_of, events_of
from portal.calls.views.public import bp
from portal.core.clock import now
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
        documents = documents_of(session, call.id)
        return page(
            "calls/manage.html", call=call, lines=remaining_budget(session, call), figures=figures_of(session, call),
            revisions=revisions_newest_first(session, call), events=events_of(session, call), documents=documents,
            items=checklist(call, documents, now()) if call.published_at is None else [],
            labels=labels, instant=now(),
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


@bp.get("/manage/calls/<slug>/withdraw-approval")
@declares(Action.CALL_APPROVE)
def returning(slug: str) -> ResponseReturnValue:
    """What taking the approval back does, and the reason it needs."""
    return _return_page(slug, ReasonForm(), 200)


@bp.post("/manage/calls/<slug>/withdraw-approval")
@declares(Action.CALL_APPROVE)
def withdraw_approval(slug: str) -> ResponseReturnValue:
    """Make an approved call a draft again."""
    form = ReasonForm()
    if not form.validate():
        return _return_page(slug, form, 422)
    with unit_of_work() as session:
        call = managed_call(session, slug, current_actor())
        operations.withdraw_approval(session, call_id=call.id, reason=form.reason, actor=current_actor(), now=now())
    flash(_("The call is a draft again."))
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


@bp.post("/manage/calls/<slug>/conclude")
@declares(Action.CALL_CANCEL)
def conclude(slug: str) -> ResponseReturnValue:
    """Conclude a call."""
    with unit_of_work() as session:
        call = managed_call(session, slug, current_actor())
        operations.conclude_call(session, call_id=call.id, actor=current_actor(), now=now())
    flash(_("The call is concluded."))
    return go_to(url_for("calls.manage", slug=slug))


def _return_page(slug: str, form: ReasonForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        return page("calls/return.html", status, call=managed_call(session, slug, current_actor()), form=form)
