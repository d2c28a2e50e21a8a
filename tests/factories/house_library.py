"""For the house: a clause of its library, and the draft of a statute."""

from datetime import datetime
from typing import Any

from portal.grants.library.fields import TextKind
from tests.factories.grants import World
from tests.factories.library import make_text


def name_library_objects(world: World, now: datetime) -> dict[str, Any]:
    """The texts of the office."""
    officer = world.actor(world.officer)
    statute: dict[str, Any] = {"kind": TextKind.STATUTE, "key": "statuto"}
    return {
        "text_id": make_text(world.session, world.authority, by=officer, now=now).id,
        "statute_id": make_text(world.session, world.authority, by=officer, now=now, **statute).id,
    }
