"""Coming in: the link of an invitation, and asking to be let in."""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.members import AskForm
from portal.access.labels import MEMBERS_MAY
from portal.access.operations import invitations, joining
from portal.access.policy import Action
from portal.access.queries.members import invitation_page
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Closed, Conflict, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.errors import status_of
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("invitations", __name__)
GONE = 410


@bp.get("/invitations/<invitation_token>")
@declares(Action.PUBLIC_READ)
def show(invitation_token: str) -> ResponseReturnValue:
    """Which organisation invites, who, to what; opening the link uses nothing up."""
    return _page(invitation_token)


@bp.post("/invitations/<invitation_token>")
@declares(Action.INVITATION_ACCEPT)
def accept(invitation_token: str) -> ResponseReturnValue:
    """Join as the account that is signed in."""
    try:
        with unit_of_work() as session:
            joined = invitations.accept_invitation(session, token=invitation_token, actor=current_actor(), now=now())
            name, there = joined.name, url_for("organisations.show", organisation_id=joined.id)
    except (Conflict, Closed) as refusal:
        return _page(invitation_token, status_of(refusal), refusal)
    flash(_("You belong to %(name)s now.", name=name), "success")
    return go_to(there)


@bp.get("/organisations/find")
@declares(Action.MEMBERSHIP_ASK)
def find() -> ResponseReturnValue:
    """The form of a request to be let in; nothing is listed."""
    return page("organisations/join.html", form=AskForm(formdata=None))


@bp.post("/organisations/find")
@declares(Action.MEMBERSHIP_ASK)
def ask() -> ResponseReturnValue:
    """Ask; the answer is the same whether or not the organisation is here."""
    form = AskForm()
    if not form.validate():
        return page("organisations/join.html", 422, form=form)
    try:
        with unit_of_work() as session:
            joining.ask_to_join(
                session, organisation=form.organisation.data, message=form.message.data, actor=current_actor(),
                now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return page("organisations/join.html", show_refusal(form, refusal), form=form)
    flash(
        _("If it is registered here, its people were asked. Their answer comes to your desk and by e-mail."), "success"
    )
    return go_to(url_for("desk.show"))


def _page(token: str, status: int = 200, refusal: Refusal | None = None) -> ResponseReturnValue:
    with reading() as session:
        shown = invitation_page(session, token, current_actor(), now())
        here = url_for("invitations.show", invitation_token=token)
        status = status if shown.is_open or shown.is_member else GONE
        return page(
            "organisations/invitation.html", status, shown=shown, here=here, refusal=refusal, may_labels=MEMBERS_MAY
        )


@bp.after_request
def keep_the_link_to_its_holder(response: Response) -> Response:
    """The address of the page is a secret: it is neither kept nor told to whoever is linked to."""
    if "invitation_token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response
