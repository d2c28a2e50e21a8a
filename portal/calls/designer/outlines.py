"""The outline of an area as a form takes it: a corner a line, or a polygon of GeoJSON pasted whole."""

import json
import re
from math import isfinite
from typing import Any

from portal.core.errors import Invalid
from portal.core.i18n import lazy_

Corners = list[list[float]]
MOST_READ = 1_000
"""Corners that are read at all; far fewer are taken."""
CORNER = re.compile(r"\s*\(?(-?\d{1,3}(?:[.,]\d{1,12})?)(?:\s*;\s*|\s*,\s+|\s+)(-?\d{1,3}(?:[.,]\d{1,12})?)\)?[;,]?\s*")
TIGHT = re.compile(r"\s*\(?(-?\d{1,3}\.\d{1,12}),(-?\d{1,3}\.\d{1,12})\)?[;,]?\s*")
NO_POLYGON = lazy_("This GeoJSON holds no polygon. Paste one polygon without holes, or write a corner a line.")
HOLES = lazy_("An area is one polygon without holes: paste only its outer edge.")


class NoOutline(Invalid):
    """What was typed is no outline."""


def read_outline(text: str) -> Corners | None:
    """The corners that were typed or pasted, None for nothing. Raises NoOutline."""
    if not text.strip():
        return None
    corners = _from_geojson(text) if text.lstrip().startswith(("{", "[")) else _from_lines(text)
    if len(corners) > MOST_READ:
        raise NoOutline(lazy_("The outline has more than %(most)s corners.", most=MOST_READ))
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return corners


def written_outline(corners: Corners) -> str:
    """The corners as their form shows them."""
    return "\n".join(f"{lat}, {lon}" for lat, lon in corners)


def _from_lines(text: str) -> Corners:
    corners = []
    for number, line in enumerate(text.splitlines()[: MOST_READ + 1], start=1):
        if not line.strip():
            continue
        found = TIGHT.fullmatch(line) or CORNER.fullmatch(line)
        if found is None:
            raise NoOutline(lazy_("Line %(number)s is not a corner. Write latitude and longitude in degrees, for "
                                  "example 45.0703, 7.6869.", number=number))  # fmt: skip
        corners.append([float(each.replace(",", ".")) for each in found.groups()])
    return corners


def _from_geojson(text: str) -> Corners:
    try:
        rings = _rings(json.loads(text))
        corners = [[float(lat), float(lon)] for lon, lat, *_height in rings[0]]
    except (ValueError, TypeError, LookupError, OverflowError, AttributeError, RecursionError) as error:
        raise NoOutline(NO_POLYGON) from error
    if not all(isfinite(degrees) for corner in corners for degrees in corner):
        raise NoOutline(NO_POLYGON)
    if len(rings) > 1:
        raise NoOutline(HOLES)
    return corners


def _rings(found: Any) -> list[Any]:
    """The rings of the only polygon in a piece of GeoJSON (longitude first); a bare list of rings counts as one."""
    if isinstance(found, list):
        return found
    match found.get("type"):
        case "FeatureCollection" | "GeometryCollection":
            inside = found.get("features") or found.get("geometries")
            return _rings(_only(inside))
        case "Feature":
            return _rings(found["geometry"])
        case "MultiPolygon":
            return list(_only(found["coordinates"]))
        case "Polygon":
            return list(found["coordinates"])
        case _:
            raise NoOutline(NO_POLYGON)


def _only(listed: list[Any]) -> Any:
    if len(listed) > 1:
        raise NoOutline(HOLES)
    return listed[0]
