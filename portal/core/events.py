"""How a lower room tells the upper ones, without knowing them: same transaction, in order of subscription."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

E = TypeVar("E")

_handlers: dict[type, list[Callable[[Session, Any], None]]] = defaultdict(list)


def subscribe(event_type: type[E], handler: Callable[[Session, E], None]) -> None:
    """Call `handler(session, event)` at each announcement; subscribing twice counts once."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def announce(session: Session, event: object) -> None:
    """Tell everybody who subscribed; whatever a handler refuses refuses the whole transaction."""
    session.flush()
    for handler in _handlers[type(event)]:
        handler(session, event)
