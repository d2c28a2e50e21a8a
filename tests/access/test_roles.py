"""Staff roles: two people for the grave ones, nobody oneself, exclusions, ends, absences."""

import importlib
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.access.models import RoleGrant, RoleProposal
from portal.access.operations import role_decisions, role_ends, roles
from portal.access.operations.organisations import know_organisation
from portal.access.operations.receiving import BelongsToApplicants, HoldsAlready, NotUsable, RolesExclude
from portal.access.policy import Role, Tie
from portal.access.rules.roles import (
    DELEGABLE,
    EXCLUSIONS,
    LONGEST_DELEGATION,
    TWO_PERSON_ROLES,
    Exclusion,
    Where,
    absence,
    excluded_by,
)
from portal.core.actor import SYSTEM
from portal.core.audit.models import AuditEvent
from portal.core.db import Base
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.mail import OutgoingMail
from tests.factories.base import join, make_authority, make_organisation, make_staff
from tests.factories.roles import City, make_proposal


@pytest.fixture
def city(session, now) -> City:
    return City(session, now)


# ---- rules ----


def test_what_excludes_what_is_one_table_and_each_row_is_held_by_something_that_exists():
    constraints = {str(each.name) for table in Base.metadata.tables.values() for each in table.constraints}
    for pair in EXCLUSIONS:
        module, _, name = pair.held_by.partition(":")
        held = hasattr(importlib.import_module(module), name) if name else pair.held_by in constraints
        assert held, pair


@pytest.mark.parametrize("pair", [pair for pair in EXCLUSIONS if pair.where is Where.AUTHORITY])
def test_roles_that_exclude_each_other_do_so_both_ways(pair: Exclusion):
    assert excluded_by(pair.first, [pair.second]) is pair.second
    assert excluded_by(pair.second, [pair.first, Role.COACH]) is pair.first


def test_evaluators_chairs_and_officers_may_work_together_in_one_authority():
    assert excluded_by(Role.CHAIR, [Role.EVALUATOR, Role.OFFICER, Role.COACH]) is None


def test_an_absence_lasts_whole_days_of_rome_and_no_longer_than_allowed(now):
    since, until = absence(date(2026, 3, 2), date(2026, 3, 2), now)
    assert (since, until.isoformat()) == (now, "2026-03-03T00:00:00+01:00")
    longest = date(2026, 3, 10) + LONGEST_DELEGATION - timedelta(days=1)
    assert absence(date(2026, 3, 10), longest, now)[1].date() == longest + timedelta(days=1)
    for first, last in (
        (date(2026, 3, 1), date(2026, 3, 5)), (date(2026, 3, 5), date(2026, 3, 4)),
        (date(2026, 3, 10), longest + timedelta(days=1)),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            absence(first, last, now)


def test_a_role_that_takes_two_people_is_never_handed_over_by_one():
    assert {Role.FINANCE_MAKER, Role.FINANCE_APPROVER} == DELEGABLE & TWO_PERSON_ROLES


# ---- granting ----


def test_an_administrator_grants_a_role_at_once_and_the_trail_says_who_and_why(city: City):
    grant = city.give(Role.OFFICER, last_day=date(2026, 3, 31))
    assert city.holds(city.person, Role.OFFICER)
    assert not city.holds(city.person, Role.OFFICER, at=city.now + timedelta(days=31))
    event = city.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == grant.id)).one()
    assert (event.event, event.actor_id, event.reason) == ("role.granted", city.first.id, "Nuovo incarico")
    mails = city.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == city.person.email)).all()
    assert len(mails) == 1


@pytest.mark.parametrize("role", sorted(TWO_PERSON_ROLES))
def test_a_grave_role_counts_only_once_another_administrator_has_confirmed_it(city: City, role):
    proposal = city.give(role)
    assert isinstance(proposal, RoleProposal)
    assert not city.holds(city.person, role)
    with pytest.raises(role_decisions.SamePerson):
        role_decisions.confirm_role(city.session, proposal_id=proposal.id, **city.by(city.first))
    grant = role_decisions.confirm_role(city.session, proposal_id=proposal.id, **city.by(city.second))
    assert (grant.granted_by, grant.confirmed_by) == (city.first.id, city.second.id)
    assert city.holds(city.person, role)
    with pytest.raises(role_decisions.DecidedAlready):
        role_decisions.confirm_role(city.session, proposal_id=proposal.id, **city.by(city.second))


def test_who_would_receive_a_role_does_not_confirm_it(city: City):
    third = make_staff(city.session, city.authority, Role.ADMINISTRATOR, now=city.now)
    proposal = make_proposal(city.session, city.authority, third, by=city.first, now=city.now)
    with pytest.raises(role_decisions.SamePerson):
        role_decisions.confirm_role(city.session, proposal_id=proposal.id, **city.by(third))


def test_nobody_grants_to_themselves(city: City):
    for role in (Role.OFFICER, Role.FINANCE_MAKER):
        with pytest.raises(roles.GrantsToOneself):
            city.give(role, email=city.first.email)


