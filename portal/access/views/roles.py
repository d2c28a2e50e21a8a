"""Pages of roles: who holds what, granting, proposals, ending, the file of it all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.forms.administration import as_key
from portal.access.forms.roles import GrantForm, ReasonForm
from portal.access.labels import ROLES
from portal.access.models import RoleProposal
from portal.access.operations import administration, role_decisions, role_ends, roles
from portal.access.operations.receiving import BelongsToApplicants
from portal.access.policy import Action, Role
from portal.access.queries import roles as queries
from portal.access.queries.administration import address_to_grant, own_authorities
from portal.access.queries.roles import MOST_ROWS, ProposalLine, RoleLine
from portal.access.tables import roles_csv
from portal.access.views.administration import bp
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

__all__ = ["bp"]
VIEWS = ("held", "ended", "refused")


@bp.get("/roles")
@declares(Action.PEOPLE_READ)
def roles_shown() -> ResponseReturnValue:
    """What waits for a second person, then who holds what, held what, or was refused what."""
    asked = request.args.get("view", "")
    view, after = asked if asked in VIEWS else VIEWS[0], as_key(request.args.get("after"))
    with reading() as session:
        actor = current_actor()
        rows = _rows(session, view, after)
        return page(
            "administration/roles.html", view=view, rows=rows[:MOST_ROWS], more=len(rows) > MOST_ROWS,
            proposals=queries.proposals_waiting(session, actor), ROLES=ROLES, instant=now(),
        )  # fmt: skip


def _rows(session: Session, view: str, after: UUID | None) -> Sequence[RoleLine | ProposalLine]:
    actor = current_actor()
    if view == "refused":
        return queries.proposals_refused(session, actor, after=after)
    shown = queries.roles_ended if view == "ended" else queries.roles_held
    return shown(session, actor, now(), after=after)


@bp.get("/roles.csv")
@declares(Action.PEOPLE_READ)
def roles_file() -> ResponseReturnValue:
    """Every role ever held, as CSV."""
    with reading() as session:
        content = roles_csv(queries.every_role(session, current_actor()))
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="ruoli.csv"'
    return response


@bp.get("/roles/new")
@declares(Action.ROLE_GRANT)
def granting() -> ResponseReturnValue:
    """The form of a role; the address is filled in for somebody whom one may know of."""
    form = GrantForm(formdata=None)
    person_id, invitation_id = (as_key(request.args.get(name)) for name in ("person", "invitation"))
    with reading() as session:
        form.email.data = address_to_grant(
            session, current_actor(), now(), person_id=person_id, invitation_id=invitation_id
        )
    return _grant_page(form)


@bp.post("/roles/new")
@declares(Action.ROLE_GRANT)
def grant() -> ResponseReturnValue:
    """Grant the role, or propose it where it takes two people."""
    with reading() as session:
        form = GrantForm().offer(own_authorities(session, current_actor(), Action.ROLE_GRANT))
    if not form.validate():
        return _grant_page(form, 422)
    try:
        with unit_of_work() as session:
            made = roles.give_role(session, **_asked(form), actor=current_actor(), now=now())
            message, person_id = _said(made), made.person_id
    except Refusal as refusal:
        return _grant_page(form, show_refusal(form, refusal), refusal)
    flash(message, "success")
    return go_to(url_for("administration.person", person_id=person_id))


def _asked(form: GrantForm) -> dict[str, Any]:
    return {
        "email": form.email.data, "role": Role(form.role.data), "authority_id": UUID(form.authority.data),
        "last_day": form.last_day.data, "reason": form.reason.data, "knows": form.knows.data,
    }  # fmt: skip


def _said(made: object) -> str:
    if isinstance(made, RoleProposal):
        told = _("The role is proposed. It counts once another administrator has confirmed it: they were told by mail.")
    else:
        told = _("The role is granted. It counts from now on.")
    return str(told)


def _grant_page(form: GrantForm, status: int = 200, refusal: Refusal | None = None) -> ResponseReturnValue:
    with reading() as session:
        form.offer(own_authorities(session, current_actor(), Action.ROLE_GRANT))
        return page(
            "administration/grant.html", status, form=form, is_unknown=isinstance(refusal, roles.NoAccount),
            asks_to_know=isinstance(refusal, BelongsToApplicants) or bool(form.knows.data),
        )  # fmt: skip


@bp.post("/invitations")
@declares(Action.ROLE_GRANT)
def invite() -> ResponseReturnValue:
    """Ask an address without account to register."""
    email, authority = request.form.get("email", ""), as_key(request.form.get("authority"))
    if authority is None:
        raise Invalid(_("Choose the authority."))
    with unit_of_work() as session:
        administration.invite_staff(session, email=email, authority_id=authority, actor=current_actor(), now=now())
    flash(_("The invitation was sent. When the person has registered, your desk says so."), "success")
    return go_to(url_for("administration.overview"))


@bp.post("/invitations/<uuid:staff_invitation_id>/drop")
@declares(Action.ROLE_GRANT)
def drop_invitation(staff_invitation_id: UUID) -> ResponseReturnValue:
    """Wait no longer for somebody to register."""
    with unit_of_work() as session:
        administration.drop_invitation(session, invitation_id=staff_invitation_id, actor=current_actor(), now=now())
    return go_to(url_for("administration.overview"))


@bp.get("/roles/proposals/<uuid:role_proposal_id>")
@declares(Action.ROLE_CONFIRM)
def proposal(role_proposal_id: UUID) -> ResponseReturnValue:
    """A proposed role, to be confirmed or refused."""
    return _proposal_page(role_proposal_id, ReasonForm(formdata=None))


@bp.post("/roles/proposals/<uuid:role_proposal_id>/confirm")
@declares(Action.ROLE_CONFIRM)
def confirm(role_proposal_id: UUID) -> ResponseReturnValue:
    """The second person says yes."""
    form = ReasonForm(formdata=None)
    try:
        with unit_of_work() as session:
            made = role_decisions.confirm_role(
                session, proposal_id=role_proposal_id, actor=current_actor(), now=now()
            ).person_id
    except NotFound:
        raise
    except Refusal as refusal:
        return _proposal_page(role_proposal_id, form, show_refusal(form, refusal))
    flash(_("The role is granted. It counts from now on."), "success")
    return go_to(url_for("administration.person", person_id=made))


@bp.post("/roles/proposals/<uuid:role_proposal_id>/refuse")
@declares(Action.ROLE_CONFIRM)
def refuse(role_proposal_id: UUID) -> ResponseReturnValue:
    """The second person says no, with a reason."""
    form = ReasonForm()
    if not form.validate():
        return _proposal_page(role_proposal_id, form, 422)
    with unit_of_work() as session:
        role_decisions.refuse_role(
            session, proposal_id=role_proposal_id, reason=form.reason.data, actor=current_actor(), now=now()
        )
    flash(_("The proposal was refused. Whoever made it was told the reason."), "success")
    return go_to(url_for("administration.roles_shown", view="refused"))


def _proposal_page(proposal_id: UUID, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = queries.proposal_line(session, proposal_id, current_actor(), Action.ROLE_CONFIRM)
        known = queries.organisations_here(session, found.person.id, {found.proposal.authority_id}, now())
        return page("administration/proposal.html", status, shown=found, form=form, ROLES=ROLES, organisations=known)


@bp.get("/roles/<uuid:role_grant_id>/end")
@declares(Action.ROLE_END)
def ending(role_grant_id: UUID) -> ResponseReturnValue:
    """What ending a role does, before it is done."""
    return _end_page(role_grant_id, ReasonForm(formdata=None))


@bp.post("/roles/<uuid:role_grant_id>/end")
@declares(Action.ROLE_END)
def end(role_grant_id: UUID) -> ResponseReturnValue:
    """End a role now."""
    form = ReasonForm()
    if not form.validate():
        return _end_page(role_grant_id, form, 422)
    given: dict[str, Any] = {"reason": form.reason.data, "actor": current_actor(), "now": now()}
    try:
        with unit_of_work() as session:
            person_id = role_ends.end_role(session, grant_id=role_grant_id, **given).person_id
    except NotFound:
        raise
    except Refusal as refusal:
        return _end_page(role_grant_id, form, show_refusal(form, refusal))
    flash(_("The role has ended."), "success")
    return go_to(url_for("administration.person", person_id=person_id))


def _end_page(role_grant_id: UUID, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = queries.role_line(session, role_grant_id, current_actor(), Action.ROLE_END)
        return page("administration/end.html", status, shown=found, form=form, ROLES=ROLES)
