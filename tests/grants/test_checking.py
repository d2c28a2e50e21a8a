"""The checks before signing, the sample and the answer of the recipient, through the operations."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.access.models import VerifiedFact
from portal.access.policy import Tie
from portal.access.rules import FactKind
from portal.calls.rules import AwardRules, CheckKind, GrantCheck
from portal.core.errors import IllegalMove, Invalid, NotFound
from portal.grants import operations, queries
from portal.grants.agreements import operations as agreements
from portal.grants.apart import OwnOrganisation
from portal.grants.checking.holding import ChecksExpired
from portal.grants.checking.operations import ChecksOpen, CheckTyped, ReadElsewhere
from portal.grants.checking.queries import checklist_of
from portal.grants.checking.rules import CheckOutcome, Standing
from portal.grants.checking.sampling import NobodyToDraw
from portal.grants.rules import GrantStatus, Need, local_day
from tests.factories.base import bari_design, join
from tests.factories.due import due_of
from tests.factories.grants import CUP, a_pdf, make_world

TEXT = {"it": "Verifica", "en": "Check"}
DURC = GrantCheck("durc", CheckKind.DURC, TEXT, days_valid=120)
GUARANTEE = GrantCheck("guarantee", CheckKind.GUARANTEE, TEXT, needs_file=True)
SAMPLED = GrantCheck("sampled", CheckKind.DECLARATIONS, TEXT, sample=Decimal(50))


pytestmark = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


@pytest.fixture
def world(session, now):
    return make_world(session, now=now)


def declaring(session, now, *checks, **given):
    design = replace(bari_design(), award=AwardRules(checks=list(checks), **given))
    return make_world(session, now=now, design=design)


def found(world, outcome=CheckOutcome.POSITIVE, **given):
    return CheckTyped(outcome, local_day(world.now), **({"reference": "PG 1"} | given))


def check(world, grant, key, typed):
    return operations.record_check(
        world.session, grant_id=grant.id, key=key, typed=typed, actor=world.actor(world.officer), now=world.now
    )


def close(world, grant):
    return operations.close_checks(world.session, grant_id=grant.id, actor=world.actor(world.officer), now=world.now)


def standings(world, grant):
    return {state.check.key: state.standing for state in checklist_of(world.session, grant, local_day(world.now))}


def a_durc(world, issued):
    world.session.add(
        VerifiedFact(
            organisation_id=world.association.id, kind=FactKind.DURC, source="INAIL_1", issued_on=issued,
            valid_until=issued + timedelta(days=120), recorded_by=world.officer.id, recorded_at=world.now,
        )
    )  # fmt: skip


def test_a_grant_is_ready_once_every_check_of_always_is_positive(world, session):
    grant = world.award()
    for key in ("declarations", "state_aid"):
        check(world, grant, key, found(world))
    with pytest.raises(ChecksOpen):
        close(world, grant)
    check(world, grant, "exclusions", found(world, CheckOutcome.NEGATIVE, note="Condanna."))
    assert standings(world, grant)["exclusions"] is Standing.NEGATIVE
    check(world, grant, "exclusions", found(world))
    close(world, grant)
    assert (grant.status, grant.checked_by) == (GrantStatus.READY, world.officer.id)
    check(world, grant, "exclusions", found(world, CheckOutcome.NEGATIVE, note="Errore."))
    assert grant.status is GrantStatus.VERIFYING
    for statement in ("UPDATE check_finding SET note = 'x'", "DELETE FROM check_finding"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(statement))


def test_a_durc_is_read_where_it_was_verified_and_its_expiry_opens_the_list_again(session, now):
    world = declaring(session, now, DURC)
    grant = world.award()
    assert standings(world, grant) == {"durc": Standing.OPEN}
    with pytest.raises(ReadElsewhere):
        check(world, grant, "durc", found(world))
    issued = local_day(world.now) - timedelta(days=118)
    a_durc(world, issued)
    close(world, grant)
    last = issued + timedelta(days=120)
    assert grant.checks_until == last
    officer = world.actor(world.officer)
    operations.record_cup(world.session, grant_id=grant.id, cup=CUP, actor=officer, now=world.now)
    agreements.prepare_agreement(world.session, grant_id=grant.id, actor=officer, now=world.now)
    assert Need.VERIFICATION not in grant.needs_on(last)
    assert Need.VERIFICATION in grant.needs_on(last + timedelta(days=1))
    late = world.now + timedelta(days=4)
    with pytest.raises(ChecksExpired):
        agreements.sign_agreement(
            world.session, grant_id=grant.id, upload=a_pdf(), actor=world.actor(world.owner), now=late
        )


def test_what_is_read_elsewhere_may_be_said_not_to_be_due(session, now):
    world = declaring(session, now, DURC)
    grant = world.award()
    check(world, grant, "durc", found(world, CheckOutcome.NOT_DUE, note="Senza dipendenti."))
    close(world, grant)
    assert (grant.status, grant.checks_until) == (GrantStatus.READY, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reference": ""}, "file"), ({"reference": "PG 1"}, "file"),
        ({"outcome": CheckOutcome.NEGATIVE}, "note"), ({"reference": "x" * 301, "file": "pdf"}, "reference"),
    ],
)  # fmt: skip
def test_a_finding_has_its_evidence_or_its_reason(session, now, given, field):
    world = declaring(session, now, GUARANTEE)
    grant = world.award()
    given = {name: a_pdf() if value == "pdf" else value for name, value in given.items()}
    with pytest.raises(Invalid) as refused:
        check(world, grant, "guarantee", found(world, **given))
    assert refused.value.field == field


def test_dates_of_evidence_are_those_of_the_document(session, now):
    world = declaring(session, now, GUARANTEE)
    grant, today = world.award(), local_day(world.now)
    for typed, field in (
        (replace(found(world, file=a_pdf()), issued_on=today + timedelta(days=1)), "issued_on"),
        (found(world, file=a_pdf(), valid_until=today - timedelta(days=1)), "valid_until"),
    ):
        with pytest.raises(Invalid) as refused:
            check(world, grant, "guarantee", typed)
        assert refused.value.field == field
    assert check(world, grant, "guarantee", found(world, file=a_pdf(), valid_until=today)).file_id is not None


def test_nobody_checks_their_own_organisation_nor_what_the_call_does_not_declare(world, session, now):
    grant = world.award()
    with pytest.raises(NotFound):
        check(world, grant, "unknown", found(world))
    join(session, world.officer, world.association, Tie.EDITOR, now=now)
    with pytest.raises(OwnOrganisation):
        check(world, grant, "declarations", found(world))


def test_a_sample_is_drawn_once_over_the_grants_that_wait_and_the_others_are_not_checked(session, now):
    world = declaring(session, now, SAMPLED)
    grants = operations.award_all(
        world.session, ranking_id=world.ranking.id, act_number="DD 1/2026", act_date=local_day(world.now),
        actor=world.actor(world.officer), now=world.now,
    )  # fmt: skip
    grant = grants[0]
    assert standings(world, grant) == {"sampled": Standing.TO_DRAW}
    given = {"slug": world.call.slug, "key": "sampled", "actor": world.actor(world.officer), "now": world.now}
    draw = operations.draw_sample(world.session, seed="12 34 56", **given)
    assert draw.population == sorted(each.reference for each in grants)
    assert len(draw.drawn) == 1
    expected = Standing.OPEN if grant.reference in draw.drawn else Standing.NOT_DUE
    assert standings(world, grant) == {"sampled": expected}
    with pytest.raises(NobodyToDraw):
        operations.draw_sample(world.session, seed="12 34 56", **given)


def test_groups_are_checked_too_where_the_call_declares_checks(session, now):
    world = declaring(session, now, GUARANTEE)
    grant = world.award(world.group_application)
    world.incorporate(grant)
    operations.confirm_incorporation(world.session, grant_id=grant.id, actor=world.actor(world.officer), now=world.now)
    assert grant.status is GrantStatus.VERIFYING


def test_a_grant_waits_for_its_recipient_where_the_call_asks_for_an_answer(session, now):
    world = declaring(session, now, acceptance_days=10)
    grant, today = world.award(), local_day(world.now)
    assert (grant.status, grant.accept_by) == (GrantStatus.PROPOSED, today + timedelta(days=10))
    assert Need.ACCEPTANCE in grant.needs_on(today)
    steps = [step.path for step in queries.due_steps(world.session, world.actor(world.owner), world.now)]
    assert f"/grants/{grant.id}#step-acceptance" in steps
    with pytest.raises(IllegalMove):
        close(world, grant)
    operations.accept_grant(world.session, grant_id=grant.id, actor=world.actor(world.owner), now=world.now)
    assert (grant.status, grant.accepted_by) == (GrantStatus.VERIFYING, world.owner.id)
    with pytest.raises(IllegalMove):
        operations.accept_grant(world.session, grant_id=grant.id, actor=world.actor(world.owner), now=world.now)


def test_a_missed_term_ends_nothing_and_leads_the_office_to_its_act(session, now):
    world = declaring(session, now, acceptance_days=10)
    grant = world.award()
    late = world.now + timedelta(days=11)
    paths = [step.path for step in due_of(queries.missed_terms)(world.session, world.actor(world.officer), late)]
    assert f"/grants/{grant.id}/end" in paths
    assert grant.status == "proposed"
    operations.accept_grant(world.session, grant_id=grant.id, actor=world.actor(world.owner), now=late)
    assert grant.status == "verifying"


def test_a_group_that_is_late_becomes_a_line_of_the_office(world):
    grant = world.award(world.group_application)
    late = world.now + timedelta(days=100)
    paths = [step.path for step in due_of(queries.missed_terms)(world.session, world.actor(world.officer), late)]
    assert f"/grants/{grant.id}/end" in paths
