"""The one table of permissions: roles, ties, secrets, and the conflict that beats all of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.access.policy import ALLOWED, EVERYBODY, MONEY_MOVES, Action, Guard, Role, Tie, allowed, authorise
from portal.access.queries import actor_of
from portal.access.ties import tie, untie
from portal.core.actor import ANONYMOUS, SYSTEM, Actor
from portal.core.errors import Forbidden, NotFound
from tests.factories.base import make_authority, make_organisation, make_person

HOME, OTHER, OBJECT = uuid4(), uuid4(), uuid4()
STAFF_ROLES = sorted(set(Role) - {Role.VISITOR, Role.PERSON})
ties = st.frozensets(st.tuples(st.sampled_from(sorted(Tie)), st.sampled_from([OBJECT, OTHER])))
roles = st.frozensets(st.tuples(st.sampled_from(STAFF_ROLES), st.sampled_from([HOME, OTHER])))


@dataclass(frozen=True)
class Thing:
    """An object that the policy judges."""

    guard: Guard = field(default_factory=lambda: Guard(authority_id=HOME, objects=(OBJECT,)))


Held = frozenset[tuple[str, UUID]]
NONE: Held = frozenset()


def actor(*, roles: Held = NONE, ties: Held = NONE) -> Actor:
    """Somebody signed in."""
    return Actor(person_id=uuid4(), name="Ada", roles=roles, ties=ties)


@given(roles, ties, st.sampled_from(sorted(Action)), st.booleans())
def test_a_conflict_beats_every_role_and_every_other_tie(held, bound, action, is_public):
    conflicted = actor(roles=held, ties=bound | {(Tie.CONFLICTED, OBJECT)})
    guard = Guard(authority_id=HOME, objects=(uuid4(), OBJECT), is_public=is_public)
    assert not allowed(conflicted, action, Thing(guard))


@given(roles, ties, st.sampled_from(sorted(Action)))
def test_whoever_may_do_it_to_this_may_do_it_somewhere(held, bound, action):
    somebody = actor(roles=held, ties=bound)
    if allowed(somebody, action, Thing()):
        assert allowed(somebody, action)


@given(roles, ties, st.sampled_from(sorted(set(Action) - {a for a in Action if ALLOWED[a] & EVERYBODY})))
def test_a_role_of_another_authority_opens_nothing_here(held, bound, action):
    elsewhere = [frozenset(each for each in given if each[1] == OTHER) for given in (held, bound)]
    assert not allowed(actor(roles=elsewhere[0], ties=elsewhere[1]), action, Thing())


@pytest.mark.parametrize("action", sorted(Action))
def test_a_visitor_may_only_what_is_for_everybody(action):
    assert allowed(ANONYMOUS, action) == (ALLOWED[action] == EVERYBODY)
    assert not allowed(ANONYMOUS, action, Thing())


def test_a_public_object_is_read_by_visitors():
    assert allowed(ANONYMOUS, Action.PUBLIC_READ, Thing(Guard(is_public=True)))


def test_the_system_may_everything():
    assert all(allowed(SYSTEM, action, Thing()) for action in Action)


def test_nobody_who_checks_a_tranche_also_makes_it():
    makers = {role for role, _ in ALLOWED[Action.TRANCHE_PROPOSE]}
    assert makers.isdisjoint(role for role, _ in ALLOWED[Action.TRANCHE_APPROVE])


def test_the_administrator_and_the_auditor_move_no_money():
    movers = {role for action in MONEY_MOVES for role, _ in ALLOWED[action]}
    assert movers.isdisjoint({Role.ADMINISTRATOR, Role.AUDITOR})


def test_a_secret_object_is_not_found_and_another_is_forbidden():
    with pytest.raises(NotFound):
        authorise(actor(), Action.GRANT_READ, Thing(Guard(authority_id=HOME, is_secret=True)))
    with pytest.raises(Forbidden):
        authorise(actor(), Action.GRANT_READ, Thing())


def test_ties_and_roles_hold_between_their_dates(session, now):
    person, authority = make_person(session, now=now), make_authority(session)
    other = make_person(session, now=now + timedelta(days=1), roles=(Role.OFFICER,), authority=authority)
    mine = make_organisation(session, now=now)
    for days in (1, 2):
        tie(session, person_id=person.id, tie=Tie.EDITOR, object_type="organisation", object_id=mine.id,
            now=now + timedelta(days=days))  # fmt: skip
    session.flush()

    def held(after: int) -> list[str]:
        return sorted(actor_of(session, person, now + timedelta(days=after)).ties_to(mine.id))

    assert (held(0), held(1), held(9)) == ([], ["editor"], ["editor"])
    untie(session, person_id=person.id, tie=Tie.EDITOR, object_id=mine.id, now=now + timedelta(days=5))
    session.flush()
    assert (held(4), held(5)) == (["editor"], [])
    assert actor_of(session, other, now).roles == frozenset()
    assert actor_of(session, other, now + timedelta(days=1)).role_names == ("officer",)
