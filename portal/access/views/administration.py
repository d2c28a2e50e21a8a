"""Administration of people: the overview, the list with its search, one person, what is done to an account."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.administration import AMONG, SearchForm
from portal.access.forms.roles import ReasonForm
from portal.access.labels import ACCOUNT_EVENTS, ROLES
from portal.access.models import Person
from portal.access.operations import administration as operations
from portal.access.policy import Action, Role
from portal.access.queries import administration as queries
from portal.access.queries.administration import MOST_PEOPLE, Among
from portal.access.queries.roles import open_invitations, proposals_waiting
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

DISABLE, ENABLE = "administration/disable.html", "administration/enable.html"

bp = Blueprint("administration", __name__, url_prefix="/admin")


@bp.get("")
@declares(Action.PEOPLE_READ)
def overview() -> ResponseReturnValue:
    """How many people hold each role, what waits for a second person, who was asked to register."""
    with reading() as session:
        actor = current_actor()
        return page(
            "administration/overview.html", counts=queries.counts_of_authorities(session, actor, now()),
            proposals=proposals_waiting(session, actor), invitations=open_invitations(session, actor), ROLES=ROLES,
        )  # fmt: skip


@bp.get("/people")
@declares(Action.PEOPLE_READ)
def people() -> ResponseReturnValue:
    """Staff and members of applicants, by name, with a search."""
    form = SearchForm(request.args)
    asked = {} if not form.validate() else {
        "text": form.q.data or "", "among": Among(form.among.data or Among.ALL),
        "role": Role(form.role.data) if form.role.data else None, "after": form.place(),
    }  # fmt: skip
    with reading() as session:
        found = queries.people_by_name(session, current_actor(), now(), **asked)  # type: ignore[arg-type]
        return page(
            "administration/people.html", form=form, rows=found[:MOST_PEOPLE], more=len(found) > MOST_PEOPLE,
            ROLES=ROLES, AMONG=AMONG,
        )  # fmt: skip


@bp.get("/people/<uuid:person_id>")
@declares(Action.PEOPLE_READ)
def person(person_id: UUID) -> ResponseReturnValue:
    """Who somebody is, their roles with who gave them, what happened to the account."""
    with reading() as session:
        shown = queries.person_page(session, person_id, current_actor(), now())
        return page("administration/person.html", shown=shown, ROLES=ROLES, EVENTS=ACCOUNT_EVENTS, instant=now())


@bp.get("/people/<uuid:person_id>/disable")
@declares(Action.PERSON_DISABLE)
def disabling(person_id: UUID) -> ResponseReturnValue:
    """What disabling does, before it is done."""
    return _account_page(DISABLE, person_id, ReasonForm(formdata=None))


@bp.post("/people/<uuid:person_id>/disable")
@declares(Action.PERSON_DISABLE)
def disable(person_id: UUID) -> ResponseReturnValue:
    """Shut somebody out at once."""
    done = _("The account is disabled. Its sessions have ended.")
    return _with_a_reason(DISABLE, person_id, operations.disable_person, done)


@bp.get("/people/<uuid:person_id>/enable")
@declares(Action.PERSON_DISABLE)
def enabling(person_id: UUID) -> ResponseReturnValue:
    """What enabling does, before it is done."""
    return _account_page(ENABLE, person_id, ReasonForm(formdata=None))


@bp.post("/people/<uuid:person_id>/enable")
@declares(Action.PERSON_DISABLE)
def enable(person_id: UUID) -> ResponseReturnValue:
    """Let somebody in again."""
    return _with_a_reason(ENABLE, person_id, operations.enable_person, _("The account is enabled."))


@bp.post("/people/<uuid:person_id>/sign-out")
@declares(Action.PERSON_DISABLE)
def sign_out(person_id: UUID) -> ResponseReturnValue:
    """End every session of somebody."""
    with unit_of_work() as session:
        operations.sign_out_everywhere(session, person_id=person_id, actor=current_actor(), now=now())
    return _back(person_id, _("Every session of this person has ended."))


def _with_a_reason(template: str, person_id: UUID, operation: Callable[..., Person], done: str) -> ResponseReturnValue:
    """Do this to an account for the reason given; a refusal shows the page with it, nothing lost."""
    form = ReasonForm()
    if not form.validate():
        return _account_page(template, person_id, form, 422)
    try:
        with unit_of_work() as session:
            operation(session, person_id=person_id, reason=form.reason.data, actor=current_actor(), now=now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _account_page(template, person_id, form, show_refusal(form, refusal))
    return _back(person_id, done)


def _account_page(template: str, person_id: UUID, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = queries.person_seen(session, person_id, current_actor(), Action.PERSON_DISABLE, now())
        return page(template, status, person=found, form=form)


def _back(person_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return go_to(url_for("administration.person", person_id=person_id))
