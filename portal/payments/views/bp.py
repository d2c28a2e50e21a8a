"""The blueprint of the room, and what its views share."""

from datetime import date
from uuid import UUID

from flask import Blueprint

from portal.core.clock import now
from portal.grants.rules import local_day

bp = Blueprint("payments", __name__)


def this_day() -> date:
    """The day by Rome's calendar."""
    return local_day(now())


def key(text: str | None) -> UUID | None:
    """The key of an address, or nothing where it is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
