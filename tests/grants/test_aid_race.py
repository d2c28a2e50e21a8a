"""Two acts of award at the same moment, for one single undertaking, on real databases with real threads."""

from dataclasses import replace
from functools import partial

from portal.access.models import OrganisationRegistration
from portal.calls.rules import AidRegime
from portal.grants import operations
from portal.grants.aid.operations import AidTyped, link_undertakings, record_aid
from portal.grants.rules import local_day
from tests.engines import both_engines
from tests.factories.base import bari_design
from tests.factories.grants import ACT, World, make_world
from tests.factories.racing import at_once


def two_cities(session, now):
    """Two authorities, each about to award what the single undertaking of both recipients has room for once."""
    design = replace(bari_design(), aid_regime=AidRegime.DE_MINIMIS)
    worlds: list[World] = []
    for code in ("venezia", "bari"):
        worlds.append(make_world(session, now=now, design=design))
        worlds[-1].authority.code = code
        session.flush()
    first, second = worlds
    session.add_all(
        OrganisationRegistration(organisation_id=each.association.id, authority_id=first.authority.id, since=now)
        for each in worlds
    )
    session.flush()
    given = {"organisation_id": first.association.id, "actor": first.actor(first.officer), "now": now}
    typed = AidTyped(AidRegime.DE_MINIMIS, local_day(now), 27_000_000, "Regione Puglia")
    record_aid(session, typed=typed, **given)
    link_undertakings(session, fiscal_code=str(second.association.fiscal_code), note="Stessi soci.", **given)
    return worlds


@both_engines
def test_two_acts_at_once_never_use_the_same_room_twice(app, store, now):
    with store() as session:
        worlds = two_cities(session, now)
        acts = [
            partial(
                operations.award_grant, application_id=world.application.id, ranking_id=world.ranking.id,
                act_number=ACT, act_date=local_day(now), actor=world.actor(world.officer), now=now,
            )
            for world in worlds
        ]  # fmt: skip
    assert at_once(app, *acts) == ["AidExceeded", "done"]
