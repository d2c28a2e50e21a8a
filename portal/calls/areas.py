"""The target areas of a call as GeoJSON; apart from `views` since maps of other rooms read them too."""

from typing import Any

from portal.calls.models import Call
from portal.calls.rules import Area


def area_features(call: Call) -> list[dict[str, Any]]:
    """One point for each area, named."""
    return [point(area, name=area.name) for area in call.design.areas]


def point(area: Area, **properties: str) -> dict[str, Any]:
    """A GeoJSON point (longitude first) with its properties."""
    geometry = {"type": "Point", "coordinates": [area.lon, area.lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
