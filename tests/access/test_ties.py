"""Ties: dated rows that one module writes and every filter reads; `conflicted` beats all of them."""

import ast
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from portal.access.models import TieRow
from portal.access.policy import STAFF, Action, Guard, Tie, allowed
from portal.access.ties import KEEPS_AN_OWNER, LastOwner, tie, untie
from portal.core.actor import Actor
from portal.core.unit_of_work import refusal_for
from tests.factories.base import as_actor, join, make_organisation, make_person
from tests.house.sources import Source, sources

HOME, OBJECTS = uuid4(), [uuid4() for _ in range(5)]
"""Five objects, as the guard of a grant names them at most: itself, organisation, application, call, authority."""
OTHERS = sorted(set(Tie) - {Tie.CONFLICTED})
every_role = frozenset((role.value, HOME) for role in STAFF)
positions = st.integers(0, len(OBJECTS) - 1)
some_ties = st.frozensets(st.tuples(st.sampled_from(OTHERS), st.sampled_from(OBJECTS)))

READ_THE_PAST = {
    "portal/evaluation/queries/conflicts.py": "who once belonged to an applicant is kept from it",
    "portal/evaluation/checks.py": "the nightly check looks at the rows themselves",
    "portal/evaluation/sitting_checks.py": "the nightly check looks at the rows themselves",
    "portal/evaluation/queries/likeness.py": "who once coached or belonged to an applicant is asked about it",
    "portal/evaluation/queries/naming.py": "whoever once belonged to a partner reads its name before declaring",
    "portal/rehearsal/guard.py": "what lets people act in a closed rehearsal changes no more",
    "portal/payments/checks.py": "the nightly check asks who belonged at the moment of the release",
}
"""Above `access`, the rows are read by hand only where those that have ended count too."""

WRITERS = {"insert", "update", "delete", "sqlite.insert", "postgresql.insert", "session.merge", "session.delete"}


class Thing:
    """An object whose guard names several objects."""

    def __init__(self, *, is_public: bool) -> None:
        self.guard = Guard(authority_id=HOME, objects=tuple(OBJECTS), is_public=is_public)


@given(some_ties, st.sets(positions, min_size=1), st.booleans())
def test_a_conflict_with_any_object_of_the_guard_beats_every_tie_and_role_for_every_action(held, conflicted, public):
    ties = held | {(Tie.CONFLICTED, OBJECTS[place]) for place in conflicted}
    somebody = Actor(person_id=uuid4(), name="Ada", roles=every_role, ties=ties)
    assert [action for action in Action if allowed(somebody, action, Thing(is_public=public))] == []


@given(some_ties)
def test_a_conflict_with_something_else_takes_nothing_away(held):
    guarded = Thing(is_public=True)
    free = Actor(person_id=uuid4(), name="Ada", roles=every_role, ties=held)
    elsewhere = Actor(person_id=uuid4(), name="Ada", roles=every_role, ties=held | {(Tie.CONFLICTED, uuid4())})
    assert [allowed(free, each, guarded) for each in Action] == [allowed(elsewhere, each, guarded) for each in Action]


def test_tie_rows_are_written_in_one_module_alone():
    writing = {
        str(source)
        for source in sources("portal")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and (is_a_row(node) or (ast.unparse(node.func) in WRITERS and rows_of(node)))
    }
    assert writing == {"portal/access/ties.py"}


def is_a_row(call: ast.Call) -> bool:
    """`TieRow(…)`, however it is reached."""
    return ast.unparse(call.func).split(".")[-1] == "TieRow"


def rows_of(call: ast.Call) -> bool:
    """Whether a statement is about the table."""
    return "TieRow" in ast.unparse(call)


def test_upper_rooms_ask_access_who_belongs_where():
    """They neither read the rows by hand (but for the past), nor keep a list of members' ties of their own."""
    upper = [source for source in sources("portal") if source.room not in ("core", "documents", "access")]
    by_hand = {str(source) for source in upper if names(source) & {"TieRow"}}
    assert by_hand == READ_THE_PAST.keys()
    own_lists = [str(source) for source in upper if defines(source, "MEMBER_TIES")]
    assert own_lists == []
    roundabout = {str(source) for source in upper if names(source) & {"Invitation", "JoinRequest"}}
    assert roundabout <= {"portal/reporting/trail/aggregates.py"}, "only the trail names them, as what it is about"


def names(source: Source) -> set[str]:
    """What a file imports from the tables of `access`."""
    return {
        alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal.access.models")
        for alias in node.names
    }


def defines(source: Source, name: str) -> bool:
    """Whether a file assigns this name itself."""
    targets = [node.targets for node in ast.walk(source.tree) if isinstance(node, ast.Assign)]
    return any(isinstance(each, ast.Name) and each.id == name for target in targets for each in target)


@pytest.fixture
def mine(session, now):
    """An organisation with its only owner."""
    owner = make_person(session, now=now)
    return owner, make_organisation(session, now=now, owner=owner)


def test_a_tie_is_written_once_ends_and_may_begin_again(session, now, mine):
    _owner, organisation = mine
    person = make_person(session, now=now)
    for _time in range(2):
        join(session, person, organisation, Tie.EDITOR, now=now)
    untie(session, person_id=person.id, tie=Tie.EDITOR, object_id=organisation.id, now=now + timedelta(days=1))
    join(session, person, organisation, Tie.EDITOR, now=now + timedelta(days=2))
    rows = session.scalars(select(TieRow).where(TieRow.person_id == person.id).order_by(TieRow.since)).all()
    assert [(row.since - now, row.until and row.until - now) for row in rows] == [
        (timedelta(0), timedelta(days=1)), (timedelta(days=2), None),
    ]  # fmt: skip
    for days, held in ((0, {"editor"}), (1, set()), (2, {"editor"})):
        assert as_actor(session, person, now=now + timedelta(days=days)).ties_to(organisation.id) == held


@pytest.mark.parametrize(
    "change",
    [
        update(TieRow).values(since=TieRow.since, tie=Tie.OWNER),
        update(TieRow).values(person_id=uuid4()),
        update(TieRow).values(object_id=uuid4()),
        delete(TieRow),
    ],
)
def test_the_database_lets_a_tie_do_nothing_but_end(session, now, mine, change):
    join(session, make_person(session, now=now), mine[1], Tie.VIEWER, now=now)
    with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
        session.execute(change)


def test_the_database_keeps_the_last_owner_whoever_asks(session, now, mine):
    owner, organisation = mine
    with pytest.raises(IntegrityError, match=KEEPS_AN_OWNER) as refused, session.begin_nested():
        untie(session, person_id=owner.id, tie=Tie.OWNER, object_id=organisation.id, now=now)
    assert isinstance(refusal_for(refused.value), LastOwner)
    with pytest.raises(IntegrityError, match=KEEPS_AN_OWNER), session.begin_nested():
        session.execute(text("UPDATE tie SET until = since WHERE tie = 'owner'"))
    second = make_person(session, now=now)
    join(session, second, organisation, Tie.OWNER, now=now)
    untie(session, person_id=owner.id, tie=Tie.OWNER, object_id=organisation.id, now=now)
    assert as_actor(session, second, now=now).ties_to(organisation.id) == {"owner"}


def test_ties_to_other_things_have_no_last_one(session, now):
    person, application = make_person(session, now=now), uuid4()
    for how in (Tie.ASSIGNED, Tie.CONFLICTED):
        tie(session, person_id=person.id, tie=how, object_type="application", object_id=application, now=now)
        untie(session, person_id=person.id, tie=how, object_id=application, now=now)
    assert as_actor(session, person, now=now).ties_to(application) == frozenset()
