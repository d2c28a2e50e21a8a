"""The agreement of one grant: its versions and signatures, and what it would say before it is prepared."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, allowed, authorise
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.i18n import _, speaking
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to
from portal.grants.agreements import operations, queries
from portal.grants.agreements.composing import compose
from portal.grants.agreements.forms import (
    AcceptForm,
    AddendumForm,
    CopyForm,
    CountersignedCopyForm,
    CountersignForm,
    ReturnForm,
)
from portal.grants.agreements.labels import DOUBTS, SIDES, WAYS
from portal.grants.agreements.rules import Side, in_force_at
from portal.grants.agreements.shown import changed_since, doubted, signatures_shown, step_of, ways_of
from portal.grants.agreements.views.bp import bp
from portal.grants.library.fields import FIELDS, TextKind
from portal.grants.library.reading import readable
from portal.grants.queries import grant_to_read
from portal.grants.rules import end_of_day

FORMS: dict[Any, str] = {
    CopyForm: "copy_form",
    AcceptForm: "accept_form",
    CountersignForm: "countersign_form",
    CountersignedCopyForm: "countersigned_form",
    ReturnForm: "return_form",
    AddendumForm: "addendum_form",
}


@bp.get("/grants/<uuid:grant_id>/agreement")
@declares(Action.GRANT_READ)
def show(grant_id: UUID) -> ResponseReturnValue:
    """Every version with its articles and signatures; the forms of whoever signs now."""
    return agreement_page(grant_id)


@bp.get("/grants/<uuid:grant_id>/agreement/preview")
@declares(Action.AGREEMENT_PREPARE)
def preview(grant_id: UUID) -> ResponseReturnValue:
    """What the agreement would say today, with what keeps it from being prepared."""
    with reading() as session:
        grant = grant_to_read(session, current_actor(), grant_id)
        authorise(current_actor(), Action.AGREEMENT_PREPARE, grant)
        with speaking("it"):
            composition = compose(session, grant, now())
        return page(
            "grants/agreement/preview.html", grant=grant, composition=composition, step=step_of(grant),
            fields=FIELDS[TextKind.CLAUSE], readable=readable,
        )  # fmt: skip


@bp.post("/grants/<uuid:grant_id>/agreement/prepare")
@declares(Action.AGREEMENT_PREPARE)
def prepare(grant_id: UUID) -> ResponseReturnValue:
    """Prepare it."""
    with unit_of_work() as session:
        operations.prepare_agreement(
            session, grant_id=grant_id, seen=request.form.get("seen", ""), actor=current_actor(), now=now()
        )
    flash(_("The agreement is prepared: the recipient was told to sign it."), "success")
    return go_to(url_for("agreements.show", grant_id=grant_id))


@bp.post("/grants/<uuid:grant_id>/agreement/addendum")
@declares(Action.AGREEMENT_PREPARE)
def change(grant_id: UUID) -> ResponseReturnValue:
    """Prepare an addendum to the agreement in force."""
    form = AddendumForm()
    if not form.validate():
        return agreement_page(grant_id, form, 422)
    with unit_of_work() as session:
        operations.prepare_addendum(
            session, grant_id=grant_id, change=form.change.data, actor=current_actor(), now=now()
        )
    flash(_("The addendum is prepared: the recipient was told to sign it."), "success")
    return go_to(url_for("agreements.show", grant_id=grant_id))


def agreement_page(grant_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    """The page; `refused` is the form that came back."""
    forms = {name: refused if isinstance(refused, kind) and type(refused) is kind else kind(None)
             for kind, name in FORMS.items()}  # fmt: skip
    asked = request.args.get("on", type=_day)
    with reading() as session:
        grant = queries.grant_with_agreements(session, current_actor(), grant_id)
        newest, step = grant.agreement, step_of(grant)
        if step.may_be_changed and refused is None and allowed(current_actor(), Action.AGREEMENT_PREPARE, grant):
            forms["addendum_form"].change.data = changed_since(session, grant, now())
        signature = newest.signature_of(Side.RECIPIENT) if newest else None
        in_force = in_force_at(grant.agreements, end_of_day(asked) if asked else now())
        return page(
            "grants/agreement/show.html", status, grant=grant, step=step, doubted=doubted(grant),
            signature=signature, in_force=in_force, asked=asked, read=signatures_shown(session, grant), form=refused,
            by_file=ways_of(grant, Side.RECIPIENT), office_ways=ways_of(grant, Side.OFFICE),
            words={"ways": WAYS, "sides": SIDES, "doubts": DOUBTS}, **forms,
        )  # fmt: skip


def _day(text: str) -> Any:
    return date.fromisoformat(text)
