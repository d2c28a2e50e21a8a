"""The outline of a draft rearranged: each step is one form with one button, and each works without JavaScript."""

from collections.abc import Callable

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls.designer import editing
from portal.calls.designer.mending import question_to_add
from portal.calls.designer.places import Place, read_place, write_place
from portal.calls.models import Call
from portal.calls.operations import designing as operations
from portal.calls.operations.designing import ChangedMeanwhile
from portal.calls.queries.drafts import designed_call
from portal.calls.views.designer import address_of, place_of, shown_at
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import unit_of_work
from portal.core.web.respond import go_to
from portal.questionnaires.rules.design import QuestionType

CHECKLIST = "checklist"
"""Where a press on the checklist comes from."""


@bp.post("/manage/calls/<slug>/arrange/<path:place>")
@declares(Action.CALL_DESIGN)
def arrange(slug: str, place: str) -> ResponseReturnValue:
    """Add, duplicate, move up or down or into another section, remove: `do` says which."""
    here, done = place_of(place), request.form.get("do", "")
    try:
        with unit_of_work() as session:
            call = designed_call(session, slug, current_actor())
            goes_to = STEPS.get(done, _unknown)(session, call, here)
    except (editing.StillUsed, editing.LooksForward, editing.LastOne, ChangedMeanwhile, Invalid) as refusal:
        return shown_at(slug, here, None, refusal)
    flash(_said(done))
    return go_to(_after(slug, here, goes_to))


def _add(session: Session, call: Call, here: Place) -> Place:
    kind = request.form.get("type", "")
    given = {"type": kind} if kind in set(QuestionType) else {}
    return operations.add_part(
        session, call_id=call.id, place=here, given=given, actor=current_actor(), now=now()
    )  # fmt: skip


def _duplicate(session: Session, call: Call, here: Place) -> Place:
    return operations.duplicate_part(
        session, call_id=call.id, place=here, seen=request.form.get("seen", ""), actor=current_actor(), now=now()
    )


def _move(step: int) -> Callable[[Session, Call, Place], Place]:
    def move(session: Session, call: Call, here: Place) -> Place:
        return operations.move_part(
            session, call_id=call.id, place=here, step=step, seen=request.form.get("seen", ""),
            actor=current_actor(), now=now(),
        )  # fmt: skip

    return move


def _remove(session: Session, call: Call, here: Place) -> Place:
    return operations.remove_part(
        session, call_id=call.id, place=here, seen=request.form.get("seen", ""), actor=current_actor(), now=now()
    )


def _send(session: Session, call: Call, here: Place) -> Place:
    return operations.send_part(
        session, call_id=call.id, place=here, to=_section(), seen=request.form.get("seen", ""),
        actor=current_actor(), now=now(),
    )  # fmt: skip


def _section() -> int:
    """The position of the section that was chosen; where none was, that is said."""
    chosen = request.form.get("to", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 5):
        raise Invalid(_("Choose a section first."))
    return int(chosen)


def _mend(session: Session, call: Call, here: Place) -> Place:
    """Add the question that a form lacks."""
    place, given = question_to_add(call.definition, here, request.form.get("lacks", ""))
    return operations.add_part(
        session, call_id=call.id, place=place, given=given, actor=current_actor(), now=now()
    )  # fmt: skip


def _unknown(_session: Session, _call: Call, _here: Place) -> Place:
    raise Invalid


STEPS: dict[str, Callable[[Session, Call, Place], Place]] = {
    "add": _add, "duplicate": _duplicate, "up": _move(-1), "down": _move(1), "remove": _remove,
    "send": _send, "mend": _mend,
}  # fmt: skip


def _said(done: str) -> str:
    said = {
        "add": _("Added."), "duplicate": _("Duplicated."), "up": _("Moved up."), "down": _("Moved down."),
        "send": _("Moved to the other section."), "mend": _("The question is added: see whether its words suit you."),
    }  # fmt: skip
    return str(said.get(done) or _("Removed. “Undo” brings it back."))


def _after(slug: str, here: Place, goes_to: Place) -> str:
    """Where one goes after a change of the outline: a move leads back to where it was asked from, its line in focus."""
    asked_from = request.form.get("from", "")
    if request.form.get("do") in ("up", "down") and asked_from and read_place(asked_from) != here:
        return address_of(slug, read_place(asked_from)) + f"#line-{write_place(goes_to).replace('/', '-')}"
    if request.form.get("do") == "mend" and asked_from == CHECKLIST:
        return url_for("calls.design_checklist", slug=slug)
    goal = goes_to or here[:-1] or ("call", "about")
    return address_of(slug, goal)
