"""Where the points of the radar and of the trend stand: plain numbers for the drawing, inside its box."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

SIZE = 240
"""Side of the radar's box."""
RADIUS = 92
WIDTH, HEIGHT = 320, 170
"""The trend's box."""
LEFT, RIGHT, TOP, BOTTOM = 30, 20, 16, 34


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a drawing."""

    x: float
    y: float


def _around(index: int, count: int, radius: float) -> Point:
    angle = 2 * pi * index / count - pi / 2
    return Point(round(SIZE / 2 + radius * cos(angle), 1), round(SIZE / 2 + radius * sin(angle), 1))


def radar_points(keys: Sequence[str], levels: Mapping[str, int], highest: int) -> list[Point]:
    """One point a dimension, the first one on top, clockwise; the centre is no level, the rim the highest."""
    bounded = [min(max(levels.get(key, 0), 0), highest) for key in keys]
    return [_around(index, len(keys), RADIUS * level / highest) for index, level in enumerate(bounded)]


def rings(count: int, highest: int) -> list[list[Point]]:
    """The lines on which a level lies, the innermost first."""
    return [
        [_around(index, count, RADIUS * level / highest) for index in range(count)] for level in range(1, highest + 1)
    ]


def rim_labels(count: int) -> list[Point]:
    """Where the numbers of the dimensions stand, just outside the rim."""
    return [_around(index, count, RADIUS + 14) for index in range(count)]


def trend_x(count: int) -> list[float]:
    """The moments from left to right; one alone stands in the middle."""
    if count == 1:
        return [(LEFT + WIDTH - RIGHT) / 2]
    step = (WIDTH - LEFT - RIGHT) / (count - 1) if count else 0
    return [round(LEFT + index * step, 1) for index in range(count)]


def trend_y(hundredths: int, highest: int) -> float:
    """How high a mean level stands, the highest one on top."""
    bounded = min(max(hundredths, 0), highest * 100)
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * bounded / (highest * 100), 1)


def trend_points(means: Sequence[int | None], highest: int) -> list[Point]:
    """The means that are known, in the order of their moments."""
    places = zip(trend_x(len(means)), means, strict=True)
    return [Point(x, trend_y(mean, highest)) for x, mean in places if mean is not None]


def joined(points: Sequence[Point]) -> str:
    """Points as the drawing takes them."""
    return " ".join(f"{each.x},{each.y}" for each in points)
