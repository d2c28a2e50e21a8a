"""The page of a section of a draft, or for htmx the parts of it that a save changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
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
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _
from portal.core.web import page, wants_fragment
from portal.core.web.errors import status_of
from portal.questionnaires.fields import Field, PageOfSection, State, answers_read, fields_of, shown_pages
from portal.questionnaires.forms import RowAct
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import QuestionType, Section, SectionSaved, Typed, rows_of


@dataclass(frozen=True, slots=True)
class SectionShown:
    """What just happened to a page of a section: saved, refused, or only opened."""

    number: int = 1
    saved: SectionSaved | None = None
    typed: Mapping[str, Typed] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)
    """The questions that the sender's page showed, each with its version."""
    act: RowAct | None = None
    files: Mapping[str, object] = field(default_factory=dict)
    """What was wrong with files, by question."""
    refusal: Refusal | None = None
    everything: bool = False
    longer: str | None = None

    def code(self, opened: OpenDraft) -> int | None:
        """The status of the answer; None when nothing that the writer sees has to be mended."""
        if self.refusal is not None:
            return status_of(self.refusal)
        if self.saved is None:
            return None
        if self.saved.conflicts:
            return 409
        form, filled = opened.draft.form, opened.draft.filled
        wrong = [key for key in self.saved.faults if (each := form.question(key)) and filled.is_visible(each)]
        return 422 if wrong or self.saved.refused or self.files else None


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
    pages = shown_pages(section, opened.draft.filled)
    current = next((each for each in pages if each.number == shown.number), pages[0])
    context = _context(session, opened, section, current, shown)
    if wants_fragment() and shown.saved is not None:
        return _parts_changed(shown, context)
    writable = is_writable(opened.application)
    return page(
        "applications/section.html", shown.code(opened) or 200, **context, opened=opened, pages=pages,
        is_asked=opened.draft.filled.is_shown(section), refusal=shown.refusal, writable=writable,
        read=[] if writable else answers_read(opened.draft.filled, current.questions, setting_of(session, opened)),
        has_map=any(each.kind == "place" and each.map_url for each in context["fields"]),
        rebase=last_rebase(session, opened.application),
        has_buttons=any(each.kind in ("grid", "cards", "files") for each in context["fields"]),
        has_files=any(each.type is QuestionType.FILES for each in current.questions),
    )  # fmt: skip


def _context(
    session: Session, opened: OpenDraft, section: Section, current: PageOfSection, shown: SectionShown
) -> dict[str, Any]:
    saved = shown.saved
    conflicts = {each.key: each for each in saved.conflicts} if saved else {}
    state = State(
        faults=_faults(opened, section, shown),
        conflicts=conflicts,
        typed=_not_kept(shown),
        longer=shown.longer or (shown.act.key if shown.act and shown.act.verb == "add" else None),
        focus=focus_of(opened, shown),
        notes=notes_of(opened.draft),
        everything=shown.everything,
        brief=_unchanged(shown) if wants_fragment() else (),
    )
    drawn = [each for each in current.questions if each.key not in state.brief]
    setting = setting_beside(session, opened, section.key, drawn, counted=not wants_fragment())
    fields = fields_of(opened.draft.filled, current.questions, opened.answers, setting, state)
    names = names_of(session, {each.their_by for each in conflicts.values()})
    return {
        "application": opened.application, "section": section, "current": current, "fields": fields, "saved": saved,
        "names": names, "errors": _summary(fields, shown, names),
    }  # fmt: skip


def _unchanged(shown: SectionShown) -> set[str]:
    """The questions whose controls stay as they are on the sender's page."""
    return set(shown.seen) - ({shown.act.key} if shown.act else set())


def _parts_changed(shown: SectionShown, context: dict[str, Any]) -> ResponseReturnValue:
    """What an autosave, or a button of rows, changes on the page that its writer has open."""
    conflicts = shown.saved.conflicts if shown.saved else []
    act = shown.act
    changed = next((each for each in context["fields"] if act and each.key == act.key), None)
    done = done_in_words(act, changed, is_refused=act.key in shown.files) if act else ""
    answer = render_template("applications/_saved.html", **context, seen=shown.seen, changed=changed, done=done)
    return answer, 409 if conflicts else 200


def done_in_words(act: RowAct, changed: Field | None, *, is_refused: bool) -> str:
    """What a button did, for whoever cannot see it."""
    words = {
        "add": _("Added: %(label)s, %(count)s in all.", label=changed.label if changed else "",
                 count=len(changed.rows) if changed else 0),
        "remove": _("Removed. %(count)s left.", count=len(changed.rows) if changed else 0),
        "up": _("Moved up."),
        "down": _("Moved down."),
        "attach": _("The file was attached."),
        "detach": _("The file was removed."),
    }  # fmt: skip
    return "" if is_refused else str(words[act.verb])


def focus_of(opened: OpenDraft, shown: SectionShown) -> tuple[str, int] | None:
    """Where the focus goes after a button of rows: the new row, the moved one, the one after a removed one."""
    act = shown.act
    if act is None or act.verb not in ("add", "remove", "up", "down"):
        return (shown.longer, _count(opened, shown.longer)) if shown.longer else None
    count = _count(opened, act.key)
    places = {"add": count, "remove": max(0, min(act.row, count - 1)), "up": act.row - 1, "down": act.row + 1}
    return act.key, max(0, places[act.verb])


def _count(opened: OpenDraft, key: str) -> int:
    answer = opened.answers.get(key)
    return len(rows_of(answer.value)) if answer else 0


def is_writable(application: Application) -> bool:
    """Whether the person behind this request may write this draft now."""
    return allowed(current_actor(), Action.DRAFT_WRITE, application) and application.phase.is_open(now())


def _not_kept(shown: SectionShown) -> dict[str, Typed]:
    """What was typed and is not in the sheet: everything after a refusal, else what was too long to be kept."""
    kept = set(shown.typed) if shown.refusal else set(shown.saved.refused) if shown.saved else set()
    return {name: text for name, text in shown.typed.items() if name in kept}


def _faults(opened: OpenDraft, section: Section, shown: SectionShown) -> dict[str, object]:
    """Messages besides those of what cannot be read: what was refused, and with `everything` what is missing too."""
    found: dict[str, object] = {}
    if shown.everything:
        found |= {fault.key: fault.message for fault in opened.assessment.of(section.key)}
    if shown.saved is not None:
        found |= shown.saved.refused
    return found | dict(shown.files)


def _summary(fields: list[Field], shown: SectionShown, names: Mapping[Any, str]) -> dict[str, object]:
    """The list of what is to be mended, by the id of each field."""
    found: dict[str, object] = {"": shown.refusal.message} if shown.refusal else {}
    for each in fields:
        if each.conflict:
            name = names.get(each.conflict.their_by, _("somebody else"))
            found[f"{each.id}-conflict"] = _("Changed by %(name)s meanwhile: %(label)s", name=name, label=each.label)
        elif each.message:
            found[each.anchor] = f"{each.label}: {each.message}"
    return found
