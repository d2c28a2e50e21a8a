"""The page of a section of a draft, or for htmx the parts of it that a save changes."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.access.web import current_actor
from portal.applications.assessment import notes_of
from portal.applications.models import Application
from portal.applications.queries import OpenDraft, last_rebase, names_of
from portal.applications.views.beside import setting_beside
from portal.applications.views.lent import setting_of
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.web import page, wants_fragment
from portal.questionnaires.fields import PageOfSection, answers_read, fields_of, shown_pages
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import QuestionType, Section
from portal.questionnaires.writing import OpenSheet, SectionShown, saved_parts, state_of, summary_of


def section_of(session: Session, application: Application, key: str) -> Section:
    """The section of the application's own form, or NotFound."""
    found = form_of(session, application.sheet).section(key)
    if found is None:
        raise NotFound
    return found


def sheet_of(opened: OpenDraft, *, everything: bool = False) -> OpenSheet:
    """The sheet of a draft as its page shows it; what is missing only where `everything` is to be said."""
    faults = opened.assessment.faults if everything else []
    sections = {section.key for section in opened.draft.form.sections}
    missing = {fault.key: fault.message for fault in faults if fault.section in sections}
    return OpenSheet(opened.draft.filled, opened.answers, missing, notes_of(opened.draft))


def section_page(session: Session, opened: OpenDraft, key: str, shown: SectionShown) -> ResponseReturnValue:
    """The page of a section, or for htmx the parts of it that a save changes."""
    section = opened.draft.form.section(key)
    if section is None:
        raise NotFound
    pages = shown_pages(section, opened.draft.filled)
    current = next((each for each in pages if each.number == shown.number), pages[0])
    context = _context(session, opened, section, current, shown)
    if wants_fragment() and shown.saved is not None:
        return _parts_changed(shown, context)
    writable = is_writable(opened.application)
    return page(
        "applications/section.html", shown.code(opened.draft.filled) or 200, **context, opened=opened, pages=pages,
        is_asked=opened.draft.filled.is_shown(section), refusal=shown.refusal, writable=writable,
        read=[] if writable else answers_read(opened.draft.filled, current.questions, setting_of(session, opened)),
        has_map=any(each.kind == "place" and each.map_url for each in context["fields"]),
        rebase=last_rebase(session, opened.application),
        has_buttons=any(each.kind in ("grid", "cards", "files") for each in context["fields"]),
        has_files=any(each.type is QuestionType.FILES for each in current.questions),
    )  # fmt: skip


def address_of(application_id: UUID, key: str, number: int, *, anchor: str | None = None,
               longer: str | None = None) -> str:  # fmt: skip
    """The address of a page of a section."""
    return url_for(
        "applications.section", application_id=application_id, key=key, page=number if number > 1 else None,
        longer=longer, _anchor=anchor,
    )  # fmt: skip


def _context(
    session: Session, opened: OpenDraft, section: Section, current: PageOfSection, shown: SectionShown
) -> dict[str, Any]:
    state = state_of(
        sheet_of(opened, everything=shown.everything), section, shown, shown.unchanged if wants_fragment() else ()
    )
    drawn = [each for each in current.questions if each.key not in state.brief]
    setting = setting_beside(session, opened, section.key, drawn, counted=not wants_fragment())
    fields = fields_of(opened.draft.filled, current.questions, opened.answers, setting, state)
    names = names_of(session, {each.their_by for each in state.conflicts.values()})
    return {
        "application": opened.application, "section": section, "current": current, "fields": fields,
        "saved": shown.saved, "names": names, "errors": summary_of(fields, shown, names),
        "here": address_of(opened.application.id, section.key, current.number),
    }  # fmt: skip


def _parts_changed(shown: SectionShown, context: dict[str, Any]) -> ResponseReturnValue:
    """What an autosave, or a button of rows, changes on the page that its writer has open."""
    conflicts = shown.saved.conflicts if shown.saved else []
    return saved_parts(shown, context), 409 if conflicts else 200


def is_writable(application: Application) -> bool:
    """Whether the person behind this request may write this draft now."""
    return allowed(current_actor(), Action.DRAFT_WRITE, application) and application.phase.is_open(now())
