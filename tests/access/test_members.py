"""Members: roles, leaving, the last owner, who is appointed when nobody is left, and what their page shows to whom."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import checks
from portal.access.models import Organisation, Person, TieRow
from portal.access.operations import members
from portal.access.operations.members import NotOneself, StillRepresented
from portal.access.operations.organisations import know_organisation
from portal.access.policy import Role, Tie
from portal.access.queries.members import members_of, members_page
from portal.access.ties import LastOwner
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.notices.due import asks
from portal.notices.models import Notice
from tests.engines import both_engines
from tests.factories.base import as_actor, join, make_authority, make_organisation, make_person, make_staff, sign_in
from tests.factories.due import due_of
from tests.factories.members import acting, make_invitation, make_member

due_steps = due_of(asks)


@pytest.fixture
def owner(session, now):
    return make_person(session, now=now, name="Marta Bianchi")


@pytest.fixture
def mine(session, now, owner):
    return make_organisation(session, now=now, owner=owner, name="Il Ponte APS")


def told(session: Session, person: Person) -> list[str]:
    """The lines of somebody's inbox, in Italian, the oldest first."""
    query = select(Notice.text).where(Notice.person_id == person.id).order_by(Notice.at, Notice.id)
    return [text["it"] for text in session.scalars(query)]


def change(session, mine, person, to, by, now):
    members.change_role(
        session, organisation_id=mine.id, person_id=person.id, tie_wanted=to, **acting(session, by, now)
    )


def remove(session, mine, person, by, now):
    members.remove_member(session, organisation_id=mine.id, person_id=person.id, **acting(session, by, now))


def leave(session, mine, person, now):
    members.leave_organisation(session, organisation_id=mine.id, **acting(session, person, now))


def ties(session, mine, person, now):
    return set(as_actor(session, person, now=now).ties_to(mine.id))


def test_an_owner_changes_a_role_and_the_row_of_before_stays_dated(session, now, owner, mine):
    editor = make_member(session, mine, Tie.EDITOR, now=now - timedelta(days=9))
    change(session, mine, editor, Tie.REPORTER, owner, now)
    assert ties(session, mine, editor, now) == {"reporter"}
    rows = session.scalars(select(TieRow).where(TieRow.person_id == editor.id).order_by(TieRow.since)).all()
    assert [(row.tie, row.until) for row in rows] == [(Tie.EDITOR, now), (Tie.REPORTER, None)]
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == "member.role_changed")).one()
    assert (event.subject_id, event.before["tie"], event.after["tie"]) == (mine.id, "editor", "reporter")
    assert len(told(session, editor)) == 1
    assert told(session, owner) == []


def test_a_removed_member_is_out_at_once_and_stays_in_the_history(session, now, owner, mine):
    viewer = make_member(session, mine, Tie.VIEWER, now=now - timedelta(days=9))
    remove(session, mine, viewer, owner, now)
    assert ties(session, mine, viewer, now) == set()
    page = members_page(session, mine.id, as_actor(session, owner, now=now), now)
    assert [each.person.id for each in page.members] == [owner.id]
    assert [(each.person.id, each.until) for each in page.former] == [(viewer.id, now)]
    assert len(told(session, viewer)) == 1


def test_a_member_leaves_by_themselves(session, now, owner, mine):
    editor = make_member(session, mine, Tie.EDITOR, now=now)
    leave(session, mine, editor, now)
    assert ties(session, mine, editor, now) == set()
    assert len(told(session, owner)) == 1


def test_the_last_owner_neither_leaves_nor_is_demoted_nor_removed(session, now, owner, mine):
    closed = make_member(session, mine, Tie.OWNER, now=now)
    closed.disabled_at = now
    for attempt in (
        lambda: leave(session, mine, owner, now),
        lambda: change(session, mine, owner, Tie.EDITOR, owner, now),
        lambda: remove(session, mine, owner, owner, now),
    ):
        with pytest.raises(LastOwner):
            attempt()
    assert ties(session, mine, owner, now) == {"owner"}
    second = make_member(session, mine, Tie.EDITOR, now=now)
    change(session, mine, second, Tie.OWNER, owner, now)
    leave(session, mine, owner, now)
    assert [each.person.id for each in members_of(session, mine.id) if each.person.disabled_at is None] == [second.id]


