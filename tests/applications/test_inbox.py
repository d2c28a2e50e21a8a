"""The office's list: who sees which lines, what filters and words find, pages by key, and that it follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.access.models import Person, RoleGrant
from portal.access.policy import Action, Role, Tie
from portal.access.queries import people_tied
from portal.access.rules import OrganisationKind
from portal.access.ties import tie
from portal.applications import operations
from portal.applications.exporting import Format, export_list, rows_of
from portal.applications.inbox import due
from portal.applications.inbox.acts import effects_of
from portal.applications.inbox.checks import broken
from portal.applications.inbox.entering import missing, rebuild
from portal.applications.inbox.operations import act_on_several, forget_view, keep_view
from portal.applications.inbox.places import features, places_of
from portal.applications.inbox.rules import MOST_OF_A_STATUS, ROWS, Act, Number, Order, Page, Wanted
from portal.applications.inbox.scope import scope_of
from portal.applications.models import Application, InboxEntry, SavedView
from portal.applications.queries import inbox_of
from portal.applications.queries.due import asks as to_check
from portal.applications.queries.inbox import chosen_entries
from portal.applications.rules import ApplicationStatus
from portal.core.audit import AuditEvent
from portal.core.errors import Forbidden, NotFound
from tests.factories.applications import World, make_draft, send
from tests.factories.base import as_actor, make_authority, make_call, make_organisation, make_person, make_staff
from tests.factories.due import due_of
from tests.factories.inbox import line_like

due_steps = due_of(due.asks)
FIRST = Page()


@pytest.fixture
def world(session, now):
    return World(session, now)


@pytest.fixture
def officer(world, session, now):
    return as_actor(session, make_staff(session, world.authority, Role.OFFICER, now=now), now=now)


def venezia(session):
    return make_authority(session, code="venezia", name="Venezia")


def another(world, *, title: str, after: int = 0, call=None, **organisation) -> Application:
    """An application of another organisation, sent so many minutes later."""
    session, now = world.session, world.now
    person = make_person(session, now=now)
    applicant = make_organisation(session, now=now, owner=person, **organisation)
    actor = as_actor(session, person, now=now)
    application = make_draft(session, call or world.call, applicant, by=actor, now=now, title=title)
    send(session, application, by=actor, at=now + timedelta(minutes=after))
    return application


def titles(world, actor, *, page=FIRST, **wanted) -> list[str]:
    rows = inbox_of(world.session, actor, Wanted(**wanted), page, world.now).rows
    return [row.title for row in rows]


def test_a_line_is_written_with_the_submission_and_follows_its_application(world, session, officer, now):
    assert titles(world, officer) == []
    application = world.submitted()
    assert titles(world, officer) == titles(world, officer, call=world.call.slug) == [application.title]
    operations.reopen_application(session, application_id=application.id, actor=world.actor, now=now)
    session.flush()
    assert titles(world, officer) == [], "what its team has open again is a draft"
    operations.save_answers(
        session, application=application, section_key=section_with(world, "title"), typed={"title": "Un altro nome"},
        base={"title": 1}, actor=world.actor, now=now,
    )  # fmt: skip
    send(session, application, by=world.actor, at=now + timedelta(hours=1))
    assert titles(world, officer) == titles(world, officer, q="altro nome") == ["Un altro nome"]
    assert titles(world, officer, q="bici") == []
    operations.withdraw_application(session, application_id=application.id, actor=world.actor, now=now)
    session.flush()
    assert titles(world, officer, status=ApplicationStatus.WITHDRAWN) == ["Un altro nome"]


def section_with(world, key: str) -> str:
    sections = world.call.design.questionnaire.sections
    return next(s.key for s in sections if any(q.key == key for q in s.questions))


def test_words_find_title_applicant_municipality_and_reference_without_accents_and_endings(world, session, officer):
    world.organisation.name, world.organisation.city = "Associazione Il Ponte", "Forlì"
    first = world.submitted()
    another(world, title="Attività nei cortili", after=1)
    assert titles(world, officer, q="attivita cortile") == ["Attività nei cortili"]
    for question in ("ponti", "forli", first.reference, "la casa delle bici"):
        assert titles(world, officer, q=question) == [first.title], question
    for question in ("ponte cortile", "' OR 1=1 --", '"*"', "x" * 500):
        assert titles(world, officer, q=question) == [] or question == '"*"'


def test_filters_narrow_the_list_and_are_counted(world, session, officer, now):
    first = world.submitted()
    another(world, title="Di un gruppo", after=1, informal=True)
    assert titles(world, officer, kind=OrganisationKind.INFORMAL_GROUP) == ["Di un gruppo"]
    assert titles(world, officer, phase=first.phase_id, status=ApplicationStatus.SUBMITTED) == [
        first.title, "Di un gruppo",
    ]  # fmt: skip
    assert titles(world, officer, area="nowhere") == []
    assert titles(world, officer, area=first.area or "", line=line_of(session, first)) != []
    assert titles(world, officer, waiting=7) == []
    late = inbox_of(session, officer, Wanted(waiting=7), FIRST, now + timedelta(days=8))
    assert [row.title for row in late.rows] == [first.title, "Di un gruppo"]
    assert late.number == Number(2)
    assert late.counts == {ApplicationStatus.SUBMITTED: Number(2, MOST_OF_A_STATUS)}
    assert titles(world, officer, order=Order.NEWEST) == ["Di un gruppo", first.title]


def line_of(session, application) -> str:
    return session.scalar(select(InboxEntry.line).where(InboxEntry.application_id == application.id)) or ""


def test_nobody_finds_what_they_may_not_read(world, session, officer, now):
    """Other authorities, conflicts of every kind, drafts, rehearsals: not by list, words, count, map or key."""
    application = world.submitted()
    elsewhere = as_actor(
        session,
        make_staff(session, venezia(session), Role.OFFICER, now=now),
        now=now,
    )
    with pytest.raises((NotFound, Forbidden)):
        inbox_of(session, elsewhere, Wanted(call=world.call.slug), FIRST, now)
    assert titles(world, elsewhere) == titles(world, elsewhere, q="bici") == []
    with pytest.raises(NotFound):
        chosen_entries(session, elsewhere, [application.id], Action.APPLICATION_TAKE)
    for person_of in (world.actor, as_actor(session, make_staff(session, world.authority, Role.EVALUATOR, now=now),
                                            now=now)):  # fmt: skip
        with pytest.raises((NotFound, Forbidden)):
            inbox_of(session, person_of, Wanted(), FIRST, now)
        with pytest.raises((NotFound, Forbidden)):
            export_list(session, wanted=Wanted(), keys=(), form=Format.CSV, actor=strong(person_of, now), now=now)
    for object_id in (application.id, application.organisation_id):
        apart = make_staff(session, world.authority, Role.OFFICER, now=now)
        tie(session, person_id=apart.id, tie=Tie.CONFLICTED, object_type="any", object_id=object_id, now=now)
        actor = strong(as_actor(session, apart, now=now), now)
        for wanted in (Wanted(), Wanted(q="bici"), Wanted(call=world.call.slug)):
            found = inbox_of(session, actor, wanted, FIRST, now)
            assert (list(found.rows), found.number, found.counts) == ([], Number(0), {})
            scope = scope_of(session, actor, wanted)
            assert places_of(session, scope, wanted, now).all == []
            assert features(session, scope, wanted, now) == []
            taken = export_list(session, wanted=wanted, keys=(), form=Format.XLSX, actor=actor, now=now)
            assert (taken.rows, list(rows_of(session, taken))) == (0, [])
        with pytest.raises(NotFound):
            chosen_entries(session, actor, [application.id], Action.APPLICATION_TAKE)
        assert due_of(to_check)(session, actor, now + timedelta(days=30)) == [], "nor does the desk count it"
        with pytest.raises(NotFound):
            export_list(session, wanted=Wanted(), keys=[application.id], form=Format.CSV, actor=actor, now=now)
    assert titles(world, officer) != []
    assert len(due_of(to_check)(session, officer, now + timedelta(days=30))) == 1


def strong(actor, now):
    """The same person, who has just proved the second factor."""
    return replace(actor, strong_at=now)


def test_pages_go_by_key_there_and_back(world, session, officer, now):
    application = world.submitted()
    (line,) = session.scalars(select(InboxEntry)).all()
    lines = [line_like(session, application, line, number) for number in range(1, 2 * ROWS + 3)]
    session.add_all(lines)
    session.flush()
    seen, page = [], FIRST
    while True:
        found = inbox_of(session, officer, Wanted(call=world.call.slug), page, now)
        seen += [row.number for row in found.rows]
        if not found.has_after:
            break
        assert len(found.rows) == ROWS
        page = Page(after=found.rows[-1].number)
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 2 * ROWS + 3
    back = inbox_of(session, officer, Wanted(q="bici"), Page(before=seen[ROWS]), now)
    assert [row.number for row in back.rows] == seen[:ROWS]
    assert (back.has_before, back.has_after) == (False, True)


def test_the_list_is_made_anew_by_a_command_and_keeps_what_officers_did(world, session, officer, now):
    application = world.submitted()
    act_on_several(session, keys=[application.id], act=Act.TAKE, actor=officer, now=now)
    session.flush()
    session.execute(update(InboxEntry).values(words="", title="", status=ApplicationStatus.FUNDED))
    assert "portal search rebuild" in next(broken(session))
    key = application.id
    assert rebuild(session) == 1
    session.expire_all()
    entry = session.scalars(select(InboxEntry).where(InboxEntry.application_id == key)).one()
    assert (entry.status, entry.taken_by) == (ApplicationStatus.SUBMITTED, officer.person_id)
    assert titles(world, officer, q="bici") == [entry.title]
    session.delete(entry)
    session.flush()
    assert missing(session)
    assert rebuild(session) == 1
    assert not missing(session)
    assert list(broken(session)) == []


def test_an_act_on_several_touches_what_was_listed_and_nothing_twice(world, session, officer, now):
    first, second = world.submitted(), another(world, title="Seconda", after=1)
    keys = [first.id, second.id]
    act_on_several(session, keys=keys, act=Act.TAKE, actor=officer, now=now)
    again = act_on_several(session, keys=keys, act=Act.TAKE, actor=officer, now=now)
    assert (list(again.touched), len(again.left)) == ([], 2)
    assert titles(world, officer, mine=True) == [first.title, "Seconda"]
    act_on_several(session, keys=[second.id], act=Act.MARK, actor=officer, now=now)
    session.flush()
    assert titles(world, officer, marked=True) == ["Seconda"]
    assert [step.path for step in due_steps(session, officer, now)] == ["/manage/applications?marked=1"]
    operations.withdraw_application(session, application_id=second.id, actor=owner_of(session, second, now), now=now)
    session.flush()
    session.expire_all()
    assert titles(world, officer, marked=True) == [], "a mark goes with the status that it was for"
    events = session.scalars(select(AuditEvent.event).where(AuditEvent.event.like("application.%"))).all()
    assert events.count("application.taken") == 2


def owner_of(session, application, now):
    (owner,) = people_tied(session, application.organisation_id, [Tie.OWNER], now)
    return as_actor(session, owner, now=now)


def test_one_application_of_others_among_those_chosen_stops_the_act(world, session, officer, now):
    mine = world.submitted()
    theirs = another(
        world,
        title="Altrove",
        call=make_call(session, venezia(session), now=now, slug="altrove"),
    )
    with pytest.raises(NotFound):
        act_on_several(session, keys=[mine.id, theirs.id], act=Act.TAKE, actor=officer, now=now)
    assert effects_of(Act.TAKE, session.scalars(select(InboxEntry)).all(), officer).left == []


def test_a_kept_filter_is_its_owner_s_or_lent_to_the_office(world, session, officer, now):
    world.submitted()
    wanted = Wanted(status=ApplicationStatus.SUBMITTED, q="bici", mine=True)
    view = keep_view(session, name="  Le mie  ", wanted=wanted, is_shared=False, actor=officer, now=now)
    keep_view(session, name="Le mie", wanted=wanted, is_shared=False, actor=officer, now=now)
    colleague = as_actor(session, make_staff(session, world.authority, Role.OFFICER, now=now), now=now)
    assert inbox_of(session, colleague, Wanted(), FIRST, now).saved == []
    keep_view(session, name="Le mie", wanted=wanted, is_shared=True, actor=officer, now=now)
    (seen,) = inbox_of(session, colleague, Wanted(), FIRST, now).saved
    assert Wanted.read(seen.wanted) == wanted
    with pytest.raises(NotFound):
        forget_view(session, view_id=view.id, actor=colleague, now=now)
    forget_view(session, view_id=view.id, actor=officer, now=now)
    session.flush()
    assert session.scalars(select(SavedView)).all() == []


@given(st.dictionaries(st.sampled_from(["status", "q", "waiting", "phase", "order", "after", "mine"]), st.text()))
def test_whatever_an_address_says_is_read_and_told_again(given):
    wanted = Wanted.read(given)
    assert Wanted.read(wanted.told()) == wanted
    assert Page.read(given) == Page(after=Page.read(given).after)


def test_a_former_officer_finds_nothing(world, session, officer, now):
    world.submitted()
    session.execute(update(RoleGrant).values(until=now - timedelta(seconds=1)))
    person = session.get_one(Person, officer.person_id)
    with pytest.raises(Forbidden):
        inbox_of(session, as_actor(session, person, now=now), Wanted(), FIRST, now)
