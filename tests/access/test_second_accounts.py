"""One person with two accounts is still one person where roles take two, and where roles exclude each other."""

import pytest

from portal.access.operations import role_decisions
from portal.access.operations.receiving import RolesExclude
from portal.access.operations.role_decisions import SamePerson
from portal.access.operations.roles import GrantsToOneself
from portal.access.policy import Role
from portal.access.rules.accounts import same_mailbox
from tests.factories.base import make_person, make_staff
from tests.factories.roles import City


@pytest.fixture
def city(session, now):
    return City(session, now)


def alias(city: City, person, note: str = "due"):
    local, _, domain = person.email.partition("@")
    return make_person(city.session, now=city.now, email=f"{local}+{note}@{domain}", name="Un altro nome")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("ada@comune.example", "Ada+pagamenti@Comune.example", True),
        ("ada+a@comune.example", "ada+b@comune.example", True),
        ("ada@comune.example", "ada@altro.example", False),
        ("ada@comune.example", "adal@comune.example", False),
        ("+a@comune.example", "+b@comune.example", False),
    ],
)
def test_what_follows_a_plus_sign_makes_no_other_mailbox(first, second, expected):
    assert same_mailbox(first, second) is expected


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FINANCE_APPROVER, Role.ADMINISTRATOR])
def test_an_administrator_grants_nothing_to_a_second_account_of_theirs(city, role):
    with pytest.raises(GrantsToOneself):
        city.give(role, email=alias(city, city.first).email)


def test_nor_does_whoever_confirms_confirm_their_own_second_account(city):
    proposal = city.give(Role.ADMINISTRATOR, email=alias(city, city.second).email)
    with pytest.raises(SamePerson):
        role_decisions.confirm_role(city.session, proposal_id=proposal.id, **city.by(city.second))


def test_nor_what_a_second_account_of_theirs_has_proposed(city):
    twin = alias(city, city.first)
    city.session.add(
        type(city.grant_of(city.first, Role.ADMINISTRATOR))(
            person_id=twin.id, role=Role.ADMINISTRATOR, authority_id=city.authority.id, since=city.now
        )
    )
    proposal = city.give(Role.FINANCE_MAKER, by=city.first)
    with pytest.raises(SamePerson):
        role_decisions.confirm_role(city.session, proposal_id=proposal.id, **city.by(twin))


def test_roles_that_exclude_each_other_are_not_held_by_two_accounts_of_one_mailbox(city):
    maker = make_staff(city.session, city.authority, Role.FINANCE_MAKER, now=city.now)
    with pytest.raises(RolesExclude):
        city.give(Role.FINANCE_APPROVER, email=alias(city, maker).email)
    city.give(Role.COACH, email=alias(city, maker, "tre").email)