@pytest.mark.parametrize(
    "wrong",
    [
        {"granted_by": "person"},
        {"granted_by": "first", "confirmed_by": "first"},
        {"granted_by": "first", "confirmed_by": "person"},
        {"granted_by": "first"},
        {"stands_in_for": "person", "granted_by": "first", "confirmed_by": "second"},
    ],
)
@pytest.mark.parametrize("role", sorted(TWO_PERSON_ROLES))
def test_the_database_refuses_a_grave_role_given_by_one_person(city: City, role, wrong):
    given = {column: getattr(city, who).id for column, who in wrong.items()}
    city.session.add(
        RoleGrant(person_id=city.person.id, role=role, authority_id=city.authority.id, since=city.now, **given)
    )
    with pytest.raises(IntegrityError):
        city.session.flush()


def test_the_operation_refuses_to_grant_a_grave_role_alone(city: City):
    given: dict[str, Any] = {"person_id": city.person.id, "authority_id": city.authority.id}
    with pytest.raises(roles.TakesTwoPeople):
        roles.grant_role(city.session, **given, role=Role.FINANCE_MAKER, **city.by(city.first))
    grant = roles.grant_role(city.session, **given, role=Role.FINANCE_MAKER, actor=SYSTEM, now=city.now)
    assert grant.granted_by is None


def test_an_unknown_address_gets_no_role(city: City):
    with pytest.raises(roles.NoAccount) as refused:
        city.give(Role.OFFICER, email="nessuno@prova.example")
    assert refused.value.field == "email"


def test_a_reason_is_needed_and_a_day_that_has_passed_is_refused(city: City):
    for more in ({"reason": "  "}, {"last_day": date(2026, 3, 1)}):
        with pytest.raises(Invalid):
            city.give(Role.OFFICER, **more)


def test_a_role_is_held_once_and_a_disabled_account_receives_none(city: City):
    city.give(Role.OFFICER)
    with pytest.raises(HoldsAlready):
        city.give(Role.OFFICER)
    city.person.disabled_at = city.now
    with pytest.raises(NotUsable):
        city.give(Role.COACH)


def test_maker_and_approver_exclude_each_other_when_granted_and_when_confirmed(city: City):
    first, second = city.give(Role.FINANCE_MAKER), city.give(Role.FINANCE_APPROVER)
    role_decisions.confirm_role(city.session, proposal_id=first.id, **city.by(city.second))
    with pytest.raises(RolesExclude):
        role_decisions.confirm_role(city.session, proposal_id=second.id, **city.by(city.second))
    with pytest.raises(RolesExclude):
        city.give(Role.AUDITOR)


def test_a_role_in_another_authority_excludes_nothing(city: City):
    elsewhere = make_authority(city.session, code="torino")
    given = {"person_id": city.person.id, "actor": SYSTEM, "now": city.now}
    roles.grant_role(city.session, role=Role.FINANCE_MAKER, authority_id=elsewhere.id, **given)
    roles.grant_role(city.session, role=Role.FINANCE_APPROVER, authority_id=city.authority.id, **given)
    assert city.holds(city.person, Role.FINANCE_APPROVER)


def test_who_belongs_to_an_applicant_is_granted_a_role_only_knowingly(city: City):
    known = make_organisation(city.session, now=city.now, name="Orti di quartiere")
    other = make_organisation(city.session, now=city.now, name="Altrove")
    for organisation in (known, other):
        join(city.session, city.person, organisation, Tie.VIEWER, now=city.now)
    know_organisation(city.session, organisation_id=known.id, authority_id=city.authority.id, now=city.now)
    with pytest.raises(BelongsToApplicants) as refused:
        city.give(Role.OFFICER)
    assert "Orti di quartiere" in str(refused.value)
    assert "Altrove" not in str(refused.value)
    city.give(Role.OFFICER, knows=True)


def test_the_administrator_of_another_authority_grants_confirms_and_ends_nothing_here(city: City):
    elsewhere = City(city.session, city.now, code="torino")
    proposal = make_proposal(city.session, city.authority, city.person, by=city.first, now=city.now)
    with pytest.raises(Forbidden):
        city.give(Role.OFFICER, by=elsewhere.first)
    with pytest.raises(NotFound):
        role_decisions.confirm_role(city.session, proposal_id=proposal.id, **city.by(elsewhere.first))
    grant = city.grant_of(city.officer, Role.OFFICER)
    with pytest.raises(NotFound):
        role_ends.end_role(city.session, grant_id=grant.id, reason="Fine", **city.by(elsewhere.first))


def test_a_proposal_dies_with_the_power_of_who_made_it(city: City):
    third = make_staff(city.session, city.authority, Role.ADMINISTRATOR, now=city.now)
    proposal = make_proposal(city.session, city.authority, city.person, by=third, now=city.now)
    own = city.grant_of(third, Role.ADMINISTRATOR)
    role_ends.end_role(city.session, grant_id=own.id, reason="Fine", **city.by(city.first))
    with pytest.raises(role_decisions.ProposerIsGone):
        role_decisions.confirm_role(city.session, proposal_id=proposal.id, **city.by(city.second))


def test_a_refusal_keeps_its_reason_and_reaches_who_proposed(city: City):
    proposal = city.give(Role.FINANCE_MAKER)
    given = {"proposal_id": proposal.id, "reason": "Non è previsto"} | city.by(city.second)
    refused = role_decisions.refuse_role(city.session, **given)
    assert (refused.accepted, refused.decision_reason) == (False, "Non è previsto")
    mail = city.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == city.first.email)).one()
    assert "Non è previsto" in mail.body
