"""Roles end, and colleagues stand in: at once, dated, never beyond the role itself."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.access.models import RoleProposal
from portal.access.operations import delegations, role_decisions, role_ends
from portal.access.operations.receiving import RolesExclude
from portal.access.policy import Action, Role, allowed
from portal.access.role_checks import broken
from portal.core.actor import SYSTEM
from portal.core.errors import Invalid, NotFound
from tests.factories.base import as_actor, make_authority, make_person, make_staff
from tests.factories.roles import City, make_proposal, make_stand_in


@pytest.fixture
def city(session, now) -> City:
    return City(session, now)


# ---- ending ----


def test_ending_a_role_acts_at_once_and_says_who_and_why(city: City):
    grant = city.grant_of(city.officer, Role.OFFICER)
    role_ends.end_role(city.session, grant_id=grant.id, reason="Trasferita", **city.by(city.first))
    assert not city.holds(city.officer, Role.OFFICER)
    assert (grant.ended_by, grant.end_reason) == (city.first.id, "Trasferita")
    with pytest.raises(role_ends.EndedAlready):
        role_ends.end_role(city.session, grant_id=grant.id, reason="Ancora", **city.by(city.first))


def test_the_last_administrator_goes_only_by_a_command(city: City):
    last, other = (city.grant_of(each, Role.ADMINISTRATOR) for each in (city.first, city.second))
    role_ends.end_role(city.session, grant_id=other.id, reason="Fine", **city.by(city.second))
    with pytest.raises(role_ends.LastAdministrator):
        role_ends.end_role(city.session, grant_id=last.id, reason="Fine", **city.by(city.first))
    role_ends.end_role(city.session, grant_id=last.id, reason="Fine", actor=SYSTEM, now=city.now)
    assert not city.holds(city.first, Role.ADMINISTRATOR)


def test_a_disabled_administrator_does_not_count_as_one(city: City):
    city.second.disabled_at = city.now
    grant = city.grant_of(city.first, Role.ADMINISTRATOR)
    with pytest.raises(role_ends.LastAdministrator):
        role_ends.end_role(city.session, grant_id=grant.id, reason="Fine", **city.by(city.first))


# ---- absences ----


def test_a_colleague_stands_in_from_one_day_to_another_and_the_absent_person_keeps_the_role(city: City):
    coach = make_staff(city.session, city.authority, Role.COACH, now=city.now)
    city.hand_over(city.officer, coach, Role.OFFICER, first=date(2026, 3, 4), days=2)
    instants = {day: city.now + timedelta(days=day) for day in (0, 2, 4, 5)}
    found = [city.holds(coach, Role.OFFICER, at=instants[day]) for day in instants]
    assert found == [False, True, True, False]
    assert city.holds(city.officer, Role.OFFICER, at=instants[2])


def test_what_a_stand_in_does_is_recorded_with_whom_they_stand_in_for(city: City):
    coach = make_staff(city.session, city.authority, Role.COACH, now=city.now)
    make_stand_in(city.session, city.grant_of(city.officer, Role.OFFICER), coach, now=city.now)
    actor = as_actor(city.session, coach, now=city.now)
    assert actor.recorded_roles == f"coach,officer~{city.officer.id.hex}"
    assert allowed(actor, Action.CALL_PUBLISH, city.authority)
    city.give(Role.OFFICER, email=coach.email)
    assert as_actor(city.session, coach, now=city.now).recorded_roles == "coach,officer"


def test_finance_is_handed_over_only_with_an_administrator(city: City):
    maker = make_staff(city.session, city.authority, Role.FINANCE_MAKER, now=city.now, name="Rita Reno")
    coach = make_staff(city.session, city.authority, Role.COACH, now=city.now)
    proposal = city.hand_over(maker, coach, Role.FINANCE_MAKER)
    assert isinstance(proposal, RoleProposal)
    assert not city.holds(coach, Role.FINANCE_MAKER)
    grant = role_decisions.confirm_role(city.session, proposal_id=proposal.id, **city.by(city.first))
    assert (grant.granted_by, grant.confirmed_by, grant.stands_in_for) == (maker.id, city.first.id, maker.id)
    assert city.holds(coach, Role.FINANCE_MAKER)


def test_a_stand_in_never_joins_what_excludes_itself(city: City):
    maker = make_staff(city.session, city.authority, Role.FINANCE_MAKER, now=city.now)
    approver = make_staff(city.session, city.authority, Role.FINANCE_APPROVER, now=city.now)
    with pytest.raises(RolesExclude):
        city.hand_over(maker, approver, Role.FINANCE_MAKER)


def test_only_one_s_own_role_goes_and_only_to_a_colleague(city: City):
    evaluator = make_staff(city.session, city.authority, Role.EVALUATOR, now=city.now)
    stranger = make_staff(city.session, make_authority(city.session, code="torino"), Role.OFFICER, now=city.now)
    stand_in = make_stand_in(city.session, city.grant_of(city.officer, Role.OFFICER), evaluator, now=city.now)
    with pytest.raises(delegations.HeldInPerson):
        delegations.delegate_role(
            city.session, grant_id=stand_in.id, colleague_id=city.first.id, first_day=city.now.date(),
            last_day=city.now.date(), reason="", **city.by(evaluator),
        )  # fmt: skip
    for other in (stranger, city.person, city.officer):
        with pytest.raises(delegations.NotAColleague):
            city.hand_over(city.officer, other, Role.OFFICER, first=city.now.date() + timedelta(days=20))
    with pytest.raises(NotFound):
        delegations.delegate_role(
            city.session, grant_id=city.grant_of(city.officer, Role.OFFICER).id, colleague_id=city.second.id,
            first_day=city.now.date(), last_day=city.now.date(), reason="", **city.by(evaluator),
        )  # fmt: skip


def test_nobody_stands_in_twice_for_one_role_nor_longer_than_it_is_held(city: City):
    coach = make_staff(city.session, city.authority, Role.COACH, now=city.now)
    city.hand_over(city.officer, coach, Role.OFFICER)
    with pytest.raises(Invalid):
        city.hand_over(city.officer, city.first, Role.OFFICER)
    city.grant_of(city.officer, Role.OFFICER).until = city.now + timedelta(days=20)
    with pytest.raises(delegations.OutlivesTheRole):
        city.hand_over(city.officer, coach, Role.OFFICER, first=city.now.date() + timedelta(days=15))


def test_no_stand_in_is_proposed_without_an_end_whoever_writes_it(city: City):
    given = {"role": Role.OFFICER, "by": city.officer, "now": city.now, "stands_in_for": city.officer.id}
    proposal = make_proposal(city.session, city.authority, city.first, **given)
    with pytest.raises(IntegrityError, match="a_stand_in_ends"), city.session.begin_nested():
        proposal.until = None


@pytest.mark.parametrize("who", ["officer", "coach"])
def test_either_of_the_two_ends_a_stand_in_early(city: City, who):
    coach = make_staff(city.session, city.authority, Role.COACH, now=city.now)
    grant = city.hand_over(city.officer, coach, Role.OFFICER)
    with pytest.raises(NotFound):
        delegations.end_delegation(city.session, grant_id=grant.id, **city.by(city.person))
    actor = {"officer": city.officer, "coach": coach}[who]
    delegations.end_delegation(city.session, grant_id=grant.id, **city.by(actor))
    assert not city.holds(coach, Role.OFFICER)


def test_a_role_that_ends_takes_its_stand_ins_and_their_proposals_along(city: City):
    maker = make_staff(city.session, city.authority, Role.FINANCE_MAKER, now=city.now)
    coach = make_staff(city.session, city.authority, Role.COACH, now=city.now)
    stand_in = make_stand_in(city.session, city.grant_of(city.officer, Role.OFFICER), coach, now=city.now)
    waiting = city.hand_over(maker, coach, Role.FINANCE_MAKER)
    for person, role in ((city.officer, Role.OFFICER), (maker, Role.FINANCE_MAKER)):
        grant = city.grant_of(person, role)
        role_ends.end_role(city.session, grant_id=grant.id, reason="Fine", **city.by(city.first))
    assert (stand_in.until, stand_in.ended_by) == (city.now, city.first.id)
    assert waiting.accepted is False
    assert not city.holds(coach, Role.OFFICER)


# ---- the nightly check ----


def test_the_nightly_check_finds_roles_that_exclude_each_other_and_stand_ins_without_ground(city: City):
    assert list(broken(city.session)) == []
    both = make_person(
        city.session, now=city.now, roles=(Role.FINANCE_MAKER, Role.FINANCE_APPROVER), authority=city.authority
    )
    grant = city.grant_of(city.officer, Role.OFFICER)
    stand_in = make_stand_in(city.session, grant, city.first, now=city.now)
    grant.until = city.now + timedelta(days=1)
    city.session.flush()
    assert set(broken(city.session)) == {
        f"roles: person {both.id} holds finance_maker beside finance_approver",
        f"roles: stand-in {stand_in.id} outlives the role it stands in for",
    }
