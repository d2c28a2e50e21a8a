"""A committed world, and visitors signed in, for the pages of payments."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from portal.access.policy import Role
from tests.factories.base import make_staff, sign_in
from tests.factories.payments import Finance, make_finance


@dataclass(frozen=True)
class City:
    """What the pages need to know of the world: keys and addresses."""

    tranches: list[UUID]
    grant: UUID
    organisation: UUID
    authority: UUID
    people: dict[str, str]

    @property
    def first(self) -> str:
        """The address of the advance."""
        return f"/tranches/{self.tranches[0]}"


def city_of(finance: Finance) -> City:
    """The world, remembered beyond its session."""
    world = finance.world
    auditor = make_staff(finance.session, world.authority, Role.AUDITOR, now=finance.now, name="Dora Fiume")
    people = {
        "owner": world.owner, "officer": world.officer, "maker": finance.maker, "checker": finance.checker,
        "coach": world.coach, "leader": world.leader, "auditor": auditor,
    }  # fmt: skip
    return City(
        tranches=[tranche.id for tranche in finance.tranches], grant=finance.grant.id,
        organisation=finance.grant.organisation_id, authority=finance.grant.authority_id,
        people={name: person.email for name, person in people.items()},
    )  # fmt: skip


@pytest.fixture
def city(store, now):
    """A grant whose advance can be asked for."""
    with store() as session:
        return city_of(make_finance(session, now=now))


@pytest.fixture
def as_(visitors, city):
    """`as_("maker")`: a visitor signed in as this person, the same one each time."""
    known = {}

    def visitor(name: str):
        if name not in known:
            known[name] = sign_in(visitors(), city.people[name])
        return known[name]

    return visitor
