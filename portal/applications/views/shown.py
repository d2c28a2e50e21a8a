"""What the pages of a draft show, made of what the queries found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.access.web import current_actor
from portal.applications.models import Application
from portal.applications.queries import OpenDraft, names_of, open_draft, refused_attempts
from portal.applications.rules import DOCUMENTS, REQUESTED
from portal.core.actor import Actor
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _, in_language, ngettext
from portal.core.instants import format_instant
from portal.core.money import format_money
from portal.core.web import page, wants_fragment
from portal.core.web.errors import status_of
from portal.questionnaires.labels import field_id
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import Section, SectionSaved, fault_of, section_state

LATELY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SectionShown:
    """What just happened to a section: saved, refused, or only opened."""

    saved: SectionSaved | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None
    everything: bool = False

    @property
    def code(self) -> int | None:
        """The status of the answer; None when nothing has to be mended."""
        if self.refusal is not None:
            return status_of(self.refusal)
        if self.saved is None:
            return None
        if self.saved.conflicts:
            return 409
        return 422 if self.saved.faults or self.saved.refused else None


def section_of(session: Session, application: Application, key: str) -> Section:
    """The section of the application's own form, or NotFound."""
    found = form_of(session, application.sheet).section(key)
    if found is None:
        raise NotFound
    return found


def section_page(session: Session, opened: OpenDraft, key: str, shown: SectionShown) -> ResponseReturnValue:
    """The page of a section, or for htmx the parts of it that a save changes."""
    section = opened.draft.form.section(key)
    if section is None:
        raise NotFound
    saved = shown.saved
    conflicts = {each.key: each for each in saved.conflicts} if saved else {}
    context = {
        "application": opened.application,
        "section": section,
        "areas": opened.draft.design.areas,
        "conflicts": conflicts,
        "names": names_of(session, {each.their_by for each in conflicts.values()}),
        "saved": saved,
    }
    if wants_fragment() and saved is not None:
        return render_template("applications/_saved.html", **context), 409 if conflicts else 200
    kept = set(shown.typed) if shown.refusal else set(saved.refused) if saved else set()
    return page(
        "applications/section.html",
        shown.code or 200,
        **context,
        opened=opened,
        answers=opened.answers,
        typed={name: text for name, text in shown.typed.items() if name in kept},
        faults=_faults(opened, section, shown),
        refusal=shown.refusal,
        writable=_is_writable(opened.application),
    )


def list_shown(session: Session, application: Application, actor: Actor, instant: datetime) -> dict[str, Any]:
    """The task list: each section with its state in words."""
    opened = open_draft(session, application)
    assessment = opened.assessment
    return {
        "application": application,
        "opened": opened,
        "assessment": assessment,
        "steps": [_step(opened, section) for section in opened.draft.form.sections] + [_files_step(opened)],
        "attempts": refused_attempts(session, application.id),
        "lately": _lately(session, opened, actor, instant),
        "is_open": application.phase.is_open(instant),
        "saved_at": format_instant(application.sheet.saved_at, application.phase.zone),
    }


def fault_links(opened: OpenDraft) -> list[tuple[str, object, str]]:
    """Everything to be mended: where, what, and the address of the field."""
    titles = {section.key: in_language(section.title) for section in opened.draft.form.sections}
    questions = {question.key: question for question in opened.draft.form.questions}
    documents = {request.key: in_language(request.name) for request in opened.draft.requests}
    application_id, found = opened.application.id, []
    for fault in opened.assessment.faults:
        if fault.section == DOCUMENTS:
            address = url_for("applications.documents", application_id=application_id, _anchor=f"document-{fault.key}")
            found.append((documents[fault.key], fault.message, address))
        elif fault.section:
            address = url_for(
                "applications.section", application_id=application_id, key=fault.section, check=1,
                _anchor=field_id(questions[fault.key]),
            )  # fmt: skip
            label = in_language(questions[fault.key].label)
            found.append((f"{titles[fault.section]} · {label}", fault.message, address))
        else:
            profile = url_for("organisations.edit", organisation_id=opened.application.organisation_id)
            found.append((_("Applicant"), fault.message, profile if fault.key else ""))
    return found


def _is_writable(application: Application) -> bool:
    return allowed(current_actor(), Action.DRAFT_WRITE, application) and application.phase.is_open(now())


def _faults(opened: OpenDraft, section: Section, shown: SectionShown) -> dict[str, object]:
    """Messages beside the fields: what cannot be read; with `everything`, what is missing too."""
    found: dict[str, object] = {}
    for question in section.questions:
        answer = opened.answers.get(question.key)
        if message := fault_of(question, answer.value if answer else None):
            found[question.key] = message
    if shown.everything:
        found |= {fault.key: fault.message for fault in opened.assessment.of(section.key)}
    if shown.saved is not None:
        found |= {**shown.saved.faults, **shown.saved.refused}
    return found


def _step(opened: OpenDraft, section: Section) -> dict[str, Any]:
    state = section_state(section, opened.draft.values)
    warnings = len(opened.assessment.of(section.key)) - state.missing
    begun = any(question.key in opened.answers for question in section.questions)
    notes = []
    if any(question.tag == REQUESTED for question in section.questions) and opened.draft.amounts.requested:
        notes.append(_("%(amount)s requested", amount=format_money(opened.draft.amounts.requested)))
    if state.missing:
        notes.append(ngettext("%(num)d answer missing", "%(num)d answers missing", state.missing))
    if warnings:
        notes.append(ngettext("%(num)d thing to mend", "%(num)d things to mend", warnings))
    kind = "warning" if warnings else "done" if not state.missing else "current" if begun else "todo"
    return {
        "label": in_language(section.title),
        "state": "todo" if kind == "current" else kind,
        "note": " · ".join([*notes, *([_("complete")] if kind == "done" else [])]),
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


def _lately(session: Session, opened: OpenDraft, actor: Actor, instant: datetime) -> str | None:
    """Somebody else of the team wrote within the last ten minutes."""
    last = opened.last_answer
    if last is None or last.saved_by in (None, actor.person_id) or instant - last.saved_at > LATELY:
        return None
    section = next((s for s in opened.draft.form.sections if any(q.key == last.key for q in s.questions)), None)
    name = next(iter(names_of(session, {last.saved_by}).values()), None)
    if section is None or name is None:
        return None
    return str(_("%(name)s is writing “%(section)s”", name=name, section=in_language(section.title)))
