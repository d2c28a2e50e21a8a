"""Absences: what one handed over, what one stands in for, handing over a role."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.roles import DelegationForm
from portal.access.labels import ROLES
from portal.access.models import RoleProposal
from portal.access.operations import delegations, role_decisions
from portal.access.policy import Action
from portal.access.queries import roles as queries
from portal.access.rules.roles import LONGEST_DELEGATION, last_day
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("delegations", __name__, url_prefix="/delegations")


@bp.get("")
@declares(Action.AUTHORITY_READ)
def index() -> ResponseReturnValue:
    """Who stands in for whom, as far as it touches oneself."""
    with reading() as session:
        actor = current_actor()
        return page(
            "administration/delegations.html", rows=queries.delegations_of(session, actor, now()),
            proposals=queries.proposals_made(session, actor), ROLES=ROLES, instant=now(), last_day=last_day,
            can=bool(queries.own_roles_to_hand_over(session, actor, now())),
        )  # fmt: skip


@bp.get("/new")
@declares(Action.ROLE_DELEGATE)
def handing_over() -> ResponseReturnValue:
    """The form of an absence."""
    return _form_page(DelegationForm(formdata=None))


@bp.post("/new")
@declares(Action.ROLE_DELEGATE)
def hand_over() -> ResponseReturnValue:
    """Let a colleague stand in, or ask an administrator to confirm it."""
    with reading() as session:
        form = _offered(session, DelegationForm())
    if not form.validate():
        return _form_page(form, 422)
    try:
        with unit_of_work() as session:
            made = delegations.delegate_role(session, **_asked(form), actor=current_actor(), now=now())
            waits = isinstance(made, RoleProposal)
    except Refusal as refusal:
        return _form_page(form, show_refusal(form, refusal))
    told = _("An administrator has to confirm it: they were told by mail.") if waits else _("Your colleague was told.")
    flash(told, "success")
    return go_to(url_for("delegations.index"))


@bp.post("/<uuid:role_grant_id>/end")
@declares(Action.AUTHORITY_READ)
def end(role_grant_id: UUID) -> ResponseReturnValue:
    """End a stand-in before its time."""
    with unit_of_work() as session:
        delegations.end_delegation(session, grant_id=role_grant_id, actor=current_actor(), now=now())
    flash(_("The stand-in has ended."), "success")
    return go_to(url_for("delegations.index"))


@bp.post("/proposals/<uuid:role_proposal_id>/withdraw")
@declares(Action.ROLE_DELEGATE)
def withdraw(role_proposal_id: UUID) -> ResponseReturnValue:
    """Take back what one wanted to hand over."""
    with unit_of_work() as session:
        role_decisions.withdraw_proposal(session, proposal_id=role_proposal_id, actor=current_actor(), now=now())
    flash(_("The proposal was taken back."), "success")
    return go_to(url_for("delegations.index"))


def _asked(form: DelegationForm) -> dict[str, Any]:
    return {
        "grant_id": UUID(form.role.data), "colleague_id": UUID(form.colleague.data),
        "first_day": form.first_day.data, "last_day": form.last_day.data, "reason": form.reason.data or "",
    }  # fmt: skip


def _offered(session: Any, form: DelegationForm) -> DelegationForm:
    actor = current_actor()
    return form.offer(queries.own_roles_to_hand_over(session, actor, now()), queries.colleagues(session, actor, now()))


def _form_page(form: DelegationForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        return page("administration/delegate.html", status, form=_offered(session, form), days=LONGEST_DELEGATION.days)
