"""The act of award: reserves set aside, the effect on each line, the recipient's answer; steps and publication."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.applications.models import AdmissibilityDecision, AdmissibilityReserve, ReserveOutcome
from portal.calls.rules import AwardRules, IncorporationStep
from portal.core.errors import IllegalMove, Invalid
from portal.grants import operations, queries
from portal.grants.models import GrantPublication
from portal.grants.operations.awardable import NotFunded, ReserveOpen
from portal.grants.operations.publication import AlreadyPublished, PublicationTyped
from portal.grants.operations.stepping import StepsOpen
from portal.grants.rules import GrantStatus, local_day
from portal.reporting.queries.funded import funded_project
from tests.factories.base import bari_design
from tests.factories.due import due_of
from tests.factories.grants import ACT, a_pdf, make_world

pytestmark = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
TEXT = {"it": "Statuto approvato", "en": "Statute approved"}
STEPS = (IncorporationStep("statute", TEXT), IncorporationStep("told", TEXT, needs_file=False))


@pytest.fixture
def world(session, now):
    return make_world(session, now=now)


def reserve(world):
    """The application was admitted with a reserve that nobody decided yet."""
    decision = AdmissibilityDecision(
        application_id=world.application.id, at=world.now, is_admissible=True, decided_by=world.officer.id, reason="x",
        checklist={},
    )  # fmt: skip
    world.session.add(decision)
    world.session.flush()
    row = AdmissibilityReserve(
        application_id=world.application.id, decision_id=decision.id, at=world.now, condition="Iscrizione al RUNTS",
        due_on=local_day(world.now), due_at=world.now,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return row


def award_all(world):
    return operations.award_all(
        world.session, ranking_id=world.ranking.id, act_number=ACT, act_date=local_day(world.now),
        actor=world.actor(world.officer), now=world.now,
    )  # fmt: skip


def test_an_open_reserve_is_set_aside_by_the_act_and_refused_alone(world, session):
    row = reserve(world)
    with pytest.raises(ReserveOpen):
        world.award()
    plan = queries.plan_of_award(session, queries.waiting_rows(session), local_day(world.now))
    assert [(each.row.application_id, each.is_reserved) for each in plan.aside] == [(world.application.id, True)]
    assert [each.reference for each in award_all(world)] == [world.group_application.reference]
    asked = due_of(queries.asks)
    assert asked(session, world.actor(world.officer), world.now) == []
    with pytest.raises(NotFunded):
        award_all(world)
    session.add(ReserveOutcome(reserve_id=row.id, at=world.now, is_lifted=True, reason="Iscritta."))
    session.flush()
    assert len(asked(session, world.actor(world.officer), world.now)) == 1
    assert world.award().status is GrantStatus.VERIFYING


def test_the_effect_on_each_line_is_shown_before_the_act(world, session):
    plan = queries.plan_of_award(session, queries.waiting_rows(session), local_day(world.now))
    lines = queries.effects_on(queries.money_and_lines(session, world.call.id)[1], plan.awarded)
    assert sum(line.taken for line in lines) == 4_000_000
    assert all(line.after == line.before - line.taken for line in lines)


def steps_world(session, now, **given):
    design = bari_design()
    rules = replace(design.participation, frozen_composition="added_at_incorporation" in given)
    award = AwardRules(incorporation_steps=list(STEPS), **given)
    return make_world(session, now=now, design=replace(design, participation=rules, award=award))


def show(world, grant, key, note="", file=None):
    return operations.take_step(
        world.session, grant_id=grant.id, key=key, note=note, file=file, actor=world.actor(world.leader), now=world.now
    )


def test_a_group_shows_every_step_before_its_entity_is_confirmed(session, now):
    world = steps_world(session, now)
    grant = world.award(world.group_application)
    world.incorporate(grant)
    confirm = {"grant_id": grant.id, "actor": world.actor(world.officer), "now": now}
    with pytest.raises(StepsOpen):
        operations.confirm_incorporation(session, **confirm)
    for note, field in (("", "file"), ("Fatto.", "file")):
        with pytest.raises(Invalid) as refused:
            show(world, grant, "statute", note)
        assert refused.value.field == field
    show(world, grant, "statute", file=a_pdf("statuto.pdf"))
    with pytest.raises(Invalid):
        show(world, grant, "told")
    show(world, grant, "told", "Comunicato ai soci.")
    show(world, grant, "told", "Comunicato di nuovo.")
    notes = [state.tick.note if state.tick else "–" for state in queries.steps_of(session, grant)]
    assert notes == [None, "Comunicato di nuovo."]
    operations.confirm_incorporation(session, **confirm)
    assert grant.status is GrantStatus.READY
    with pytest.raises(IllegalMove):
        show(world, grant, "told", "Tardi.")


@pytest.mark.parametrize(
    ("people", "field"), [((None, 0), "people_joined"), ((2, 0), "people_joined"), ((1, 1), "people_left"),
                          ((1, None), "people_left")],
)  # fmt: skip
def test_where_the_people_are_fixed_nobody_leaves_and_one_more_may_join(session, now, people, field):
    world = steps_world(session, now, added_at_incorporation=1)
    grant = world.award(world.group_application)
    joined, left = people
    with pytest.raises(Invalid) as refused:
        world.incorporate(grant, people_joined=joined, people_left=left)
    assert refused.value.field == field
    world.incorporate(grant, people_joined=1, people_left=0)
    assert (grant.incorporation.people_joined, grant.incorporation.people_left) == (1, 0)


def publish(world, grant, **typed):
    return operations.publish_grant(
        world.session, grant_id=grant.id, actor=world.actor(world.officer), now=world.now,
        typed=PublicationTyped("L. 241/1990, art. 12", "Un laboratorio.", **typed) if typed else None,
    )  # fmt: skip


def test_a_published_grant_says_its_legal_basis_and_its_project_and_is_corrected_by_a_new_version(world, session):
    grant = world.award()
    publish(world, grant)
    with pytest.raises(AlreadyPublished):
        publish(world, grant)
    first = grant.published_at
    world.now += timedelta(days=1)
    publish(world, grant, cv_url="https://comune.example/cv")
    assert grant.published_at == first
    versions = session.scalars(select(GrantPublication).order_by(GrantPublication.version)).all()
    assert [row.version for row in versions] == [1, 2]
    told = funded_project(session, grant.reference)
    assert (told.legal_basis, told.summary, told.cv_url) == (
        "L. 241/1990, art. 12", "Un laboratorio.", "https://comune.example/cv",
    )  # fmt: skip


def test_only_the_name_of_a_group_may_be_left_out(world, session):
    with pytest.raises(Invalid) as refused:
        publish(world, world.award(), is_withheld=True)
    assert refused.value.field == "is_withheld"
    grant = world.award(world.group_application)
    publish(world, grant, is_withheld=True)
    told = funded_project(session, grant.reference)
    assert world.group.name not in told.recipient
    assert (told.recipient_code, told.is_withheld) == (None, True)
    with pytest.raises(Invalid):
        publish(world, grant, cv_url="javascript:alert(1)")
