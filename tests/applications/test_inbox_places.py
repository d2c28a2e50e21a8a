"""Where applications are: on the map and in the table beside it, summed up however many they are."""

import pytest
from sqlalchemy import select

from portal.access.policy import Role
from portal.applications.inbox.places import features, places_of
from portal.applications.inbox.rules import Wanted
from portal.applications.inbox.scope import scope_of
from portal.applications.models import InboxEntry
from tests.factories.applications import World
from tests.factories.base import as_actor, make_staff
from tests.factories.inbox import line_like


@pytest.fixture
def world(session, now):
    return World(session, now)


@pytest.fixture
def officer(world, session, now):
    return as_actor(session, make_staff(session, world.authority, Role.OFFICER, now=now), now=now)


def test_the_map_has_areas_and_municipalities_and_no_address(world, session, officer, now):
    world.organisation.address = "Via di Casa Mia 7"
    application = world.submitted()
    scope = scope_of(session, officer, Wanted())
    found = places_of(session, scope, Wanted(), now)
    assert sum(place.applications for place in found.rows) == 1
    drawn = str(features(session, scope, Wanted(), now))
    assert "Casa Mia" not in drawn + str(found)
    assert not application.area or f"area={application.area}" in drawn


def test_points_too_many_to_be_told_apart_are_counted_by_squares(world, session, officer, now):
    application = world.submitted()
    (line,) = session.scalars(select(InboxEntry)).all()
    line.latitude, line.longitude = 41_123_000, 16_871_000
    for number, (latitude, longitude) in enumerate([(41_125_000, 16_873_000), (41_987_000, 16_005_000)], 1):
        other = line_like(session, application, line, number)
        other.latitude, other.longitude = latitude, longitude
        session.add(other)
    session.flush()
    scope = scope_of(session, officer, Wanted())
    (place,) = places_of(session, scope, Wanted(), now).all
    assert (place.applications, place.pinned) == (3, 3)
    each = features(session, scope, Wanted(q="bici"), now)
    assert [one["properties"]["text"] for one in each] == [application.reference] * 3
    two, one = features(session, scope, Wanted(q="bici"), now, most=2)
    assert two["geometry"]["coordinates"] == pytest.approx([16.872, 41.124])
    assert one["geometry"]["coordinates"] == pytest.approx([16.005, 41.987])
    assert "url" not in two["properties"], "a square is nobody's page"
