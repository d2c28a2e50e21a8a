"""Where files are used: each room says it of its own, and one listener tells whoever must know of a virus there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Place:
    """One use of a file: the object it belongs to, and what is said of it to its people and to the officers in charge.

    The words are lazy sentences. Nobody is told where there is nobody to act: no office of what was never sent.
    """

    subject: Any
    """The row of the object: the audit trail keeps the event with it."""
    team: Iterable[UUID] = ()
    team_words: object = ""
    team_path: str = ""
    office: Iterable[UUID] = ()
    office_words: object = ""
    office_path: str = ""


Source = Callable[[Session, UUID, datetime], Iterable[Place]]
"""The places of a file in one room, at an instant."""
sources: list[Source] = []


def places_of(session: Session, file_id: UUID, at: datetime) -> list[Place]:
    """Every use of a file that some room knows of, in the order of the rooms."""
    return [place for source in sources for place in source(session, file_id, at)]
