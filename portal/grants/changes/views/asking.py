"""Asking for a change: what is wanted, its effect, then why; the same pages complete a request that came back."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.receiving import arriving
from portal.grants.changes import labels, limits, operations, queries
from portal.grants.changes.operations.refusals import NotUnderWay
from portal.grants.changes.rules import AmendmentKind
from portal.grants.changes.shown import effect_of, is_typed
from portal.grants.changes.wanting import FORMS, typed_names
from portal.grants.models import Amendment, Grant
from portal.grants.queries import grant_to_read, is_of_the_team
from portal.grants.views.bp import bp


@bp.get("/grants/<uuid:grant_id>/changes/new")
@declares(Action.AMENDMENT_ASK)
def asking(grant_id: UUID) -> ResponseReturnValue:
    """What is wanted, then its effect with the form that asks for it."""
    return _page(grant_id)


@bp.post("/grants/<uuid:grant_id>/changes/new")
@declares(Action.AMENDMENT_ASK)
def ask(grant_id: UUID) -> ResponseReturnValue:
    """Ask, or make the change where it is free."""
    return _send(grant_id, operations.ask_amendment)


@bp.get("/grants/<uuid:grant_id>/changes/<uuid:amendment_id>/again")
@declares(Action.AMENDMENT_ASK)
def completing(grant_id: UUID, amendment_id: UUID) -> ResponseReturnValue:
    """A request that came back, as it was typed."""
    return _page(grant_id, amendment_id)


@bp.post("/grants/<uuid:grant_id>/changes/<uuid:amendment_id>/again")
@declares(Action.AMENDMENT_ASK)
def complete(grant_id: UUID, amendment_id: UUID) -> ResponseReturnValue:
    """Send it again."""
    return _send(grant_id, partial(operations.complete_amendment, amendment_id=amendment_id), amendment_id)


def _send(grant_id: UUID, operation: Any, amendment_id: UUID | None = None) -> ResponseReturnValue:
    with reading() as session:
        form = _form(session, grant_id, amendment_id, None)[1]
    if not form.validate():
        return _page(grant_id, amendment_id, form, 422)
    asked = partial(operations.amendment_files, grant_id=grant_id, actor=current_actor())
    try:
        with arriving(form.files.data or [], asked) as uploads, unit_of_work() as session:
            row = operation(session, grant_id=grant_id, change=form.change(), reason=form.reason.data, uploads=uploads,
                            actor=current_actor(), now=now())  # fmt: skip
            where = url_for("grants.change", grant_id=grant_id, amendment_id=row.id)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _page(grant_id, amendment_id, form, show_refusal(form, refusal))
    return go_to(where)


def _form(session: Session, grant_id: UUID, amendment_id: UUID | None, given: Any) -> tuple[AmendmentKind, Any]:
    """The form of the kind that is asked, with the choices of the plan in force; NotFound for another kind."""
    grant, row = _found(session, grant_id, amendment_id)
    kind = row.kind if row else _kind()
    version = queries.plan_in_force(session, grant.id)
    if version is None:
        raise NotUnderWay
    form = FORMS[kind](given) if request.method == "GET" else FORMS[kind]()
    form.offer(version.plan)
    return kind, form


def _found(session: Session, grant_id: UUID, amendment_id: UUID | None) -> tuple[Grant, Amendment | None]:
    grant = grant_to_read(session, current_actor(), grant_id)
    authorise(current_actor(), Action.AMENDMENT_ASK, grant)
    if amendment_id is None:
        return grant, None
    return queries.amendment_to_read(session, current_actor(), grant_id, amendment_id)


def _kind() -> AmendmentKind:
    try:
        return AmendmentKind(request.args.get("kind", AmendmentKind.BUDGET_SHIFT))
    except ValueError:
        raise NotFound from None


def _page(
    grant_id: UUID, amendment_id: UUID | None = None, refused: Any = None, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        grant, row = _found(session, grant_id, amendment_id)
        limits.must_be_under_way(grant)
        kind, form = _form(session, grant_id, amendment_id, request.args or None)
        form = refused or form
        version = queries.plan_in_force(session, grant.id)
        has_typed = refused is not None or any(name in request.args for name in typed_names(form, kind))
        if row and not has_typed:
            form.show(row.change)
            form.reason.data = row.reason
        effect = None
        if version and has_typed and is_typed(form, kind):
            is_team = is_of_the_team(current_actor(), grant.organisation_id)
            effect = effect_of(session, grant, version.plan, form, is_team=is_team)
        return page("grants/changes/ask.html", status, grant=grant, row=row, kind=kind, form=form, effect=effect,
                    labels=labels, names=typed_names(form, kind), version=version)  # fmt: skip
