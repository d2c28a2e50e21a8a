"""What the pages of a technical part show: its sections as a task list, one of them to be written, all of it read."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.access.web import current_actor
from portal.applications.queries import names_of
from portal.core.errors import NotFound
from portal.core.i18n import _, in_language, ngettext
from portal.core.web import page, wants_fragment
from portal.documents.web import listed
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries import Technical
from portal.milestones.costs.views.words import WORDS
from portal.questionnaires.fields import AnswerRead, PageOfSection, Setting, answers_read, fields_of, shown_pages
from portal.questionnaires.rules import QuestionType, Section, section_state
from portal.questionnaires.writing import OpenSheet, SectionShown, saved_parts, state_of, summary_of

Read = list[tuple[str, str, list[AnswerRead]]]
"""The sections that are shown: key, title, answers."""


def is_writable(report: CostReport) -> bool:
    """Whether the person behind this request may write this report now."""
    return report.is_being_written and allowed(current_actor(), Action.COST_WRITE, report)


def sheet_of(technical: Technical) -> OpenSheet:
    """Its sheet as a page of it shows it."""
    return OpenSheet(technical.filled, technical.answers, technical.missing)


def list_of(report_id: UUID) -> str:
    """Where the sections are listed: on the page of the report."""
    return url_for("costs.show", report_id=report_id, _anchor="technical")


def address_of(report_id: UUID, key: str, number: int, *, anchor: str | None = None,
               longer: str | None = None) -> str:  # fmt: skip
    """The address of a page of a section."""
    return url_for("costs.section", report_id=report_id, key=key, page=number if number > 1 else None, longer=longer,
                   _anchor=anchor)  # fmt: skip


def setting_of(technical: Technical) -> Setting:
    """What the report lends its questions: the areas of its call, and its files."""
    design, report = technical.report.grant.application.design, technical.report
    return Setting(
        areas=technical.areas, grounds=technical.grounds,
        files={str(each.file_id): listed(each.file, url=url_for("costs.answer_file", report_id=report.id,
                                                                file_id=each.file_id)) for each in technical.files},
        map_url=url_for("calls.areas", slug=report.grant.call.slug) if design.areas else None,
    )  # fmt: skip


def technical_context(technical: Technical | None) -> dict[str, Any]:
    """On the page of the report: its sections as a task list while it is written, then every answer."""
    if technical is None:
        return {"steps": [], "answered": []}
    writes = is_writable(technical.report)
    return {
        "steps": [_step(technical, section) for section in technical.filled.sections] if writes else [],
        "answered": [] if writes else _read_whole(technical),
    }


def links_to_mend(technical: Technical) -> list[tuple[str, object, str]]:
    """Everything to be mended: the question, what is missing, the address of its field."""
    pages = {
        question.key: (section.key, each.number)
        for section in technical.filled.sections
        for each in shown_pages(section, technical.filled)
        for question in each.questions
    }
    return [
        (label, words, url_for("costs.section", report_id=technical.report.id, key=pages[key][0], check=1,
                               page=pages[key][1] if pages[key][1] > 1 else None, _anchor=f"f-{key}"))
        for key, label, words in technical.to_mend
    ]  # fmt: skip


def section_page(session: Session, technical: Technical, key: str, shown: SectionShown) -> ResponseReturnValue:
    """The page of a section, or for htmx the parts of it that a save changes."""
    section = technical.form.section(key)
    if section is None:
        raise NotFound
    pages = shown_pages(section, technical.filled)
    current = next((each for each in pages if each.number == shown.number), pages[0])
    context = _context(session, technical, section, current, shown)
    if wants_fragment() and shown.saved is not None:
        return saved_parts(shown, context), 409 if shown.saved.conflicts else 200
    return page(
        "milestones/costs/section.html", shown.code(technical.filled) or 200, **context, pages=pages,
        report=technical.report, grant=technical.report.grant, current=current, refusal=shown.refusal,
        is_asked=technical.filled.is_shown(section), writable=is_writable(technical.report),
        read=answers_read(technical.filled, current.questions, setting_of(technical)),
        back=list_of(technical.report.id), place=pages.index(current) + 1,
        has_map=any(each.kind == "place" and each.map_url for each in context["fields"]),
        has_buttons=any(each.kind in ("grid", "cards", "files") for each in context["fields"]),
        has_files=any(each.type is QuestionType.FILES for each in current.questions), **WORDS,
    )  # fmt: skip


def _read_whole(technical: Technical) -> Read:
    """Every answer that counts, section by section."""
    filled, setting = technical.filled, setting_of(technical)
    return [(each.key, in_language(each.title), answers_read(filled, each.questions, setting))
            for each in filled.sections]  # fmt: skip


def _context(
    session: Session, technical: Technical, section: Section, current: PageOfSection, shown: SectionShown
) -> dict[str, Any]:
    brief = shown.unchanged if wants_fragment() else ()
    state = state_of(sheet_of(technical), section, shown, brief)
    fields = fields_of(technical.filled, current.questions, technical.answers, setting_of(technical), state)
    names: Mapping[UUID, str] = names_of(session, {each.their_by for each in state.conflicts.values()})
    return {
        "section": section, "fields": fields, "saved": shown.saved, "names": names,
        "errors": summary_of(fields, shown, names),
        "here": address_of(technical.report.id, section.key, current.number),
    }  # fmt: skip


def _step(technical: Technical, section: Section) -> dict[str, Any]:
    state = section_state(technical.filled, section, technical.grounds)
    is_begun = any(question.key in technical.answers for question in section.questions)
    notes = [_("complete") if state.is_complete and is_begun else _("begun") if is_begun else _("empty")]
    if state.missing:
        notes.append(ngettext("%(num)d answer missing", "%(num)d answers missing", state.missing))
    if state.faults:
        notes.append(ngettext("%(num)d thing to mend", "%(num)d things to mend", state.faults))
    return {
        "label": in_language(section.title), "note": " · ".join(notes),
        "state": "warning" if state.faults else "done" if state.is_complete else "todo",
        "url": address_of(technical.report.id, section.key, 1),
    }  # fmt: skip
