"""One section a page: shown, saved by hand or while typing, its rows and files changed by buttons."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.operations.refusals import PhaseClosed
from portal.applications.operations.write import AlreadySent
from portal.applications.queries import application_for, draft_for
from portal.applications.views.blueprint import bp
from portal.applications.views.section import address_of, section_of, section_page, sheet_of
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import wants_fragment
from portal.documents.receiving import arriving
from portal.questionnaires.forms import SectionSent, sent_section, versions_sent
from portal.questionnaires.rules import SectionSaved
from portal.questionnaires.writing import (
    SectionShown,
    Ways,
    keep_files,
    leads_to,
    must_be_mended,
    page_asked,
    uploads_of,
)


@bp.get("/applications/<uuid:application_id>/sections/<key>")
@declares(Action.DRAFT_READ)
def section(application_id: UUID, key: str) -> ResponseReturnValue:
    """One section: to be written, or only read."""
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        if not opened.application.is_draft:
            return redirect(url_for("applications.show", application_id=application_id), code=303)
        longer = request.args.get("longer")
        shown = SectionShown(page_asked(), everything="check" in request.args, longer=longer)
        return section_page(session, opened, key, shown)


@bp.post("/applications/<uuid:application_id>/sections/<key>")
@declares(Action.DRAFT_WRITE)
def save(application_id: UUID, key: str) -> ResponseReturnValue:
    """Save a section, typed by hand or while typing; nothing is overwritten, nothing typed is lost."""
    try:
        sent, saved = _save(application_id, key)
        wrong = _files(application_id, key, sent)
    except (PhaseClosed, AlreadySent) as refusal:
        return _not_saved(application_id, key, refusal)
    seen = versions_sent(request.form)
    shown = SectionShown(page_asked(), saved=saved, typed=sent.typed, seen=seen, act=sent.act, files=wrong)
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        if wants_fragment() or must_be_mended(shown, opened.draft.filled):
            return section_page(session, opened, key, shown)
        return redirect(leads_to(sheet_of(opened), key, shown, _ways(application_id)), code=303)


def _save(application_id: UUID, key: str) -> tuple[SectionSent, SectionSaved]:
    with unit_of_work(once=False) as session:
        application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
        sent = sent_section(section_of(session, application, key).questions, request.form)
        saved = operations.save_answers(
            session, application=application, section_key=key, typed=sent.typed, base=sent.base,
            actor=current_actor(), now=now(),
        )  # fmt: skip
    return sent, saved


def _files(application_id: UUID, key: str, sent: SectionSent) -> dict[str, object]:
    """Store the files that came with the form, whichever button brought them; what is wrong with some, by question."""
    wrong = keep_files(_uploads(application_id, key), partial(_attach, application_id))
    if sent.act and sent.act.verb == "detach":
        with unit_of_work(once=False) as session:
            application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
            operations.detach_answer_file(
                session, application=application, question_key=sent.act.key, file_id=sent.act.target,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    return wrong


def _uploads(application_id: UUID, key: str) -> dict[str, list[Any]]:
    if not any(each.filename for each in request.files.values()):
        return {}
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
        return uploads_of(section_of(session, application, key).questions, request.files)


def _attach(application_id: UUID, question_key: str, uploads: Sequence[Any]) -> None:
    asked = partial(
        operations.answer_rules, application_id=application_id, question_key=question_key, actor=current_actor()
    )
    with arriving(uploads, asked) as files, unit_of_work(once=False) as session:
        application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
        operations.attach_answer_files(
            session, application=application, question_key=question_key, uploads=files, actor=current_actor(), now=now()
        )


def _not_saved(application_id: UUID, key: str, refusal: Refusal) -> ResponseReturnValue:
    """Too late, or sent meanwhile: the text stays in the page."""
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        sent = sent_section(section_of(session, opened.application, key).questions, request.form)
        return section_page(session, opened, key, SectionShown(page_asked(), typed=sent.typed, refusal=refusal))


def _ways(application_id: UUID) -> Ways:
    """Around the sections of a draft: its task list before, its files after."""
    return Ways(
        partial(address_of, application_id), before=url_for("applications.show", application_id=application_id),
        after=url_for("applications.documents", application_id=application_id),
    )  # fmt: skip
