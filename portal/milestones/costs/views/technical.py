"""The technical part of a report: a section a page, saved by hand or while typing; its files."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import redirect, request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import wants_fragment
from portal.documents.receiving import arriving
from portal.documents.web import send_stored
from portal.milestones.costs import operations, queries
from portal.milestones.costs.operations import CostsNotOpen, LinesStay
from portal.milestones.costs.queries import Technical
from portal.milestones.costs.views.bp import bp
from portal.milestones.costs.views.technical_shown import address_of, list_of, section_page, sheet_of
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


@bp.get("/costs/<uuid:report_id>/technical/<key>")
@declares(Action.COST_READ)
def section(report_id: UUID, key: str) -> ResponseReturnValue:
    """One section: to be written, or only read."""
    with reading() as session:
        shown = SectionShown(page_asked(), everything="check" in request.args, longer=request.args.get("longer"))
        return section_page(session, _read(session, report_id), key, shown)


@bp.post("/costs/<uuid:report_id>/technical/<key>")
@declares(Action.COST_WRITE)
def save_section(report_id: UUID, key: str) -> ResponseReturnValue:
    """Save a section, typed by hand or while typing; nothing is overwritten, nothing typed is lost."""
    try:
        sent, saved = _save(report_id, key)
        wrong = _files(report_id, key, sent)
    except (LinesStay, CostsNotOpen) as refusal:
        return _not_saved(report_id, key, refusal)
    seen = versions_sent(request.form)
    shown = SectionShown(page_asked(), saved=saved, typed=sent.typed, seen=seen, act=sent.act, files=wrong)
    with reading() as session:
        found = _read(session, report_id)
        if wants_fragment() or must_be_mended(shown, found.filled):
            return section_page(session, found, key, shown)
        return redirect(leads_to(sheet_of(found), key, shown, _ways(report_id)), code=303)


@bp.get("/costs/<uuid:report_id>/technical/files/<uuid:file_id>")
@declares(Action.COST_READ)
def answer_file(report_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """A file that was given as an answer."""
    with reading() as session:
        return send_stored(queries.answer_to_read(session, current_actor(), report_id, file_id))


def _read(session: Any, report_id: UUID) -> Technical:
    return queries.technical_to_read(session, current_actor(), report_id)


def _sent(session: Any, report_id: UUID, key: str) -> SectionSent:
    found = _read(session, report_id).form.section(key)
    if found is None:
        raise NotFound
    return sent_section(found.questions, request.form)


def _save(report_id: UUID, key: str) -> tuple[SectionSent, SectionSaved]:
    with unit_of_work(once=False) as session:
        sent = _sent(session, report_id, key)
        return sent, operations.save_technical(
            session, report_id=report_id, section_key=key, typed=sent.typed, base=sent.base, actor=current_actor(),
            now=now(),
        )  # fmt: skip


def _files(report_id: UUID, key: str, sent: SectionSent) -> dict[str, object]:
    """Store the files that came with the form, take out the one whose button was pressed; what is wrong with some."""
    wrong = keep_files(_uploads(report_id, key), partial(_attach, report_id))
    if sent.act and sent.act.verb == "detach":
        with unit_of_work(once=False) as session:
            operations.detach_technical(
                session, report_id=report_id, question_key=sent.act.key, file_id=sent.act.target,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    return wrong


def _uploads(report_id: UUID, key: str) -> dict[str, list[Any]]:
    if not any(each.filename for each in request.files.values()):
        return {}
    with reading() as session:
        asked = _read(session, report_id).form.section(key)
        return uploads_of(asked.questions if asked else (), request.files)


def _attach(report_id: UUID, question_key: str, uploads: Sequence[Any]) -> None:
    asked = partial(operations.technical_files, report_id=report_id, question_key=question_key, actor=current_actor())
    with arriving(uploads, asked) as files, unit_of_work(once=False) as session:
        operations.attach_technical(
            session, report_id=report_id, question_key=question_key, uploads=files, actor=current_actor(), now=now()
        )


def _not_saved(report_id: UUID, key: str, refusal: Refusal) -> ResponseReturnValue:
    """Sent meanwhile, or no longer open: the text stays in the page."""
    with reading() as session:
        typed = _sent(session, report_id, key).typed
        return section_page(session, _read(session, report_id), key,
                            SectionShown(page_asked(), typed=typed, refusal=refusal))  # fmt: skip


def _ways(report_id: UUID) -> Ways:
    """Around the sections: their list, on the page of the report."""
    return Ways(partial(address_of, report_id), before=list_of(report_id), after=list_of(report_id))