@pytest.mark.parametrize("how", [Tie.EDITOR, Tie.VIEWER, Tie.REPORTER])
def test_only_who_represents_it_changes_its_people(session, now, owner, mine, how):
    other = make_member(session, mine, how, now=now)
    with pytest.raises(NotFound):
        change(session, mine, other, Tie.OWNER, other, now)
    with pytest.raises(NotFound):
        remove(session, mine, owner, other, now)
    stranger = make_person(session, now=now)
    with pytest.raises(NotFound):
        change(session, mine, stranger, Tie.OWNER, stranger, now)


def test_somebody_elsewhere_is_no_member_here(session, now, owner, mine):
    elsewhere = make_organisation(session, now=now, owner=make_person(session, now=now))
    foreign = make_member(session, elsewhere, Tie.EDITOR, now=now)
    for attempt in (change, remove):
        with pytest.raises(NotFound):
            attempt(*([session, mine, foreign] + ([Tie.VIEWER] if attempt is change else []) + [owner, now]))
    assert ties(session, elsewhere, foreign, now) == {"editor"}
    with pytest.raises(Invalid):
        change(session, mine, owner, Tie.CONFLICTED, owner, now)


def test_what_a_former_owner_offered_is_withdrawn(session, now, owner, mine):
    second = make_member(session, mine, Tie.OWNER, now=now)
    make_invitation(session, mine, second, now=now)
    kept = make_invitation(session, mine, owner, now=now)
    change(session, mine, second, Tie.VIEWER, owner, now)
    page = members_page(session, mine.id, as_actor(session, owner, now=now), now)
    assert [each.email for each in page.invitations] == [f"{kept}@prova.example"]


@pytest.fixture
def left_alone(session, now, owner, mine):
    """An organisation known to an authority whose only owner's account is closed."""
    authority = make_authority(session)
    know_organisation(session, organisation_id=mine.id, authority_id=authority.id, now=now)
    editor = make_member(session, mine, Tie.EDITOR, now=now)
    owner.disabled_at = now
    return make_staff(session, authority, Role.ADMINISTRATOR, now=now), editor


def appoint(session, mine, administrator, email, now, reason="Verbale del 12 marzo"):
    return members.appoint_owner(
        session, organisation_id=mine.id, email=email, reason=reason, **acting(session, administrator, now)
    )


def test_the_administrator_appoints_when_nobody_is_left(session, now, mine, left_alone):
    administrator, editor = left_alone
    actor = as_actor(session, administrator, now=now)
    assert [step.path for step in due_steps(session, actor, now)] == [f"/organisations/{mine.id}/members#appoint"]
    appoint(session, mine, administrator, editor.email.upper(), now)
    assert ties(session, mine, editor, now) == {"owner"}
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == "member.appointed")).one()
    assert (event.reason, event.actor_id) == ("Verbale del 12 marzo", administrator.id)
    assert any("Verbale del 12 marzo" in line for line in told(session, editor))
    with pytest.raises(StillRepresented):
        appoint(session, mine, administrator, editor.email, now)
    assert due_steps(session, as_actor(session, administrator, now=now), now) == []


def test_nobody_appoints_without_a_reason_or_themselves_or_from_elsewhere(session, now, mine, left_alone):
    administrator, editor = left_alone
    for email, reason, field in ((editor.email, " \u200b", "reason"), ("nessuno@prova.example", "Verbale", "email")):
        with pytest.raises(Invalid) as refused:
            appoint(session, mine, administrator, email, now, reason)
        assert refused.value.field == field
    with pytest.raises(NotOneself):
        appoint(session, mine, administrator, administrator.email, now)
    elsewhere = make_staff(session, make_authority(session, code="venezia"), Role.ADMINISTRATOR, now=now)
    for other in (elsewhere, editor):
        with pytest.raises((NotFound, Forbidden)):
            appoint(session, mine, other, editor.email, now)


