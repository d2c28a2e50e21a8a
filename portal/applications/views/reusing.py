"""Answers of an earlier application, offered to a draft: chosen one by one, never filled in silently."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.operations.reuse import Offer, offers_for
from portal.applications.queries import OpenDraft, draft_for
from portal.applications.views.blueprint import bp
from portal.applications.views.lent import setting_of
from portal.applications.views.section import is_writable
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import ngettext
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to
from portal.questionnaires.fields import AnswerRead, answer_read


@bp.get("/applications/<uuid:application_id>/earlier-answers")
@declares(Action.DRAFT_READ)
def offers(application_id: UUID) -> ResponseReturnValue:
    """What earlier applications have for the questions that are still empty."""
    return _page(application_id)


@bp.post("/applications/<uuid:application_id>/earlier-answers")
@declares(Action.DRAFT_WRITE)
def take_over(application_id: UUID) -> ResponseReturnValue:
    """Write the chosen ones."""
    try:
        with unit_of_work() as session:
            came = operations.reuse_answers(
                session, application_id=application_id, source_id=_source(), keys=request.form.getlist("answer"),
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _page(application_id, refusal)
    flash(ngettext("%(num)d answer was taken over. Read it again.",
                   "%(num)d answers were taken over. Read them again.", len(came)), "success")  # fmt: skip
    return go_to(url_for("applications.show", application_id=application_id))


def _page(application_id: UUID, refusal: Invalid | None = None) -> ResponseReturnValue:
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        application = opened.application
        writable = application.is_draft and is_writable(application)
        found = offers_for(session, application=application, actor=current_actor()) if writable else []
        return page(
            "applications/offers.html", 422 if refusal else 200, application=application, refusal=refusal,
            offers=[(each.source, _read(session, opened, each)) for each in found],
        )  # fmt: skip


def _read(session: Session, opened: OpenDraft, offer: Offer) -> list[tuple[str, AnswerRead]]:
    """The answers of an offer as they would stand in this form, in its order."""
    filled = opened.draft.filled.with_answers(offer.answers)
    setting = setting_of(session, opened)
    return [
        (each.key, answer_read(filled, each, filled.stored(each) or offer.answers[each.key], setting))
        for each in opened.draft.form.questions
        if each.key in offer.answers
    ]


def _source() -> UUID | None:
    try:
        return UUID(request.form.get("source", ""))
    except ValueError:
        return None
