"""What the pages of a draft show, made of what the queries found."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.applications.assessment import PARTNERS
from portal.applications.comments.queries import comments_by_section
from portal.applications.models import Application
from portal.applications.presence import others_in
from portal.applications.queries import OpenDraft, last_rebase, names_of, open_draft, refused_attempts
from portal.applications.queries.entry import entry_of
from portal.applications.rules import DOCUMENTS, REQUESTED
from portal.applications.views.way import way_shown
from portal.core.actor import Actor
from portal.core.i18n import _, in_language, ngettext
from portal.core.instants import format_instant
from portal.core.money import format_money
from portal.questionnaires.fields import pages_of
from portal.questionnaires.labels import field_id
from portal.questionnaires.rules import Section, section_state

LATELY = timedelta(minutes=10)


def list_shown(session: Session, application: Application, actor: Actor, instant: datetime) -> dict[str, Any]:
    """The task list: each section with its state in words."""
    opened = open_draft(session, application)
    assessment = opened.assessment
    comments = comments_by_section(session, application.id)
    return {
        "application": application,
        "opened": opened,
        "assessment": assessment,
        "steps": [_step(opened, section, comments) for section in opened.draft.filled.sections] + [_files_step(opened)],
        "rebase": last_rebase(session, application),
        "attempts": refused_attempts(session, application.id),
        "way": way_shown(session, application, instant),
        "closed": entry_of(session, application).missing if application.phase.earlier else [],
        "lately": _lately(session, opened, actor, instant),
        "is_open": application.phase.is_open(instant),
        "saved_at": format_instant(application.sheet.saved_at, application.phase.zone),
    }


def fault_links(opened: OpenDraft) -> list[tuple[str, object, str]]:
    """Everything to be mended: where, what, and the address of the field."""
    form = opened.draft.form
    titles = {section.key: in_language(section.title) for section in form.sections}
    pages = {
        each.key: page.number for section in form.sections for page in pages_of(section) for each in page.questions
    }
    questions = form.by_key
    documents = {request.key: in_language(request.name) for request in opened.draft.requests}
    application_id, found = opened.application.id, []
    for fault in opened.assessment.faults:
        if fault.section == DOCUMENTS:
            address = url_for("applications.documents", application_id=application_id, _anchor=f"document-{fault.key}")
            found.append((documents[fault.key], fault.message, address))
        elif fault.section:
            address = url_for(
                "applications.section", application_id=application_id, key=fault.section, check=1,
                page=pages[fault.key] if pages[fault.key] > 1 else None, _anchor=field_id(questions[fault.key]),
            )  # fmt: skip
            label = in_language(questions[fault.key].label)
            found.append((f"{titles[fault.section]} · {label}", fault.message, address))
        else:
            found.append((_("Applicant"), fault.message, _where_applicant_is_mended(opened, fault.key)))
    return found


def _where_applicant_is_mended(opened: OpenDraft, key: str) -> str:
    """Its profile, or the page of the organisations of a consortium; nowhere, where the call is not for it."""
    organisation_id = opened.application.organisation_id
    if key == PARTNERS:
        return url_for("consortia.partners", consortium_id=organisation_id)
    return url_for("organisations.edit", organisation_id=organisation_id) if key else ""


def _step(opened: OpenDraft, section: Section, comments: Mapping[str, int]) -> dict[str, Any]:
    state = section_state(opened.draft.filled, section, opened.draft.grounds)
    warnings = len(opened.assessment.of(section.key)) - state.missing
    begun = any(question.key in opened.answers for question in section.questions)
    notes = []
    if any(question.tag == REQUESTED for question in section.questions) and opened.draft.amounts.requested:
        notes.append(_("%(amount)s requested", amount=format_money(opened.draft.amounts.requested)))
    if state.missing:
        notes.append(ngettext("%(num)d answer missing", "%(num)d answers missing", state.missing))
    if warnings:
        notes.append(ngettext("%(num)d thing to mend", "%(num)d things to mend", warnings))
    kind = "warning" if warnings else "done" if not state.missing else "todo"
    word = None if warnings else _("complete") if kind == "done" and begun else _("begun") if begun else _("empty")
    if said := comments.get(section.key):
        notes.append(ngettext("%(num)d comment", "%(num)d comments", said))
    return {
        "label": in_language(section.title),
        "state": kind,
        "note": " · ".join([*([word] if word else []), *notes]),
        "url": url_for("applications.section", application_id=opened.application.id, key=section.key),
    }


def _files_step(opened: OpenDraft) -> dict[str, Any]:
    draft = opened.draft
    needed = [request for request in draft.requests if draft.needs(request)]
    there = [request for request in needed if request.key in draft.documents]
    extra = len(draft.documents) - len(there)
    note = _("%(there)s of %(needed)s required", there=len(there), needed=len(needed))
    if extra:
        note += " · " + ngettext("%(num)d optional attached", "%(num)d optional attached", extra)
    return {
        "label": _("Attachments"),
        "state": "done" if len(there) == len(needed) else "todo",
        "note": note,
        "url": url_for("applications.documents", application_id=opened.application.id),
    }


def _lately(session: Session, opened: OpenDraft, actor: Actor, instant: datetime) -> list[str]:
    """Who else of the team has a section open now; else who wrote within the last ten minutes."""
    others = others_in(session, opened.application, actor, instant)
    if others:
        return [_writing(each.name, each.section) for each in others]
    last = opened.last_answer
    if last is None or last.saved_by in (None, actor.person_id) or instant - last.saved_at > LATELY:
        return []
    section = next((s for s in opened.draft.form.sections if any(q.key == last.key for q in s.questions)), None)
    name = next(iter(names_of(session, {last.saved_by}).values()), None)
    if section is None or name is None:
        return []
    return [_writing(name, in_language(section.title))]


def _writing(name: str, section: str) -> str:
    return str(_("%(name)s is writing “%(section)s”", name=name, section=section))
