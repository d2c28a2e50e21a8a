"""Organisations that look alike: the list of an authority, and one pair at a time."""

from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.likeness import LikenessForm
from portal.access.labels import KINDS, LEGAL_FORMS, LIKENESS, REASONS
from portal.access.operations.likeness import decide_likeness
from portal.access.policy import Action
from portal.access.queries.likeness import likeness_page, pair_page
from portal.access.rules import Likeness
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to

bp = Blueprint("likeness", __name__, url_prefix="/manage/likeness")


@bp.get("")
@declares(Action.LIKENESS_READ)
def index() -> ResponseReturnValue:
    """What waits for an officer's word, and what was said before."""
    with reading() as session:
        found = likeness_page(session, current_actor(), request.args.get("authority"))
        return page("organisations/likeness.html", found=found, reasons=REASONS, likeness=LIKENESS)


@bp.get("/<authority_code>/<uuid:first_id>/<uuid:second_id>")
@declares(Action.LIKENESS_READ)
def show(authority_code: str, first_id: UUID, second_id: UUID) -> ResponseReturnValue:
    """Two organisations side by side."""
    return _pair(authority_code, (first_id, second_id))


@bp.post("/<authority_code>/<uuid:first_id>/<uuid:second_id>")
@declares(Action.LIKENESS_DECIDE)
def decide(authority_code: str, first_id: UUID, second_id: UUID) -> ResponseReturnValue:
    """Say what the two are."""
    form, pair = LikenessForm(), (first_id, second_id)
    if not form.validate():
        return _pair(authority_code, pair, form, 422)
    with unit_of_work() as session:
        decide_likeness(
            session, authority_code=authority_code, pair=pair, likeness=Likeness(form.likeness.data),
            note=form.note.data or "", actor=current_actor(), now=now(),
        )  # fmt: skip
    flash(_("Your word was recorded. Both organisations stay as they are."), "success")
    return go_to(url_for("likeness.index", authority=authority_code))


def _pair(
    code: str, ids: tuple[UUID, UUID], form: LikenessForm | None = None, status: int = 200
) -> ResponseReturnValue:
    action = Action.LIKENESS_READ if form is None else Action.LIKENESS_DECIDE
    with reading() as session:
        found = pair_page(session, code, ids, current_actor(), action)
        said = {"likeness": found.verdict.likeness.value, "note": found.verdict.note} if found.verdict else {}
        return page(
            "organisations/pair.html", status, found=found, form=form or LikenessForm(formdata=None, data=said),
            reasons=REASONS, kinds=KINDS, legal_forms=LEGAL_FORMS,
        )  # fmt: skip
