"""Target areas: on the Earth, with an outline that encloses something and never crosses itself."""

from itertools import combinations

from portal.calls.rules.design import Area, CallDesign
from portal.calls.rules.validity.fault import Fault, Faults, at_least_one
from portal.core.i18n import lazy_
from portal.questionnaires.rules.geometry import Ground, Point, lies_in

MOST_CORNERS = 200
FEWEST_CORNERS = 3
DEGREES = lazy_("Write degrees: latitude first, such as 45.07, then longitude.")


def areas(design: CallDesign) -> Faults:
    """Every area has its point, and a radius or an outline that can be drawn."""
    for index, area in enumerate(design.areas):
        place = f"areas.{index}"
        if not _is_on_earth((area.lat, area.lon)):
            yield Fault(place, lazy_("Latitude or longitude is outside the Earth."), DEGREES)
        yield from at_least_one(f"{place}.radius", area.radius)
        if area.outline is not None:
            yield from _outline(f"{place}.outline", area, area.outline)


def _outline(place: str, area: Area, outline: list[Point]) -> Faults:
    if len(outline) < FEWEST_CORNERS:
        yield Fault(place, lazy_("An outline of %(count)s corners encloses nothing.", count=len(outline)),
                    lazy_("Write three corners at least, or leave the outline out."))  # fmt: skip
        return
    if len(outline) > MOST_CORNERS:
        yield Fault(place, lazy_("The outline has more than %(most)s corners.", most=MOST_CORNERS),
                    lazy_("Leave out those that hardly change it."))  # fmt: skip
        return
    faults = [*_corners(place, outline)] or [*_crossings(place, outline)]
    yield from faults
    point = (area.lat, area.lon)
    if not faults and not lies_in(point, Ground(area.key, point, outline=outline)):
        words = lazy_("The point of the area lies outside its outline.")
        mend = lazy_("Move the point inside. Latitude comes first, in the point and in every corner.")
        yield Fault(place, words, mend)


def _corners(place: str, outline: list[Point]) -> Faults:
    """Corners that are nowhere on Earth, and corners that stand twice."""
    for index, corner in enumerate(outline):
        if not _is_on_earth(corner):
            yield Fault(f"{place}.{index}", lazy_("Latitude or longitude is outside the Earth."), DEGREES)
        elif corner in outline[:index]:
            yield Fault(f"{place}.{index}", lazy_("Corner %(number)s stands twice.", number=index + 1),
                        lazy_("Write each corner once: the outline closes by itself."))  # fmt: skip


def _crossings(place: str, outline: list[Point]) -> Faults:
    """The first two sides that cross or touch, if there are any."""
    count = len(outline)
    sides = list(zip(outline, [*outline[1:], outline[0]], strict=True))
    for one, other in combinations(range(count), 2):
        if other - one in (1, count - 1):
            continue
        if _meet(*sides[one], *sides[other]):
            words = lazy_("The outline crosses itself: the side after corner %(one)s meets the side after corner "
                          "%(other)s.", one=one + 1, other=other + 1)  # fmt: skip
            yield Fault(f"{place}.{other}", words, lazy_("Write the corners in the order in which one walks the edge."))
            return


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two sides have a point in common."""
    if max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0]):
        return False
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0


def _turn(a: Point, b: Point, c: Point) -> float:
    """Above zero where one turns left on the way from a over b to c, zero where the three stand in line."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _is_on_earth(point: Point) -> bool:
    return -90 <= point[0] <= 90 and -180 <= point[1] <= 180
