"""The page of one grant and every step that is taken on it."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.labels import MEMBERS
from portal.access.policy import Action
from portal.access.rules import LegalForm
from portal.access.web import current_actor, declares
from portal.access.web.acting import NO_FILE
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.queries import signatures_of
from portal.documents.receiving import arriving_as
from portal.documents.web import listed, send_stored
from portal.grants import operations, queries
from portal.grants.checking.shown import shown_before_signing
from portal.grants.forms import CupForm, IncorporationForm
from portal.grants.labels import LABELS, TONES
from portal.grants.models import Grant
from portal.grants.parts import PLAN, parts_of, plan_in_order, told_of
from portal.grants.rules import local_day
from portal.grants.stages import stages_of, todo_of
from portal.grants.views.bp import bp


@bp.get("/grants/<uuid:grant_id>")
@declares(Action.GRANT_READ)
def show(grant_id: UUID) -> ResponseReturnValue:
    """The grant: where it stands, its money, what is missing and who does it."""
    return _page(grant_id)


@bp.get("/grants/<uuid:grant_id>/files/<uuid:file_id>")
@declares(Action.GRANT_READ)
def download(grant_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """A deed or an agreement."""
    with reading() as session:
        file = queries.file_of_grant(session, current_actor(), grant_id, file_id)
        return send_stored(file)


@bp.post("/grants/<uuid:grant_id>/incorporation")
@declares(Action.INCORPORATION_RECORD)
def incorporate(grant_id: UUID) -> ResponseReturnValue:
    """Record the legal entity."""
    form = IncorporationForm()
    asked = partial(operations.deed_rules, grant_id=grant_id, actor=current_actor())
    deed = arriving_as("deed", form.deed.data or None, asked)
    return _take(grant_id, form, operations.record_incorporation, lambda: _entity(form), deed)


@bp.post("/grants/<uuid:grant_id>/incorporation/confirm")
@declares(Action.INCORPORATION_CONFIRM)
def confirm_entity(grant_id: UUID) -> ResponseReturnValue:
    """Confirm the legal entity."""
    return _take(grant_id, None, operations.confirm_incorporation)


@bp.post("/grants/<uuid:grant_id>/cup")
@declares(Action.CUP_RECORD)
def record_cup(grant_id: UUID) -> ResponseReturnValue:
    """Record the CUP."""
    form = CupForm()
    return _take(grant_id, form, operations.record_cup, lambda: {"cup": form.cup.data})


def _entity(form: IncorporationForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "legal_form": LegalForm(form.legal_form.data),
        "fiscal_code": form.fiscal_code.data,
        "incorporated_on": form.incorporated_on.data,
        "people_joined": form.people_joined.data,
        "people_left": form.people_left.data,
    }


def _take(
    grant_id: UUID, form: Any, operation: Any, fields: Any = dict,
    file: AbstractContextManager[dict[str, Any]] = NO_FILE,
) -> ResponseReturnValue:  # fmt: skip
    """Take one step; a form that is refused comes back as it was typed, anything else leads to the page."""
    if form is not None and not form.validate():
        return _page(grant_id, form, 422)
    try:
        with file as given, unit_of_work() as session:
            operation(session, grant_id=grant_id, actor=current_actor(), now=now(), **fields(), **given)
    except Refusal as refusal:
        if form is None or refusal.field is None:
            raise
        return _page(grant_id, form, show_refusal(form, refusal))
    return go_to(url_for("grants.show", grant_id=grant_id))


def _page(grant_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    forms = {kind: refused if isinstance(refused, kind) else kind() for kind in FORMS}
    with reading() as session:
        actor = current_actor()
        grant = queries.grant_to_read(session, actor, grant_id)
        money = queries.money_of(session, [grant.id]).get(grant.id, queries.GrantMoney())
        parts = parts_of(session, actor, grant)
        today = local_day(now())
        return page(
            "grants/show.html", status, grant=grant, money=money, parts=parts, form=refused, planned=PLAN,
            plan=plan_in_order(parts), story=told_of(session, actor, grant), ties=MEMBERS,
            people=queries.people_of(session, actor, grant),
            stages=stages_of(grant), todo=todo_of(grant, today), label=LABELS[grant.status], tone=TONES[grant.status],
            files=_files(session, grant), **shown_before_signing(session, grant, today),
            **{name: forms[kind] for kind, name in FORMS.items()},
        )  # fmt: skip


def _files(session: Session, grant: Grant) -> list[dict[str, Any]]:
    found = []
    if grant.incorporation and grant.incorporation.deed:
        found.append((grant.incorporation.deed, _("deed of incorporation")))
    for agreement in reversed(grant.agreements):
        if agreement.signed_file:
            found.append((agreement.signed_file, _("agreement, version %(n)d, signed copy", n=agreement.version)))
        found.append((agreement.file, _("agreement, version %(n)d", n=agreement.version)))
    signatures = signatures_of(session, [file for file, _what in found])
    return [
        listed(file, url=url_for("grants.download", grant_id=grant.id, file_id=file.id), added=what,
               signatures=signatures.get(file.id, []))
        for file, what in found
    ]  # fmt: skip


FORMS: dict[Any, str] = {
    IncorporationForm: "incorporation_form",
    CupForm: "cup_form",
}
