"""Lines of many rooms in one statement: a room says what to look for, and how a line found becomes a due step."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, Integer, Select, String, Uuid, cast, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from portal.core.db import JsonDocument, UtcDateTime
from portal.notices.rules import DueStep

MOST = 20
"""As many lines of one kind as a desk shows: whoever has more finds them on the page behind each."""

FIELDS: dict[str, TypeEngine[Any]] = {
    "id": Uuid(),
    "of": Uuid(),
    "name": String(),
    "more": String(),
    "title": JsonDocument,
    "number": Integer(),
    "at": UtcDateTime(),
    "day": Date(),
}
"""What a line can say; every line has all of them, empty where its room says nothing."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one room looks for (a select of `line(...)`), in which order, and the step that each line becomes.

    None: what the line says of its call shows that nothing is due.
    """

    query: Select[Any]
    order: Sequence[Any]
    step: Callable[[Any], DueStep | None]


def line(**said: Any) -> list[Any]:
    """The columns of a line, for `select(*line(id=…, name=…))`."""
    return [
        (type_coerce(said[name], kind) if name in said else cast(null(), kind)).label(name)
        for name, kind in FIELDS.items()
    ]


def gathered(session: Session, asks: Iterable[Ask]) -> list[DueStep]:
    """The steps of all asks, in their order: one statement, or none where nothing is asked."""
    wanted = list(asks)
    if not wanted:
        return []
    found = union_all(*(_numbered(number, ask) for number, ask in enumerate(wanted))).order_by("ask", "place")
    steps = (wanted[row.ask].step(row) for row in session.execute(found))
    return [step for step in steps if step is not None]


def _numbered(number: int, ask: Ask) -> Select[Any]:
    place = func.row_number().over(order_by=ask.order).label("place")
    lines = ask.query.add_columns(place).subquery()
    return select(literal(number).label("ask"), *lines.c).where(lines.c.place <= MOST)
