"""The people of an organisation: their page, their roles, who is invited, who asks to be let in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.members import AppointForm, InvitationForm, RoleForm, role_of
from portal.access.labels import MEMBERS
from portal.access.operations import invitations, joining, members
from portal.access.policy import Action, Tie
from portal.access.queries.members import MembersPage, members_page
from portal.access.queries.organisations import organisation_seen
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.errors import status_of
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("members", __name__)
OF = "/organisations/<uuid:organisation_id>"


@bp.get(f"{OF}/members")
@declares(Action.MEMBERS_READ)
def show(organisation_id: UUID) -> ResponseReturnValue:
    """Who belongs to it since when, who is invited, who asks, who belonged."""
    return _page(organisation_id)


@bp.post(f"{OF}/members/<uuid:person_id>/role")
@declares(Action.MEMBERS_MANAGE)
def change_role(organisation_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Give a member another role."""
    form = RoleForm()
    if not form.validate():
        return _page(organisation_id, 422)
    wanted = Tie(form.tie.data)
    said = _("The role was changed.")
    return _take(organisation_id, members.change_role, said, person_id=person_id, tie_wanted=wanted)


@bp.post(f"{OF}/members/<uuid:person_id>/remove")
@declares(Action.MEMBERS_MANAGE)
def remove(organisation_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Take a member out."""
    said = _("The person does not belong to the organisation any more.")
    return _take(organisation_id, members.remove_member, said, person_id=person_id)


@bp.post(f"{OF}/members/leave")
@declares(Action.MEMBERSHIP_LEAVE)
def leave(organisation_id: UUID) -> ResponseReturnValue:
    """Go by oneself."""
    return _take(
        organisation_id, members.leave_organisation, _("You left the organisation."), there=url_for("desk.show")
    )


@bp.post(f"{OF}/members/appoint")
@declares(Action.OWNER_APPOINT)
def appoint(organisation_id: UUID) -> ResponseReturnValue:
    """Let somebody represent an organisation that nobody represents."""
    form = AppointForm()
    if not form.validate():
        return _page(organisation_id, 422, appoint_form=form)
    try:
        with unit_of_work() as session:
            members.appoint_owner(
                session, organisation_id=organisation_id, email=form.email.data, reason=form.reason.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _page(organisation_id, show_refusal(form, refusal), appoint_form=form)
    return _back(organisation_id, _("The person represents the organisation now; its members were told."))


@bp.get(f"{OF}/invitations/new")
@declares(Action.MEMBERS_MANAGE)
def inviting(organisation_id: UUID) -> ResponseReturnValue:
    """The form of an invitation."""
    return _inviting(organisation_id, InvitationForm(formdata=None, tie=Tie.EDITOR.value))


@bp.post(f"{OF}/invitations/new")
@declares(Action.MEMBERS_MANAGE)
def invite(organisation_id: UUID) -> ResponseReturnValue:
    """Send an invitation; what is answered never depends on who has an account."""
    form = InvitationForm()
    if not form.validate():
        return _inviting(organisation_id, form, 422)
    try:
        with unit_of_work() as session:
            invitations.invite_member(
                session, organisation_id=organisation_id, email=form.email.data, tie_offered=Tie(form.tie.data),
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _inviting(organisation_id, form, show_refusal(form, refusal))
    return _back(organisation_id, _("The invitation is on its way. Its link works for 14 days, once."))


@bp.post(f"{OF}/invitations/<uuid:invitation_id>/withdraw")
@declares(Action.MEMBERS_MANAGE)
def withdraw(organisation_id: UUID, invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    said = _("The invitation was withdrawn: its link opens nothing any more.")
    return _take(organisation_id, invitations.withdraw_invitation, said, invitation_id=invitation_id)


@bp.post(f"{OF}/requests/<uuid:request_id>/accept")
@declares(Action.MEMBERS_MANAGE)
def accept_request(organisation_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Let somebody in, with a role."""
    form = RoleForm()
    if not form.validate():
        return _page(organisation_id, 422)
    said, given = _("The person belongs to the organisation now."), Tie(form.tie.data)
    return _take(organisation_id, joining.accept_request, said, request_id=request_id, tie_given=given)


@bp.post(f"{OF}/requests/<uuid:request_id>/refuse")
@declares(Action.MEMBERS_MANAGE)
def refuse_request(organisation_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Do not let somebody in."""
    said = _("The request was refused; the person was told.")
    return _take(organisation_id, joining.refuse_request, said, request_id=request_id)


def _take(
    organisation_id: UUID, operation: Callable[..., object], said: str, *, there: str | None = None, **given: Any
) -> ResponseReturnValue:
    """Take one step; what it is refused for stands on the page it was taken from."""
    try:
        with unit_of_work() as session:
            operation(session, organisation_id=organisation_id, actor=current_actor(), now=now(), **given)
    except Conflict as refusal:
        return _page(organisation_id, status_of(refusal), refusal=refusal)
    if there is None:
        return _back(organisation_id, said)
    flash(said, "success")
    return go_to(there)


def _back(organisation_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return go_to(url_for("members.show", organisation_id=organisation_id))


def _page(organisation_id: UUID, status: int = 200, **given: Any) -> ResponseReturnValue:
    with reading() as session:
        shown = members_page(session, organisation_id, current_actor(), now())
        return page(
            "organisations/members.html", status, shown=shown, labels=MEMBERS, role_forms=_role_forms(shown),
            **({"appoint_form": AppointForm(formdata=None), "refusal": None} | given),
        )  # fmt: skip


def _role_forms(shown: MembersPage) -> dict[UUID, RoleForm]:
    """One for each member, and one for each request."""
    forms = {each.person.id: role_of(each.person.id, each.tie) for each in shown.members}
    return forms | {each.id: role_of(each.id, Tie.VIEWER) for each in shown.requests}


def _inviting(organisation_id: UUID, form: InvitationForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        seen = organisation_seen(session, organisation_id, current_actor(), Action.MEMBERS_MANAGE)
        return page("organisations/invite.html", status, organisation=seen.organisation, form=form)
