"""The history of drafts: every change is a row, and none is lost."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.calls.designer.editing import Change, EditKind
from portal.calls.designer.places import Document, write_place
from portal.calls.models import Call, CallEdit
from portal.core.actor import Actor


def _last_sequence(session: Session, call: Call) -> int:
    """The number of the last change of a draft; 0 when there is none."""
    return session.scalar(select(func.max(CallEdit.sequence)).where(CallEdit.call_id == call.id)) or 0


def note_edit(
    session: Session, *, call: Call, change: Change, actor: Actor, now: datetime, takes_back: int | None = None
) -> CallEdit:
    """Add one change to the history of a draft."""
    edit = CallEdit(
        call_id=call.id,
        sequence=_last_sequence(session, call) + 1,
        at=now,
        by=actor.person_id,
        kind=change.kind,
        place=write_place(change.place),
        before=_kept(change.before),
        after=_kept(change.after),
        takes_back=takes_back,
    )
    session.add(edit)
    session.flush()
    return edit


def note_whole(
    session: Session, *, call: Call, kind: EditKind, before: Document | None, actor: Actor, now: datetime
) -> CallEdit:
    """Add a change of the whole design: its beginning, its file, an earlier state."""
    change = Change(kind, call.definition, (), before, call.definition, ())
    return note_edit(session, call=call, change=change, actor=actor, now=now)


def _kept(value: Any) -> dict[str, Any]:
    return {} if value is None else {"value": value}
