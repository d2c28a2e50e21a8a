"""People whom upper rooms name as concerned by what happens to a call; `app` joins the two.

Apart from `queries` since this is a place to fill, not a read.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calls.models import CallEvent

Audience = Callable[[Session, CallEvent, datetime], Mapping[UUID, str]]
"""The people concerned by an event, each with the path of the page that concerns them."""
sources: list[Audience] = []


def concerned_by(session: Session, event: CallEvent, now: datetime) -> dict[UUID, str]:
    """Everybody whom upper rooms name, with a path."""
    return {person: path for source in sources for person, path in source(session, event, now).items()}
