"""Designing a draft: save, add, duplicate, move, remove, undo, restore. Each is an event and a row of its history."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.callfile import design_from_json
from portal.calls.designer import editing
from portal.calls.designer.documents import canonical, fingerprint
from portal.calls.designer.editing import Change, EditKind
from portal.calls.designer.forms import form_at, version_of
from portal.calls.designer.places import Document, NoSuchPlace, Place, read_place, value_at, with_value, write_place
from portal.calls.models import Call, CallEdit
from portal.calls.operations.edits import note_edit
from portal.calls.operations.parts import show_draft
from portal.calls.queries import call_for_update
from portal.calls.rules import CallStatus
from portal.calls.rules.times import wall_time
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, InvalidForm
from portal.core.i18n import lazy_
from portal.core.instants import ROME

Typed = Mapping[str, Sequence[str]]
WHOLE = (EditKind.CREATED, EditKind.IMPORTED)
ROWS_OF = {"phases", "budget_lines"}
"""Parts of a design that rows repeat."""


class NotADraft(Conflict):
    """Only a draft is designed; what was approved goes back to draft first."""

    default = lazy_("This call is no draft any more. Take its approval back first; a published call changes by acts.")


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same block since it was shown; `theirs` is what stands there now."""

    default = lazy_("Somebody else changed this in the meantime. Both versions are shown; nothing was overwritten.")

    def __init__(self, theirs: Any) -> None:
        super().__init__()
        self.theirs = theirs


class NothingToUndo(Invalid):
    """The draft has no change that could be taken back."""

    default = lazy_("There is no change to take back.")


def save_part(
    session: Session, *, call_id: UUID, place: Place, typed: Typed, seen: str, actor: Actor, now: datetime
) -> CallEdit | None:
    """Save the form of one place as it was typed; None when nothing changed.

    Raises Forbidden, NotADraft, NoSuchPlace, InvalidForm by field, ChangedMeanwhile, StillUsed.
    """
    call = _draft(session, call_id, actor)
    form = form_at(call.definition, place)
    if form is None:
        raise NoSuchPlace
    if form.seen != seen:
        raise ChangedMeanwhile(form.typed)
    reading = form.read(typed)
    if reading.errors:
        raise InvalidForm(reading.errors)
    change = editing.save(call.definition, form.holder, reading.values)
    return None if change.document == call.definition else _put(session, call, change, actor, now)


def add_part(
    session: Session, *, call_id: UUID, place: Place, given: dict[str, Any], actor: Actor, now: datetime
) -> Place:
    """Add a part to a list, or where an optional one is absent; return its place. Raises as `save_part`, TooMany."""
    today = wall_time(now, ROME).date()
    return _edit(session, call_id, actor, now, lambda document: editing.add(document, place, today=today, given=given))


def duplicate_part(session: Session, *, call_id: UUID, place: Place, seen: str, actor: Actor, now: datetime) -> Place:
    """The same part once more, under a key of its own; return its place."""
    return _edit(session, call_id, actor, now, lambda document: editing.duplicate(document, place), place, seen)


def move_part(
    session: Session, *, call_id: UUID, place: Place, step: int, seen: str, actor: Actor, now: datetime
) -> Place:
    """Move a part one step up (-1) or down (1) in its list; return where it stands now."""
    return _edit(session, call_id, actor, now, lambda document: editing.move(document, place, step), place, seen)


def send_part(
    session: Session, *, call_id: UUID, place: Place, to: int, seen: str, actor: Actor, now: datetime
) -> Place:
    """Put a question into another section of its form; return where it stands now. Raises LooksForward."""
    return _edit(session, call_id, actor, now, lambda document: editing.send(document, place, to), place, seen)


def remove_part(session: Session, *, call_id: UUID, place: Place, seen: str, actor: Actor, now: datetime) -> Place:
    """Take a part away; return the place of its list. Raises StillUsed with those who name it, LastOne."""
    return _edit(session, call_id, actor, now, lambda document: editing.remove(document, place), place, seen)


