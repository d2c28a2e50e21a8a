"""The register of aid of an organisation, for the office."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls.designer.choices import words_of
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.grants.aid import operations
from portal.grants.aid.forms import YES, ActivityForm, AidForm, CodeForm, LinkForm
from portal.grants.aid.page import aid_page
from portal.grants.rules import local_day

bp = Blueprint("aid", __name__, url_prefix="/organisations/<uuid:organisation_id>/aid")
FORMS: dict[Any, tuple[str, str]] = {
    AidForm: ("aid_form", "aid"), LinkForm: ("link_form", "link"), ActivityForm: ("activity_form", "activity"),
    CodeForm: ("code_form", "code"),
}  # fmt: skip
"""The forms of the page: their names, and the prefixes of their fields."""


@bp.get("")
@declares(Action.AID_READ)
def index(organisation_id: UUID) -> ResponseReturnValue:
    """The register: aid, sums, links, activity."""
    return _page(organisation_id)


@bp.post("")
@declares(Action.AID_RECORD)
def record(organisation_id: UUID) -> ResponseReturnValue:
    """Aid of another authority."""
    form = _form(AidForm)
    return _keep(organisation_id, form, operations.record_aid, lambda: {"typed": form.typed()})


@bp.post("/links")
@declares(Action.AID_RECORD)
def link(organisation_id: UUID) -> ResponseReturnValue:
    """A linked undertaking."""
    form = _form(LinkForm)
    return _keep(organisation_id, form, operations.link_undertakings,
                 lambda: {"fiscal_code": form.fiscal_code.data, "note": form.note.data})  # fmt: skip


@bp.post("/links/<uuid:link_id>/end")
@declares(Action.AID_RECORD)
def end_link(organisation_id: UUID, link_id: UUID) -> ResponseReturnValue:
    """A link that ends."""
    with unit_of_work() as session:
        operations.end_link(
            session, organisation_id=organisation_id, link_id=link_id, actor=current_actor(), now=now()
        )  # fmt: skip
    return go_to(url_for("aid.index", organisation_id=organisation_id))


@bp.post("/activity")
@declares(Action.AID_RECORD)
def answer_activity(organisation_id: UUID) -> ResponseReturnValue:
    """Whether it is an undertaking."""
    form = _form(ActivityForm)
    return _keep(organisation_id, form, operations.decide_activity,
                 lambda: {"is_undertaking": form.is_undertaking.data == YES, "reason": form.reason.data})  # fmt: skip


@bp.post("/code")
@declares(Action.AID_RECORD)
def record_code(organisation_id: UUID) -> ResponseReturnValue:
    """The code of the register."""
    form = _form(CodeForm)
    return _keep(organisation_id, form, operations.record_code,
                 lambda: {"entry_id": form.chosen(), "cor": form.cor.data})  # fmt: skip


def _form(kind: Any) -> Any:
    return kind(prefix=f"{FORMS[kind][1]}-")


def _keep(
    organisation_id: UUID, form: Any, operation: Callable[..., object], given: Callable[[], dict[str, Any]]
) -> ResponseReturnValue:
    """Keep the register; what is refused comes back as it was typed."""
    if not form.validate():
        return _page(organisation_id, form, 422)
    try:
        with unit_of_work() as session:
            operation(session, organisation_id=organisation_id, actor=current_actor(), now=now(), **given())
    except Refusal as refusal:
        return _page(organisation_id, form, show_refusal(form, refusal))
    return go_to(url_for("aid.index", organisation_id=organisation_id))


def _page(organisation_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = aid_page(session, organisation_id, current_actor(), local_day(now()))
        forms = {
            name: refused if isinstance(refused, kind) else kind(None, prefix=f"{prefix}-")
            for kind, (name, prefix) in FORMS.items()
        }
        forms["code_form"].offer(found.without_code)
        return page("grants/aid.html", status, register=found, words_of=words_of, **forms)
