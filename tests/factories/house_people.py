"""What addresses of people, organisations, authorities and the trail name in the permission matrix."""

from datetime import datetime
from typing import Any

from tests.factories.payments import Finance


def name_people_objects(finance: Finance, people: dict[str, Any], now: datetime) -> dict[str, Any]:
    """By parameter of an address; an entry "endpoint parameter" is for that endpoint alone."""
    world = finance.world
    return {"authority_code": world.authority.code, "person_id": people["viewer"].id}
