"""The limits of releases of an authority, for its administrators."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, Role
from portal.access.queries import people_with_role
from portal.access.queries.authorities import authority_for_update, authority_seen
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.payments.limits.forms import LimitForm
from portal.payments.limits.operations import set_limit
from portal.payments.limits.queries import limits_in_force

bp = Blueprint("limits", __name__)


@bp.get("/admin/authorities/<authority_code>/release-limits")
@declares(Action.RELEASE_LIMIT_READ)
def index(authority_code: str) -> ResponseReturnValue:
    """The limits in force."""
    return _page(authority_code, None)


@bp.post("/admin/authorities/<authority_code>/release-limits")
@declares(Action.RELEASE_LIMIT_SET)
def save(authority_code: str) -> ResponseReturnValue:
    """Set one."""
    with reading() as session:
        authority = authority_seen(session, authority_code, current_actor(), Action.RELEASE_LIMIT_SET)
        form = _form(session, authority)
    if not form.validate():
        return _page(authority_code, form, 422)
    try:
        with unit_of_work() as session:
            authority = authority_for_update(session, authority_code, current_actor(), Action.RELEASE_LIMIT_SET)
            set_limit(
                session, authority=authority, person_id=form.person_id(), cents=form.amount.cents(),
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(authority_code, form, show_refusal(form, refusal))
    return go_to(url_for("limits.index", authority_code=authority_code))


def _form(session: Session, authority: Authority, *, blank: bool = False) -> LimitForm:
    people = people_with_role(session, Role.FINANCE_APPROVER, authority.id, now())
    return (LimitForm(formdata=None) if blank else LimitForm()).offer(people)


def _page(authority_code: str, form: LimitForm | None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        authority = authority_seen(session, authority_code, current_actor(), Action.RELEASE_LIMIT_READ)
        shown = form or _form(session, authority, blank=True)
        limits = limits_in_force(session, authority.id)
        return page("payments/limits.html", status, authority=authority, limits=limits, form=shown)
