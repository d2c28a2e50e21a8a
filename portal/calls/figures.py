"""Numbers that upper rooms lend to the page of a call, which may not look up at them; `app` joins the two.

Apart from `queries.py` since this is a place to fill, not a read.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.calls.models import Call


@dataclass(frozen=True, slots=True)
class Figure:
    """A count in words, with the page that lists what was counted."""

    label: str
    count: int
    path: str | None = None


FigureSource = Callable[[Session, Call], list[Figure]]
sources: list[FigureSource] = []


def figures_of(session: Session, call: Call) -> list[Figure]:
    """Every number lent for this call, in the order in which the rooms were joined."""
    return [figure for source in sources for figure in source(session, call)]
