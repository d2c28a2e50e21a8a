"""A partner that a change of the plan brings or takes is told on the page of the consortium itself."""

from typing import Any

from portal.grants.changes import operations
from portal.grants.changes.rules import Partner, PartnerChange
from tests.factories.base import make_organisation, make_person, sign_in
from tests.factories.grants import make_world
from tests.factories.members import agree, make_consortium
from tests.factories.members import ask as ask_partner


def test_the_page_of_a_consortium_says_which_partner_the_plan_brings_or_takes(store, visitors, now):
    with store() as session:
        world = make_world(session, now=now)
        first, second = (make_person(session, now=now) for _each in range(2))
        leaving, coming = (make_organisation(session, now=now, owner=each) for each in (first, second))
        made = make_consortium(session, world.association, world.owner, (leaving, first), now=now)
        world.application.organisation_id = made.id
        session.flush()
        session.expire(world.application, ["organisation"])
        grant = world.activate()
        address, email, names = f"/organisations/{made.id}/partners", world.owner.email, (leaving.name, coming.name)
    owner = sign_in(visitors(), email)
    assert not owner.get(address).tree.xpath("//*[contains(@class, 'v-notice-warning')]")
    with store() as session:
        world.session = session
        change = PartnerChange(names[0], Partner(names[1], coming.fiscal_code or ""))
        given: dict[str, Any] = {"grant_id": grant.id, "now": now}
        asked: dict[str, Any] = {"change": change, "reason": "Serve.", "actor": world.actor(world.owner)}
        row = operations.ask_amendment(session, **asked, **given)
        operations.grant_amendment(session, amendment_id=row.id, actor=world.actor(world.officer), **given)
    page = owner.get(address)
    assert page.shows(f"come partner {names[1]}")
    assert page.shows(f"{names[0]} non è più partner")
    with store() as session:
        ask_partner(session, made, coming, world.owner, now)
        agree(session, made, coming, second, now)
    assert not owner.get(address).shows(f"come partner {names[1]}")
