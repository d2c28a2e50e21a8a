"""Where applications are: on a map, and the same places in a table. Never an address: of a group it is somebody's home.

An application stands at the place of its project if its form asked for one, else in its target area; those with
neither are told by their municipality in the table alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.applications.inbox.rules import MOST_PLACES, Wanted
from portal.applications.inbox.scope import Scope
from portal.applications.models import InboxEntry
from portal.applications.queries.inbox import asked
from portal.calls.models import Call
from portal.calls.rules import Area
from portal.core.i18n import ngettext

MILLIONTHS = 1_000_000
COLUMNS = (
    InboxEntry.number, InboxEntry.application_id, InboxEntry.reference, InboxEntry.title, InboxEntry.call_id,
    InboxEntry.area, InboxEntry.municipality, InboxEntry.latitude, InboxEntry.longitude, InboxEntry.requested_cents,
)  # fmt: skip


@dataclass(slots=True)
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
    """The places of a filter, the fullest first, and the applications with a point of their own."""

    rows: Sequence[Place]
    points: Sequence[Row[Any]] = field(default_factory=list)
    is_cut: bool = False

    @property
    def has_map(self) -> bool:
        """Whether anything can be drawn."""
        return bool(self.points) or any(place.area for place in self.rows)


def places_of(session: Session, scope: Scope, wanted: Wanted, now: datetime) -> Places:
    """Where the applications are that a filter finds for this reader; the first thousand."""
    query, place = asked(session, scope, wanted, now, *COLUMNS)
    found = session.execute(query.order_by(place).limit(MOST_PLACES + 1)).all()
    rows = found[:MOST_PLACES]
    areas = _areas(session, {row.call_id for row in rows if row.area})
    places: dict[tuple[object, str], Place] = {}
    for row in rows:
        known = areas[row.call_id].get(row.area) if row.area else None
        key = (row.call_id, row.area) if known else (None, row.municipality or "")
        if key not in places:
            places[key] = Place(known[0].name, *known) if known else Place(row.municipality or "")
        here = places[key]
        here.applications += 1
        here.requested_cents += row.requested_cents
        here.pinned += row.latitude is not None
    ordered = sorted(places.values(), key=lambda each: (-each.applications, each.name))
    return Places(ordered, [row for row in rows if row.latitude is not None], len(found) > MOST_PLACES)


def _areas(session: Session, call_ids: set[UUID]) -> dict[UUID, dict[str, tuple[Area, str]]]:
    """The target areas of each call by key, with its slug."""
    found: dict[UUID, dict[str, tuple[Area, str]]] = defaultdict(dict)
    for call in session.scalars(select(Call).where(Call.id.in_(call_ids)).order_by(Call.id)):
        found[call.id] = {area.key: (area, call.slug) for area in call.design.areas}
    return found


def features(places: Places) -> list[dict[str, Any]]:
    """GeoJSON: a point for each application that has one, and one for each area with the others."""
    own = [
        _feature(row.longitude / MILLIONTHS, row.latitude / MILLIONTHS, name=row.title or row.reference,
                 text=row.reference, url=f"/applications/{row.application_id}")
        for row in places.points
    ]  # fmt: skip
    shared = [
        _feature(place.area.lon, place.area.lat, name=place.name, text=_number(place.applications - place.pinned),
                 url=f"/manage/calls/{place.slug}/applications?area={place.area.key}",
                 **({"radius": place.area.radius} if place.area.radius else {}))
        for place in places.rows if place.area and place.applications > place.pinned
    ]  # fmt: skip
    return own + shared


def _feature(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": properties}


def _number(applications: int) -> str:
    return str(ngettext("%(num)d application", "%(num)d applications", applications))
