"""Where a point lies: inside the outline of a target area, or within its radius. Degrees of WGS 84, metres."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH = 6_371_000
"""Mean radius of the Earth, in metres."""
Point = tuple[float, float]
"""Latitude and longitude, in degrees."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A target area: the point that stands for it, and its outline or its radius in metres, where one is declared."""

    key: str
    centre: Point
    radius: int | None = None
    outline: Sequence[Point] = ()

    @property
    def has_bounds(self) -> bool:
        """Whether one can tell what lies in it."""
        return self.radius is not None or len(self.outline) > 2


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a point lies: the key of its area; `is_known` is False when no area has bounds to judge by."""

    area: str | None
    is_known: bool

    @property
    def is_outside(self) -> bool:
        """Whether the point surely lies in no area."""
        return self.is_known and self.area is None


def where_is(point: Point, grounds: Iterable[Ground]) -> Whereabouts:
    """The first area that holds the point. Never accuses: with an area without bounds nobody is surely outside."""
    areas = list(grounds)
    for ground in areas:
        if ground.has_bounds and lies_in(point, ground):
            return Whereabouts(ground.key, True)
    return Whereabouts(None, bool(areas) and all(ground.has_bounds for ground in areas))


def lies_in(point: Point, ground: Ground) -> bool:
    """Whether a point lies in an area: by its outline (even-odd rule) where there is one, else within its radius."""
    if len(ground.outline) > 2:
        return _is_enclosed(point, ground.outline)
    return ground.radius is not None and distance(point, ground.centre) <= ground.radius


def _is_enclosed(point: Point, outline: Sequence[Point]) -> bool:
    """Even-odd rule: a ray eastwards crosses the outline an odd number of times."""
    lat, lon = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) / (lat2 - lat1) * (lon2 - lon1):
            inside = not inside
    return inside


def distance(one: Point, other: Point) -> float:
    """Metres between two points along the surface (haversine)."""
    (lat1, lon1), (lat2, lon2) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, half)))
