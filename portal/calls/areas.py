"""The target areas of a call as GeoJSON; apart from `views` since maps of other rooms read them too."""

from collections.abc import Iterable
from typing import Any

from portal.calls.models import Call
from portal.calls.rules import Area
from portal.questionnaires.rules import Ground


def area_features(call: Call) -> list[dict[str, Any]]:
    """Each area of a call, named."""
    return shapes_on_the_map(call.design.areas)


def shapes_on_the_map(areas: Iterable[Area]) -> list[dict[str, Any]]:
    """Each area as it is drawn: its outline where it has one, else its point, with a radius where it has one."""
    return [_outlined(area) if area.outline else _pointed(area) for area in areas]


def grounds_of(areas: Iterable[Area]) -> list[Ground]:
    """The areas on the ground, to tell whether a point lies in one."""
    return [Ground(area.key, (area.lat, area.lon), area.radius, area.outline or ()) for area in areas]


def _pointed(area: Area) -> dict[str, Any]:
    return point(area, name=area.name, **({"radius": area.radius} if area.radius else {}))


def _outlined(area: Area) -> dict[str, Any]:
    """A GeoJSON polygon (longitude first, closed by its first corner)."""
    ring = [[lon, lat] for lat, lon in [*(area.outline or ()), *(area.outline or ())[:1]]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "geometry": geometry, "properties": {"name": area.name}}


def point(area: Area, **properties: str | int) -> dict[str, Any]:
    """A GeoJSON point (longitude first) with its properties."""
    geometry = {"type": "Point", "coordinates": [area.lon, area.lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
