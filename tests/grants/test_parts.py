"""The plan on the page of a grant, and what happened to it in every room."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portal.access.policy import Role, Tie
from portal.calls.rules import AwardRules, IncorporationStep
from portal.calls.rules.design import EarlyWarnings
from portal.grants.models import Grant
from portal.grants.operations import accept_grant
from portal.grants.parts import GrantPart, PartLine, plan_in_order
from tests.factories.base import join, make_staff, sign_in
from tests.factories.grants import make_world
from tests.factories.growing import KEYS, growing_design, make_growing, rate, warnings_of

MOST_STATEMENTS = 12
STEP = IncorporationStep("deed", {"it": "Atto costitutivo dal notaio", "en": "Deed before the notary"})

steps = st.integers(0, 4).map(lambda count: [UUID(int=number + 1) for number in range(count)])


@given(steps, st.lists(st.integers(0, 5), max_size=5))
def test_each_tranche_stands_under_its_milestone_and_nothing_is_lost(keys, waits):
    milestones = tuple(PartLine(f"m{key.int}", "/m", "", step=key) for key in keys)
    tranches = tuple(
        PartLine(f"t{number}", "/t", "", step=UUID(int=wait) if wait else None) for number, wait in enumerate(waits)
    )
    plan = plan_in_order([GrantPart("tranches", "", tranches, ""), GrantPart("milestones", "", milestones, "")])
    assert sorted(line.label for line in plan) == sorted(line.label for line in (*milestones, *tranches))
    above = None
    for line in plan:
        above = line.step if line.label.startswith("m") else above
        known = line.step in keys
        assert line.step == above if known else above is None


def test_the_page_tells_what_happened_in_every_room_and_who_works_on_it(page, store, now):
    with store() as session:
        world = make_world(session, now=now)
        grant = world.activate()
        officer, address = world.officer.email, f"/grants/{grant.id}"
        session.commit()
    sign_in(page, officer).get(address)
    for said in ("Tranche pianificata", "Traguardo pianificato", "Marta Bianchi", "Piano: traguardi e tranche"):
        assert page.shows(said), said
    page.click("Tutto ciò che è successo")
    assert page.shows("Contributo concesso")


def test_the_page_stays_within_its_statements_in_every_state(page, visitors, store, now, statements):
    """The officer sees most: of a group that becomes an entity, of checks, of an agreement to sign, of one in force."""
    with store() as session:
        design = replace(growing_design(), award=AwardRules(incorporation_steps=[STEP], acceptance_days=30))
        world = make_world(session, now=now, design=design)
        officer, owner, grants = world.officer.email, world.owner.email, {}
        for name, application, person in (("incorporating", world.group_application, world.leader),
                                          ("verifying", world.application, world.owner)):  # fmt: skip
            grants[name] = world.award(application).id
            accept_grant(session, grant_id=grants[name], actor=world.actor(person), now=now)
        session.commit()
        leader = world.leader.email
    seen_by = {"officer": sign_in(page, officer), "owner": sign_in(visitors(), owner),
               "leader": sign_in(visitors(), leader)}  # fmt: skip

    def look(grant: str) -> None:
        for who, visitor in seen_by.items():
            if (who, grant) in (("owner", "incorporating"), ("leader", "verifying")):
                continue
            with statements() as sent:
                visitor.get(f"/grants/{grants[grant]}")
            assert len(sent) <= MOST_STATEMENTS, (who, grant, [s[:60] + s[s.find("FROM") :][:60] for s in sent])

    look("incorporating")
    look("verifying")
    for step in (world.make_ready, world.sign, world.countersign):
        with store() as session:
            world.session = session
            step(session.get_one(Grant, grants["verifying"]))
            session.commit()
        look("verifying")


def test_early_warnings_stand_on_the_page_for_the_office_alone(visitors, store, now, statements):
    with store() as session:
        world, grant = make_growing(session, now=now, warnings=EarlyWarnings(gap=1, silent_days=30))
        rate(world, grant, by=world.owner, level=3, now=now)
        rate(world, grant, by=world.coach, level=1, now=now)
        assert len(warnings_of(session, grant)) == len(KEYS)
        member = make_staff(session, world.authority, Role.OFFICER, now=now)
        join(session, member, world.association, Tie.VIEWER, now=now)
        seen_by = {name: getattr(world, name).email for name in ("officer", "owner", "coach")}
        seen_by["member"] = member.email
        address = f"/grants/{grant.id}"
        session.commit()
    for who, email in seen_by.items():
        visitor = sign_in(visitors(), email)
        with statements() as sent:
            page = visitor.get(address)
        assert len(sent) <= MOST_STATEMENTS, (who, sent)
        assert page.shows("Squadra e coach sono lontani") is (who == "officer"), who
