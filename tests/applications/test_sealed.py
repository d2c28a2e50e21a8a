"""A sealed call: until its term is over nobody of the office opens what was sent, nor knows who sent it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal.access.models import OrganisationRegistration, Seal
from portal.access.policy import Action, Role, Sealed, allowed, authorise
from portal.access.seals import seal
from portal.applications import operations
from portal.applications.inbox.rules import Page, Wanted
from portal.applications.jobs import know_the_applicant
from portal.applications.operations.submit import KNOW_JOB
from portal.applications.queries import inbox_of
from portal.applications.queries.inbox import chosen_entries
from portal.calls.checks import broken
from portal.calls.operations import extend_deadline
from portal.calls.operations.rectification import refused_changes
from portal.calls.rules.times import wall_time
from portal.core.errors import NotFound
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.notices.models import Notice
from portal.reporting.trail.queries import trail_of_authorities
from portal.reporting.trail.rules import Wanted as WantedOfTheTrail
from tests.factories.applications import World, send
from tests.factories.base import as_actor, make_organisation, make_staff
from tests.factories.calls import dated_design, publish_design
from tests.factories.sealed import (
    OVER,
    PERSON,
    READERS,
    TITLE,
    make_sealed,
    sealed_design,
)


@pytest.fixture
def made(session, now):
    return make_sealed(session, now=now)


def test_whoever_has_a_role_is_refused_and_told_when_it_opens(made, now):
    application, term = made.application, now + timedelta(days=10, seconds=120)
    for role in READERS:
        actor = made.actor(role, term)
        assert not allowed(actor, Action.APPLICATION_READ, application)
        with pytest.raises(Sealed) as refused:
            authorise(actor, Action.APPLICATION_READ, application)
        assert refused.value.until == term
        authorise(made.actor(role, term + timedelta(seconds=1)), Action.APPLICATION_READ, application)
    with pytest.raises(NotFound):
        authorise(made.actor(Role.ADMINISTRATOR, now), Action.APPLICATION_READ, application)
    assert not allowed(made.actor(Role.COACH, now), Action.APPLICATION_READ, application)
    assert allowed(made.actor(Role.COACH, now + OVER), Action.APPLICATION_READ, application)


def test_its_team_reads_withdraws_and_sends_again(made, now):
    world = made.world
    authorise(world.actor, Action.APPLICATION_READ, made.application)
    operations.reopen_application(made.session, application_id=made.application.id, actor=world.actor, now=now)
    send(made.session, made.application, by=world.actor, at=now)
    operations.withdraw_application(made.session, application_id=made.application.id, actor=world.actor, now=now)


def test_lists_tell_numbers_alone_until_the_term(made, now):
    actor, wanted = made.actor(Role.OFFICER, now), Wanted(call="buste-chiuse")
    found = inbox_of(made.session, actor, wanted, Page(), now)
    assert (found.rows, found.number.counted, found.counts) == ([], 0, {})
    (arrived,) = found.sealed
    assert (arrived.number, len(arrived.entries), arrived.until) == (1, 1, now + timedelta(days=10, seconds=120))
    assert not inbox_of(made.session, actor, replace(wanted, q=TITLE), Page(), now).rows
    (counted,) = inbox_of(made.session, actor, Wanted(), Page(), now).sealed
    assert (counted.number, counted.entries) == (1, ())
    with pytest.raises(NotFound):
        chosen_entries(made.session, actor, [made.application.id], Action.APPLICATION_TAKE)
    later = inbox_of(made.session, made.actor(Role.OFFICER, now + OVER), replace(wanted, q=TITLE), Page(), now + OVER)
    assert ([row.title for row in later.rows], later.sealed) == ([TITLE], [])


def test_the_trail_is_silent_about_it_until_the_term(made, now):
    def told(at):
        trail = trail_of_authorities(made.session, made.actor(Role.AUDITOR, at), WantedOfTheTrail())
        return [each for each in trail.entries if each.who == PERSON or made.application.reference in each.subject]

    assert told(now) == []
    events = {each.title for each in told(now + OVER)}
    assert len(events) >= 3


def test_each_deadline_of_a_sealed_call_is_a_seal(session, now):
    design = sealed_design()
    call = publish_design(session, replace(dated_design(now), admission=design.admission), now=now)
    phase = call.phases[0]
    first = phase.deadline.accepted_until
    officer = as_actor(session, make_staff(session, call.authority, Role.OFFICER, now=now), now=now)
    day = wall_time(phase.closes_at + timedelta(days=5), phase.zone).replace(tzinfo=None)
    extend_deadline(session, phase_id=phase.id, closes_at=day, act_number="7", act_date=now.date(),
                    reason={"it": "Più tempo", "en": "More time"}, actor=officer, now=now)  # fmt: skip
    seals = session.scalars(select(Seal.until).where(Seal.object_id == phase.id).order_by(Seal.until)).all()
    assert seals == [first, phase.deadline.accepted_until]
    assert not [each for each in broken(session) if "sealed" in each]


def test_a_reopened_term_seals_again(made, now):
    session, application = made.session, made.application
    seal(session, object_id=application.phase_id, until=now + timedelta(days=20), now=now + timedelta(days=12))
    for days, is_open in ((15, False), (20, False), (21, True)):
        actor = made.actor(Role.OFFICER, now + timedelta(days=days))
        assert allowed(actor, Action.APPLICATION_READ, application) is is_open, days


def test_the_office_comes_to_know_who_applied_after_the_term(made, now):
    session, term, mine = made.session, now + timedelta(days=10, seconds=120), made.application.id

    def known():
        query = select(OrganisationRegistration.authority_id)
        return list(
            session.scalars(query.where(OrganisationRegistration.organisation_id == made.world.organisation.id))
        )

    def planned():
        return list(session.scalars(select(Job.run_at).where(Job.kind == KNOW_JOB).order_by(Job.run_at)))

    assert (known(), planned()) == ([], [term])
    seal(session, object_id=made.application.phase_id, until=now + timedelta(days=20), now=now)
    know_the_applicant(session, now=term + timedelta(seconds=1), application_id=str(mine))
    assert (known(), planned()) == ([], [term, now + timedelta(days=20)])
    know_the_applicant(session, now=now + timedelta(days=20, seconds=1), application_id=str(mine))
    assert known() == [made.world.authority.id]


def test_nobody_takes_a_seal_off(made):
    for change in (update(Seal).values(until=Seal.sealed_at), delete(Seal)):
        with made.session.begin_nested() as apart:
            with pytest.raises(IntegrityError, match="append-only"):
                made.session.execute(change)
            apart.rollback()


def test_an_officer_who_is_of_a_team_reads_that_one_alone(made, now):
    session, world = made.session, made.world
    both = make_staff(session, world.authority, Role.OFFICER, now=now)
    mine = make_organisation(session, now=now, owner=both)
    other = World.again(session, now, mine.id, world.call.id).submitted()
    actor = as_actor(session, both, now=now)
    assert allowed(actor, Action.APPLICATION_READ, other)
    assert not allowed(actor, Action.APPLICATION_READ, made.application)


def test_a_published_call_stays_sealed_or_open(made, now):
    call = made.world.call
    faults = refused_changes(call=call, new=replace(call.design, admission=sealed_design(sealed=False).admission),
                             now=now - timedelta(days=30))  # fmt: skip
    assert any("admission.sealed" in each for each in faults)


def test_the_check_finds_a_seal_that_ends_too_soon(made, now):
    def told():
        return [each for each in broken(made.session) if "sealed" in each]

    assert told() == []
    deadline = made.world.phase.deadline
    deadline.accepted_until += timedelta(days=1)
    with made.session.no_autoflush:
        assert len(told()) == 1


def test_the_office_hears_nothing_of_it(made):
    office = {each.id for each in made.staff.values()}
    emails = {each.email for each in made.staff.values()}
    assert not made.session.scalars(select(Notice).where(Notice.person_id.in_(office))).all()
    assert not made.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient.in_(emails))).all()
