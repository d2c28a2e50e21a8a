"""Sessions of the commission (sedute) and their minutes (verbali): states, moves, what the minutes say. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.core.moves import Move

FORMAT = 1
LONGEST_TEXT = 4000
LONGEST_PLACE = 300
EARLY = timedelta(minutes=15)
"""How long before its hour a session may be opened."""


class SittingStatus(StrEnum):
    """A session is convened, opened and closed; or it is called off before it was opened."""

    CONVENED = "convened"
    OPENED = "opened"
    CLOSED = "closed"
    CANCELLED = "cancelled"


OPEN_SITTING = Move("open_sitting", frozenset({SittingStatus.CONVENED}), SittingStatus.OPENED)
CLOSE_SITTING = Move("close_sitting", frozenset({SittingStatus.OPENED}), SittingStatus.CLOSED)
CANCEL_SITTING = Move("cancel_sitting", frozenset({SittingStatus.CONVENED}), SittingStatus.CANCELLED)
UPCOMING = (SittingStatus.CONVENED, SittingStatus.OPENED)

Words = Mapping[str, str]
Named = tuple[UUID, str]
"""An application: its key and its reference."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened while the commission sat; to an application or to none. Never a mark."""

    at: datetime
    words: Words
    application: Named | None = None


@dataclass(slots=True)
class Line:
    """One line of the minutes: what happened first at this instant, and to which applications."""

    at: datetime
    words: Words
    applications: list[Named] = field(default_factory=list)


def lines_of(happenings: Iterable[Happening]) -> list[Line]:
    """What happened, oldest first; what is said in the same words of several applications is one line."""
    found: dict[tuple[Any, ...], Line] = {}
    for each in sorted(happenings, key=lambda one: (one.at, one.words["it"], one.application or ())):
        if each.application is None:
            found[each.at, *each.words.values(), len(found)] = Line(each.at, each.words)
            continue
        line = found.setdefault(tuple(each.words.values()), Line(each.at, each.words))
        if each.application not in line.applications:
            line.applications.append(each.application)
    return sorted(found.values(), key=lambda line: line.at)


def stored_lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as the document of the minutes keeps them."""
    return [
        {"at": line.at.isoformat(), "words": dict(line.words),
         "applications": [{"id": str(key), "reference": reference} for key, reference in line.applications]}
        for line in lines
    ]  # fmt: skip


def readable_lines(stored: Iterable[Mapping[str, Any]], hidden: Collection[UUID]) -> list[Line]:
    """The lines for a reader, without the applications that are kept from them; a line of those alone goes whole."""
    found = []
    for each in stored:
        named = [(UUID(one["id"]), str(one["reference"])) for one in each["applications"]]
        kept = [one for one in named if one[0] not in hidden]
        if kept or not named:
            found.append(Line(datetime.fromisoformat(each["at"]), each["words"], kept))
    return found


def is_whole(stored: Iterable[Mapping[str, Any]], hidden: Collection[UUID]) -> bool:
    """Whether nothing of the minutes is kept from a reader."""
    return not any(UUID(one["id"]) in hidden for each in stored for one in each["applications"])
