"""Files withheld while names are hidden: what the office does about each of them."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.receiving import one_arriving
from portal.evaluation import operations
from portal.evaluation.operations.releasing import COPY
from portal.evaluation.queries.progress import seated
from portal.evaluation.queries.withheld_page import WithheldPage, withheld_page
from portal.evaluation.releasing_forms import ReleaseForm
from portal.evaluation.views.blueprint import bp


@bp.get("/manage/calls/<slug>/withheld")
@declares(Action.FILE_RELEASE)
def withheld(slug: str) -> ResponseReturnValue:
    """What evaluators are not shown in this round."""
    return _page(slug)


@bp.post("/manage/calls/<slug>/withheld")
@declares(Action.FILE_RELEASE)
def release_file(slug: str) -> ResponseReturnValue:
    """Give a clean copy, or open the file by an act."""
    form = ReleaseForm()
    with reading() as session:
        form.offer(_found(session, slug).waiting)
    if not form.validate():
        return _page(slug, 422, form=form)
    try:
        _release(form, slug)
    except Refusal as refusal:
        return _page(slug, show_refusal(form, refusal), form=form)
    flash(_("The file is shown to its evaluators."))
    return go_to(url_for("evaluation.withheld", slug=slug, phase=_phase_key()))


def _release(form: ReleaseForm, slug: str) -> None:
    application_id, file_id = form.pair
    given: dict[str, Any] = {"application_id": application_id, "file_id": file_id, "reason": form.reason.data}
    if form.how.data == "copy":

        def asked(session: Session) -> Any:
            seated(session, current_actor(), slug, _phase_key(), Action.FILE_RELEASE)
            return COPY

        with one_arriving(form.copy.data, asked) as upload, unit_of_work() as session:
            operations.give_clean_copy(session, upload=upload, actor=current_actor(), now=now(), **given)
        return
    with unit_of_work() as session:
        operations.open_by_act(session, act_number=form.act_number.data or "", act_date=form.act_date.data,
                               actor=current_actor(), now=now(), **given)  # fmt: skip


def _phase_key() -> str | None:
    return request.values.get("phase") or None


def _found(session: Session, slug: str) -> WithheldPage:
    return withheld_page(session, current_actor(), slug, _phase_key())


def _page(slug: str, status: int = 200, *, form: ReleaseForm | None = None) -> ResponseReturnValue:
    with reading() as session:
        found = _found(session, slug)
        shown = form or ReleaseForm(formdata=None).offer(found.waiting)
        return page("evaluation/withheld.html", status, found=found, form=shown)
