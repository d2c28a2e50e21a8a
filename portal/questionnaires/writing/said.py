"""What is said on the page of a section: beside its questions, above them, and of what a button did."""

from collections.abc import Container, Mapping
from typing import Any

from flask import render_template

from portal.core.i18n import _
from portal.questionnaires.fields import Field, State
from portal.questionnaires.forms import RowAct
from portal.questionnaires.rules import Section
from portal.questionnaires.writing.shown import OpenSheet, SectionShown


def state_of(sheet: OpenSheet, section: Section, shown: SectionShown, brief: Container[str] = ()) -> State:
    """What just happened, as the fields of the page tell it."""
    return State(
        faults=_faults(sheet, section, shown),
        conflicts={each.key: each for each in shown.saved.conflicts} if shown.saved else {},
        typed=shown.not_kept,
        longer=shown.grows,
        focus=focus_of(sheet, shown),
        notes=sheet.notes,
        everything=shown.everything,
        brief=brief,
    )


def focus_of(sheet: OpenSheet, shown: SectionShown) -> tuple[str, int] | None:
    """Where the focus goes after a button of rows: the new row, the moved one, the one after a removed one."""
    act = shown.act
    if act is None or act.verb not in ("add", "remove", "up", "down"):
        return (shown.longer, sheet.rows(shown.longer)) if shown.longer else None
    count = sheet.rows(act.key)
    places = {"add": count, "remove": max(0, min(act.row, count - 1)), "up": act.row - 1, "down": act.row + 1}
    return act.key, max(0, places[act.verb])


def saved_parts(shown: SectionShown, context: Mapping[str, Any]) -> str:
    """What an autosave, or a button of rows, changes on the page: the context of the page, and `here`, its address."""
    act = shown.act
    changed = next((each for each in context["fields"] if act and each.key == act.key), None)
    done = done_in_words(act, changed, is_refused=act.key in shown.files) if act else ""
    return render_template("questionnaires/_saved.html", **context, seen=shown.seen, changed=changed, done=done)


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


def summary_of(fields: list[Field], shown: SectionShown, names: Mapping[Any, str]) -> dict[str, object]:
    """The list of what is to be mended, by the id of each field."""
    found: dict[str, object] = {"": shown.refusal.message} if shown.refusal else {}
    for each in fields:
        if each.conflict:
            name = names.get(each.conflict.their_by, _("somebody else"))
            found[f"{each.id}-conflict"] = _("Changed by %(name)s meanwhile: %(label)s", name=name, label=each.label)
        elif each.message:
            found[each.anchor] = f"{each.label}: {each.message}"
    return found


def _faults(sheet: OpenSheet, section: Section, shown: SectionShown) -> dict[str, object]:
    """Messages besides those of what cannot be read: what was refused, and with `everything` what is missing too."""
    found: dict[str, object] = {}
    if shown.everything:
        found |= {each.key: sheet.missing[each.key] for each in section.questions if each.key in sheet.missing}
    if shown.saved is not None:
        found |= shown.saved.refused
    return found | dict(shown.files)
