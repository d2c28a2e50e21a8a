"""Where applications are: on a map, and the same places in a table. Never an address: of a group it is somebody's home.

An application stands at the place of its project if its form asked for one, else in its target area; those with
neither are told by their municipality in the table alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Subquery, func, select
from sqlalchemy.orm import Session

from portal.applications.inbox.rules import MOST_PLACES, MOST_POINTS, Wanted
from portal.applications.inbox.scope import Scope
from portal.applications.models import InboxEntry
from portal.applications.queries.inbox import asked
from portal.calls.models import Call
from portal.calls.rules import Area
from portal.core.i18n import _, ngettext

MILLIONTHS = 1_000_000
GRIDS = (MILLIONTHS // 100, MILLIONTHS // 10, MILLIONTHS)
"""Sides of the squares that points too many to be told apart are counted in: about one, ten, a hundred kilometres."""
COLUMNS = (
    InboxEntry.number, InboxEntry.application_id, InboxEntry.reference, InboxEntry.title, InboxEntry.call_id,
    InboxEntry.area, InboxEntry.municipality, InboxEntry.latitude, InboxEntry.longitude, InboxEntry.requested_cents,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An area, or a municipality, with the applications there. `slug` is the call whose area it is."""

    name: str
    area: Area | None = None
    slug: str = ""
    applications: int = 0
    requested_cents: int = 0
    pinned: int = 0
    """How many of them stand on the map at a place of their own."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of everything that a filter finds, the fullest first."""

    all: Sequence[Place]

    @property
    def rows(self) -> Sequence[Place]:
        """Those that the table holds."""
        return self.all[:MOST_PLACES]

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return len(self.all) > MOST_PLACES

    @property
    def has_map(self) -> bool:
        """Whether anything can be drawn."""
        return any(place.area or place.pinned for place in self.all)


def places_of(session: Session, scope: Scope, wanted: Wanted, now: datetime) -> Places:
    """Where the applications are that a filter finds for this reader; summed up where they are kept."""
    here = _found(session, scope, wanted, now)
    query = select(
        here.c.call_id, here.c.area, here.c.municipality, func.count().label("number"),
        func.sum(here.c.requested_cents).label("cents"), func.count(here.c.latitude).label("pinned"),
    )  # fmt: skip
    rows = session.execute(query.group_by(here.c.call_id, here.c.area, here.c.municipality)).all()
    areas = _areas(session, {row.call_id for row in rows if row.area})
    places: dict[tuple[object, str], Place] = {}
    for row in rows:
        known = areas[row.call_id].get(row.area) if row.area else None
        key = (row.call_id, row.area) if known else (None, row.municipality or "")
        before = places.get(key) or (Place(known[0].name, *known) if known else Place(row.municipality or ""))
        places[key] = replace(
            before, applications=before.applications + row.number, pinned=before.pinned + row.pinned,
            requested_cents=before.requested_cents + int(row.cents),
        )  # fmt: skip
    return Places(sorted(places.values(), key=lambda each: (-each.applications, each.name)))


def _found(session: Session, scope: Scope, wanted: Wanted, now: datetime) -> Subquery:
    query, _place = asked(session, scope, wanted, now, *COLUMNS)
    return query.subquery()


def _areas(session: Session, call_ids: set[UUID]) -> Mapping[UUID, dict[str, tuple[Area, str]]]:
    """The target areas of each call by key, with its slug."""
    found: dict[UUID, dict[str, tuple[Area, str]]] = defaultdict(dict)
    for call in session.scalars(select(Call).where(Call.id.in_(call_ids)).order_by(Call.id)):
        found[call.id] = {area.key: (area, call.slug) for area in call.design.areas}
    return found


def features(
    session: Session, scope: Scope, wanted: Wanted, now: datetime, *, most: int = MOST_POINTS
) -> list[dict[str, Any]]:  # fmt: skip
    """GeoJSON: a point for each application that has one; one for each area with the others.

    Where more than `most` have one, a point for all that stand in the same square.
    """
    found = places_of(session, scope, wanted, now)
    shared = [
        _feature(place.area.lon, place.area.lat, name=place.name, text=_number(place.applications - place.pinned),
                 url=f"/manage/calls/{place.slug}/applications?area={place.area.key}",
                 **({"radius": place.area.radius} if place.area.radius else {}))
        for place in found.all if place.area and place.applications > place.pinned
    ]  # fmt: skip
    pinned, here = sum(place.pinned for place in found.all), _found(session, scope, wanted, now)
    own = _each(session, here) if 0 < pinned <= most else _together(session, here, most) if pinned else []
    return own + shared


def _each(session: Session, here: Subquery) -> list[dict[str, Any]]:
    query = select(here).where(here.c.latitude.is_not(None)).order_by(here.c.number)
    return [
        _feature(row.longitude / MILLIONTHS, row.latitude / MILLIONTHS, name=row.title or row.reference,
                 text=row.reference, url=f"/applications/{row.application_id}")
        for row in session.execute(query)
    ]  # fmt: skip


def _together(session: Session, here: Subquery, most: int) -> list[dict[str, Any]]:
    words = str(_("About here: narrow the filter to see each of them."))
    return [
        _feature(float(row.lon) / MILLIONTHS, float(row.lat) / MILLIONTHS, name=_number(row.number), text=words)
        for row in _squares(session, here, most)
    ]


def _squares(session: Session, here: Subquery, most: int) -> Sequence[Row[Any]]:
    """Points counted by squares, in the finest grid that has no more of them than a map can show."""
    middle = func.avg(here.c.latitude).label("lat"), func.avg(here.c.longitude).label("lon")
    found: Sequence[Row[Any]] = []
    for side in GRIDS:
        square = (here.c.latitude // side, here.c.longitude // side)
        query = select(func.count().label("number"), *middle).where(here.c.latitude.is_not(None)).group_by(*square)
        found = session.execute(query.order_by(func.count().desc(), *square).limit(most + 1)).all()
        if len(found) <= most:
            break
    return found[:most]


def _feature(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": properties}


def _number(applications: int) -> str:
    return str(ngettext("%(num)d application", "%(num)d applications", applications))
