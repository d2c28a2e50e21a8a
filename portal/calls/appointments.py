"""Days and places that upper rooms announce on the public page of a call; `app` joins the two.

Apart from `queries` since this is a place to fill, not a read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.calls.models import Call


@dataclass(frozen=True, slots=True)
class Appointment:
    """A session that everybody may attend: when, where, which."""

    at: datetime
    zone: str
    place: str
    number: int


Source = Callable[[Session, Call, datetime], list[Appointment]]
sources: list[Source] = []


def appointments_of(session: Session, call: Call, now: datetime) -> list[Appointment]:
    """Everything announced for this call, in its order."""
    return sorted((each for source in sources for each in source(session, call, now)), key=lambda each: each.at)
