"""Points of the map of funded projects, in words."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from portal.calls.areas import point
from portal.calls.rules import Area
from portal.core.i18n import in_language, ngettext
from portal.core.money import format_money
from portal.reporting.queries import Places


def map_points(places: list[Places]) -> list[dict[str, Any]]:
    """One point for each area; for each city, where there are several."""
    cities = {place.call.authority.code: place.call.authority.name for place in places}
    if len(cities) < 2:
        return [_area_point(place) for place in places]
    by_city = sorted(places, key=lambda place: place.call.authority.code)
    grouped = groupby(by_city, key=lambda place: place.call.authority.code)
    return [_city_point(code, cities[code], list(group)) for code, group in grouped]


def _area_point(place: Places) -> dict[str, Any]:
    query = urlencode({"call": place.call.slug, "area": place.area.key})
    text = f"{_words(place.projects, place.awarded_cents)} · {in_language(place.call.title)}"
    return point(place.area, name=place.area.name, text=text, url=f"/funded?{query}")


def _city_point(code: str, name: str, places: list[Places]) -> dict[str, Any]:
    """The middle of a city's areas."""
    areas = [place.area for place in places]
    lat, lon = sum(area.lat for area in areas) / len(areas), sum(area.lon for area in areas) / len(areas)
    projects, cents = sum(place.projects for place in places), sum(place.awarded_cents for place in places)
    middle = Area(key=code, name=name, lat=round(lat, 4), lon=round(lon, 4))
    return point(middle, name=name, text=_words(projects, cents), url=f"/funded?{urlencode({'city': code})}")


def _words(projects: int, cents: int) -> str:
    number = ngettext("%(num)d project", "%(num)d projects", projects)
    return f"{number} · {format_money(cents)}"