def test_the_administrator_decides_on_nothing_else(session, now, mine, left_alone):
    administrator, editor = left_alone
    for attempt in (lambda: change(session, mine, editor, Tie.OWNER, administrator, now),
                    lambda: remove(session, mine, editor, administrator, now)):  # fmt: skip
        with pytest.raises((NotFound, Forbidden)):
            attempt()


def test_history_and_invitations_are_for_who_manages_or_oversees(session, now, owner, mine):
    authority = make_authority(session)
    know_organisation(session, organisation_id=mine.id, authority_id=authority.id, now=now)
    make_invitation(session, mine, owner, now=now)
    remove(session, mine, make_member(session, mine, Tie.VIEWER, now=now), owner, now)
    viewer = make_member(session, mine, Tie.VIEWER, now=now)
    staff = [make_staff(session, authority, role, now=now) for role in (Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)]
    seen = {}
    for person in (viewer, owner, *staff):
        page = members_page(session, mine.id, as_actor(session, person, now=now), now)
        seen[person.id] = (len(page.members), len(page.former), len(page.invitations))
    assert seen == {viewer.id: (2, 0, 0)} | {each.id: (2, 1, 1) for each in (owner, *staff)}
    for role in (Role.COACH, Role.FINANCE_MAKER, Role.EVALUATOR):
        with pytest.raises(NotFound):
            members_page(
                session, mine.id, as_actor(session, make_staff(session, authority, role, now=now), now=now), now
            )


def at_once(app: Any, *acts: Callable[[Session], object]) -> list[str]:
    """Run the acts in threads that start together, each in its own unit of work; what each one met."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> str:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                with unit_of_work() as session:
                    act(session)
            except Conflict as refusal:
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@both_engines
def test_of_two_owners_who_leave_at_once_one_is_refused(app, store, now):
    for _time in range(5):
        with store() as session:
            one, other = make_person(session, now=now), make_person(session, now=now)
            organisation = make_organisation(session, now=now, owner=one)
            join(session, other, organisation, Tie.OWNER, now=now)
            actors = [as_actor(session, each, now=now) for each in (one, other)]
            organisation_id = organisation.id
        going = [_leaving(organisation_id, actor, now) for actor in actors]
        assert at_once(app, *going) == ["LastOwner", "done"]
    with store() as session:
        assert list(checks.broken(session)) == []
        for organisation in session.scalars(select(Organisation)):
            assert len(members_of(session, organisation.id)) == 1


def _leaving(organisation_id, actor, now):
    return lambda session: members.leave_organisation(session, organisation_id=organisation_id, actor=actor, now=now)


def test_the_page_lets_an_owner_do_what_the_table_says_and_a_viewer_read(store, now, visitors):
    with store() as session:
        owner, other = make_person(session, now=now), make_person(session, now=now, name="Ugo Lai")
        organisation = make_organisation(session, now=now, owner=owner)
        join(session, other, organisation, Tie.VIEWER, now=now)
        address = f"/organisations/{organisation.id}/members"
    page = sign_in(visitors(), owner.email).get(address)
    page.submit(f"{address}/{other.id}/role", tie="editor")
    page.submit(f"{address}/leave", 409)
    assert page.shows("Ugo Lai")
    reader = sign_in(visitors(), other.email).get(address)
    assert reader.tree.xpath("//form[contains(@action, '/role')]") == []
    reader.submit(f"{address}/leave")
    assert reader.url == "/desk"
    reader.get(address, 403)
    page.get(address)
    assert page.shows("Ugo Lai"), "in the history"
