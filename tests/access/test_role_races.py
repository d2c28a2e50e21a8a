"""Two administrators act at the same moment, on real databases with real threads."""

from functools import partial
from typing import Any

from sqlalchemy import select

from portal.access.models import RoleGrant
from portal.access.operations import role_decisions, role_ends, roles
from portal.access.policy import Role
from tests.engines import both_engines
from tests.factories.racing import at_once
from tests.factories.roles import City


@both_engines
def test_two_administrators_who_end_each_other_at_once_leave_one(app, store, now):
    with store() as session:
        city = City(session, now)
        pairs = ((city.first, city.second), (city.second, city.first))
        acts = [
            partial(
                role_ends.end_role, grant_id=city.grant_of(other, Role.ADMINISTRATOR).id, reason="Fine", **city.by(one)
            )
            for one, other in pairs
        ]
    assert at_once(app, *acts) == ["LastAdministrator", "done"]


@both_engines
def test_maker_and_approver_confirmed_at_once_for_one_person_give_one_role(app, store, now):
    with store() as session:
        city = City(session, now)
        proposals = [city.give(role) for role in (Role.FINANCE_MAKER, Role.FINANCE_APPROVER)]
        session.flush()
        given = city.by(city.second)
        acts = [partial(role_decisions.confirm_role, proposal_id=each.id, **given) for each in proposals]
    assert at_once(app, *acts) == ["RolesExclude", "done"]


@both_engines
def test_a_role_granted_twice_at_once_is_held_once(app, store, now):
    with store() as session:
        city = City(session, now)
        given: dict[str, Any] = {"person_id": city.person.id, "role": Role.COACH, "authority_id": city.authority.id}
        acts = [partial(roles.grant_role, **given, **city.by(each)) for each in (city.first, city.second)]
    assert at_once(app, *acts) == ["HoldsAlready", "done"]
    with store() as session:
        held = select(RoleGrant).where(RoleGrant.person_id == city.person.id, RoleGrant.role == Role.COACH)
        assert len(session.scalars(held).all()) == 1
