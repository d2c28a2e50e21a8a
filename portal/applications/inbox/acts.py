"""What an act does to each of the applications chosen, and why it leaves some as they are. Told before it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.applications.inbox.rules import WAITING, Act
from portal.applications.models import InboxEntry
from portal.core.actor import Actor
from portal.core.i18n import lazy_

Judge = Callable[[InboxEntry, Actor], object | None]


@dataclass(frozen=True, slots=True)
class Effects:
    """The lines that an act will touch, and those that it leaves as they are, each with the reason."""

    act: Act
    touched: Sequence[InboxEntry]
    left: Sequence[tuple[InboxEntry, object]]


def effects_of(act: Act, entries: Sequence[InboxEntry], actor: Actor) -> Effects:
    """What the act does to these lines."""
    why = {entry.id: WHY_NOT[act](entry, actor) for entry in entries}
    return Effects(
        act=act,
        touched=[entry for entry in entries if why[entry.id] is None],
        left=[(entry, why[entry.id]) for entry in entries if why[entry.id] is not None],
    )


_DECIDED: object = lazy_("Its admissibility is decided, or waits for an answer of its team.")
_ALREADY_MARKED: object = lazy_("It is marked already.")


def _take(entry: InboxEntry, actor: Actor) -> object | None:
    return lazy_("You have it in charge already.") if entry.taken_by == actor.person_id else None


def _leave(entry: InboxEntry, _actor: Actor) -> object | None:
    return lazy_("Nobody has it in charge.") if entry.taken_by is None else None


def _mark(entry: InboxEntry, _actor: Actor) -> object | None:
    if entry.status is not WAITING:
        return _DECIDED
    return _ALREADY_MARKED if entry.marked_at else None


def _unmark(entry: InboxEntry, _actor: Actor) -> object | None:
    return None if entry.marked_at else lazy_("It is not marked.")


WHY_NOT: dict[Act, Judge] = {Act.TAKE: _take, Act.LEAVE: _leave, Act.MARK: _mark, Act.UNMARK: _unmark}
"""Why an act leaves a line as it is; None where it touches it."""
EVENTS = {
    Act.TAKE: "application.taken", Act.LEAVE: "application.left", Act.MARK: "application.marked",
    Act.UNMARK: "application.unmarked",
}  # fmt: skip
