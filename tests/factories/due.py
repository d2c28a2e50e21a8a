"""What one room asks of a person: its lines, gathered as the desk gathers those of all rooms."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.notices.gathering import Ask, gathered
from portal.notices.rules import DueStep


def due_of(asks: Callable[[Actor, datetime], Iterable[Ask]]) -> Callable[[Session, Actor, datetime], list[DueStep]]:
    """`due_of(applications.asks)(session, actor, now)`: the due steps."""
    return lambda session, actor, now: gathered(session, asks(actor, now))
