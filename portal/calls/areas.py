"""The target areas of a call as GeoJSON; apart from `views` since maps of other rooms read them too."""

from collections.abc import Iterable
from typing import Any

from portal.calls.models import Call
from portal.calls.rules import Area
from portal.questionnaires.rules import Ground


def area_features(call: Call) -> list[dict[str, Any]]:
    """One point for each area, named."""
    return [
        point(area, name=area.name, **({"radius": area.radius} if area.radius else {})) for area in call.design.areas
    ]


def grounds_of(areas: Iterable[Area]) -> list[Ground]:
    """The areas on the ground, to tell whether a point lies in one."""
    return [Ground(area.key, (area.lat, area.lon), area.radius) for area in areas]


def point(area: Area, **properties: str | int) -> dict[str, Any]:
    """A GeoJSON point (longitude first) with its properties."""
    geometry = {"type": "Point", "coordinates": [area.lon, area.lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
