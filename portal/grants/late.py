"""Work of a grant that is late, told by upper rooms to rooms beside them, which do not know each other.

A piece of its own, because a lower room never asks an upper one: `portal.app` fills `sources`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Overdue:
    """Work that was due: the key and words of what was promised, and its day."""

    key: str
    title: str
    due_on: date


Source = Callable[[Session, Collection[UUID], date], Mapping[UUID, Sequence[Overdue]]]
sources: list[Source] = []
"""What is late for each of these grants, on a day."""


def late_work(session: Session, grant_ids: Collection[UUID], today: date) -> dict[UUID, list[Overdue]]:
    """What is late for each of these grants, of every room that tells."""
    found: dict[UUID, list[Overdue]] = {}
    for source in sources:
        for grant_id, late in source(session, grant_ids, today).items():
            found.setdefault(grant_id, []).extend(late)
    return found
