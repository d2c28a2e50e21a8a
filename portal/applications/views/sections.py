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
from portal.applications.queries import OpenDraft, application_for, draft_for
from portal.applications.views.blueprint import bp
from portal.applications.views.section import SectionShown, focus_of, section_of, section_page
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, Refusal, TooLarge
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import wants_fragment
from portal.documents.receiving import arriving
from portal.questionnaires.fields import shown_pages
from portal.questionnaires.forms import SectionSent, sent_section, versions_sent
from portal.questionnaires.rules import QuestionType, SectionSaved

BACK = "back"
OF_FILES = ".file"


@bp.get("/applications/<uuid:application_id>/sections/<key>")
@declares(Action.DRAFT_READ)
def section(application_id: UUID, key: str) -> ResponseReturnValue:
    """One section: to be written, or only read."""
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        if not opened.application.is_draft:
            return redirect(url_for("applications.show", application_id=application_id), code=303)
        longer = request.args.get("longer")
        shown = SectionShown(_number(), everything="check" in request.args, longer=longer)
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
    shown = SectionShown(_number(), saved=saved, typed=sent.typed, seen=seen, act=sent.act, files=wrong)
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        if wants_fragment() or _must_be_mended(shown, opened):
            return section_page(session, opened, key, shown)
        return redirect(_next(opened, key, shown), code=303)


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
    wrong: dict[str, object] = {}
    for name, uploads in _uploads(application_id, key).items():
        try:
            _attach(application_id, name, uploads)
        except (Invalid, TooLarge, Conflict) as refusal:
            wrong[name] = refusal.message
    if sent.act and sent.act.verb == "detach":
        with unit_of_work(once=False) as session:
            application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
            operations.detach_answer_file(
                session, application=application, question_key=sent.act.key, file_id=sent.act.target,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    return wrong


def _uploads(application_id: UUID, key: str) -> dict[str, list[Any]]:
    given = {name: [each for each in request.files.getlist(name) if each.filename] for name in request.files}
    if not any(given.values()):
        return {}
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
        asked = section_of(session, application, key).questions
    names = {each.key: given.get(each.key + OF_FILES, []) for each in asked if each.type is QuestionType.FILES}
    return {name: uploads for name, uploads in names.items() if uploads}


def _attach(application_id: UUID, question_key: str, uploads: Sequence[Any]) -> None:
    asked = partial(
        operations.answer_rules, application_id=application_id, question_key=question_key, actor=current_actor()
    )
    with arriving(uploads, asked) as files, unit_of_work(once=False) as session:
        application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
        operations.attach_answer_files(
            session, application=application, question_key=question_key, uploads=files, actor=current_actor(), now=now()
        )


def _must_be_mended(shown: SectionShown, opened: OpenDraft) -> bool:
    """Whether the page comes back with messages; who goes back a page is only kept when text would be lost."""
    code = shown.code(opened)
    is_lost = bool(shown.saved and (shown.saved.conflicts or shown.saved.refused))
    return code is not None and (is_lost or request.form.get("stay") != BACK)


def _not_saved(application_id: UUID, key: str, refusal: Refusal) -> ResponseReturnValue:
    """Too late, or sent meanwhile: the text stays in the page."""
    if wants_fragment():
        raise refusal
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        sent = sent_section(section_of(session, opened.application, key).questions, request.form)
        return section_page(session, opened, key, SectionShown(_number(), typed=sent.typed, refusal=refusal))


def _number() -> int:
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _next(opened: OpenDraft, key: str, shown: SectionShown) -> str:
    """Where a button leads: the same place, the page before, the next page, the next section, the files."""
    application_id, number = opened.application.id, _number()
    if shown.act is not None:
        return _place_of_rows(opened, key, shown)
    stay = request.form.get("stay")
    if stay is not None and stay != BACK:
        return _address(application_id, key, number)
    places = [(each.key, page.number) for each in opened.draft.filled.sections
              for page in shown_pages(each, opened.draft.filled)]  # fmt: skip
    at = places.index((key, number)) if (key, number) in places else 0
    if stay == BACK:
        return (
            _address(application_id, *places[at - 1])
            if at
            else url_for("applications.show", application_id=application_id)
        )
    following = places[at + 1 :]
    if following:
        return _address(application_id, *following[0])
    return url_for("applications.documents", application_id=application_id)


def _place_of_rows(opened: OpenDraft, key: str, shown: SectionShown) -> str:
    act, focus = shown.act, focus_of(opened, shown)
    if act is None or focus is None:
        return _address(opened.application.id, key, shown.number, anchor=f"f-{act.key}" if act else None)
    longer = act.key if act.verb == "add" else None
    question = opened.draft.form.question(act.key)
    first = next((each.key for each in question.columns if not each.is_computed), "") if question else ""
    anchor = f"q-{act.key}-{focus[1]}-{first}"
    return _address(opened.application.id, key, shown.number, anchor=anchor, longer=longer)


def _address(
    application_id: UUID, key: str, number: int, *, anchor: str | None = None, longer: str | None = None
) -> str:
    return url_for(
        "applications.section", application_id=application_id, key=key, page=number if number > 1 else None,
        longer=longer, _anchor=anchor,
    )  # fmt: skip