def undo_last(session: Session, *, call_id: UUID, actor: Actor, now: datetime) -> CallEdit:
    """Take back the last change that is not taken back yet, to the byte. Raises NothingToUndo, ChangedMeanwhile."""
    call = _draft(session, call_id, actor)
    edits = _newest_first(session, call)
    last = next(iter(_standing(edits)), None)
    if last is None:
        raise NothingToUndo
    place = read_place(last.place)
    if value_at(call.definition, place) != last.after.get("value"):
        raise ChangedMeanwhile(value_at(call.definition, place))
    before = last.before.get("value")
    document = editing.put_back(call.definition, place, before)
    change = Change(EditKind.UNDONE, document, place, last.after.get("value"), before, place)
    return _put(session, call, change, actor, now, takes_back=last.sequence)


def restore(session: Session, *, call_id: UUID, sequence: int, actor: Actor, now: datetime) -> CallEdit:
    """Bring back the whole design as it was right after a change. Raises NoSuchPlace for a change that never was."""
    call = _draft(session, call_id, actor)
    edits = _newest_first(session, call)
    if sequence not in {edit.sequence for edit in edits}:
        raise NoSuchPlace
    document = call.definition
    for edit in edits:
        if edit.sequence > sequence:
            document = with_value(document, read_place(edit.place), edit.before.get("value"))
    document = canonical(document)
    change = Change(EditKind.RESTORED, document, (), call.definition, document, ())
    return _put(session, call, change, actor, now)


def _standing(edits: Sequence[CallEdit]) -> list[CallEdit]:
    """Changes that may be taken back, the last one first: neither undone already nor the beginning of the draft."""
    undone = {edit.takes_back for edit in edits}
    standing = []
    for edit in edits:
        if edit.kind in WHOLE:
            break
        if edit.kind is not EditKind.UNDONE and edit.sequence not in undone:
            standing.append(edit)
    return standing


def _newest_first(session: Session, call: Call) -> Sequence[CallEdit]:
    query = select(CallEdit).where(CallEdit.call_id == call.id).order_by(CallEdit.sequence.desc())
    return session.scalars(query).all()


def _draft(session: Session, call_id: UUID, actor: Actor) -> Call:
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_DESIGN, call)
    if call.status is not CallStatus.DRAFT:
        raise NotADraft
    return call


def _edit(
    session: Session, call_id: UUID, actor: Actor, now: datetime, make: Callable[[Document], Change],
    place: Place = (), seen: str | None = None,
) -> Place:  # fmt: skip
    """Make one change of the outline, unless what it is about is not what its sender saw."""
    call = _draft(session, call_id, actor)
    if seen is not None and version_of(call.definition, place) != seen:
        raise ChangedMeanwhile(value_at(call.definition, place))
    change = make(call.definition)
    if change.document != call.definition:
        _put(session, call, change, actor, now)
    return change.goes_to


def _put(
    session: Session, call: Call, change: Change, actor: Actor, now: datetime, takes_back: int | None = None
) -> CallEdit:
    """Put the changed design in force, with its row of history and its event."""
    call.definition = change.document
    call.title = change.document["title"]
    call.__dict__.pop("design", None)
    if not change.place or change.place[0] in ROWS_OF:
        show_draft(session, call=call, design=design_from_json(change.document), now=now)
    edit = note_edit(session, call=call, change=change, actor=actor, now=now, takes_back=takes_back)
    about = {"kind": change.kind, "place": write_place(change.place)}
    record(
        session, at=now, actor=actor, event="call.edited", subject=call,
        before=about | {"value": _told(change.before)}, after=about | {"value": _told(change.after)},
    )  # fmt: skip
    return edit


def _told(value: Any) -> Any:
    """What the trail keeps of a value: itself, or of a whole design its fingerprint, since the history holds it."""
    return {"fingerprint": fingerprint(value)} if isinstance(value, dict) and "questionnaire" in value else value
