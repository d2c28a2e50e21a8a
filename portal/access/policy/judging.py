"""Judging: whether somebody may do something to an object."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from portal.access.policy.proof import must_have_proved
from portal.access.policy.sealed import Sealed
from portal.access.policy.table import ALLOWED
from portal.access.policy.vocabulary import Action, Role, Tie
from portal.core.actor import Actor
from portal.core.errors import Forbidden, NotFound

_EVERY = frozenset(Role)
_TEAM = frozenset({Role.PERSON})
"""By membership alone: who is left while something is sealed."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What an object tells the policy: its authority, the ids to which people are tied, and who may know of it.

    `team`: which of the objects is the organisation, where the object belongs to one of its projects: its members
    count, whoever coaches another of its projects does not. `under`: the object whose seal closes it to everybody but
    its team.
    """

    authority_id: UUID | None = None
    objects: tuple[UUID, ...] = ()
    is_public: bool = False
    is_secret: bool = False
    team: UUID | None = None
    under: UUID | None = None


class Guarded(Protocol):
    """An object that the policy can judge."""

    @property
    def guard(self) -> Guard: ...


def allowed(actor: Actor, action: Action, subject: Guarded | None = None) -> bool:
    """Whether the actor may do this to the subject; without a subject, whether to anything at all."""
    if actor.is_system:
        return True
    if subject is None:
        return any(_may_somewhere(actor, role, tie) for role, tie in ALLOWED[action])
    roles = _EVERY if _sealed_until(actor, subject.guard) is None else _TEAM
    return _allowed(actor, action, subject.guard, roles)


def authorise(actor: Actor, action: Action, subject: Guarded) -> None:
    """Return if allowed; else raise NotFound where the object's existence is a secret, Forbidden elsewhere.

    Whoever will be allowed once a seal has ended is told when: raises Sealed.

    What needs a second factor needs it here too, whichever door was taken: raises ProofMissing.
    """
    if allowed(actor, action, subject):
        must_have_proved(actor, action)
        return
    until = _sealed_until(actor, subject.guard)
    if until is not None and _allowed(actor, action, subject.guard, _EVERY):
        raise Sealed(until)
    if subject.guard.is_secret:
        raise NotFound
    raise Forbidden


def _sealed_until(actor: Actor, guard: Guard) -> datetime | None:
    return actor.sealed.get(guard.under) if guard.under else None


def _allowed(actor: Actor, action: Action, guard: Guard, roles: frozenset[Role]) -> bool:
    """Whether one of these roles, with a tie that it wants, allows it; a conflict beats them all."""
    ties = _ties(actor, guard)
    if Tie.CONFLICTED in ties:
        return False
    return any(
        tie in ties and role in roles and _holds(actor, role, guard.authority_id) for role, tie in ALLOWED[action]
    )


def _ties(actor: Actor, guard: Guard) -> frozenset[str]:
    found: set[str] = {Tie.SAME_AUTHORITY}
    if guard.is_public:
        found.add(Tie.ANYONE)
    for object_id in guard.objects:
        held = actor.ties_to(object_id)
        found |= held - {Tie.COACHES} if object_id == guard.team else held
    return frozenset(found)


def _holds(actor: Actor, role: Role, authority_id: UUID | None) -> bool:
    if role is Role.VISITOR:
        return True
    if role is Role.PERSON:
        return not actor.is_anonymous
    if role is Role.AUDITOR and authority_id is not None and authority_id in actor.rehearsals:
        actor.entered.add(authority_id)
        return True
    return authority_id is not None and (role.value, authority_id) in actor.roles


def _may_somewhere(actor: Actor, role: Role, tie: Tie) -> bool:
    if role is Role.VISITOR:
        return True
    if role is Role.PERSON:
        return not actor.is_anonymous and (tie is Tie.ANYONE or any(name == tie for name, _ in actor.ties))
    return role.value in actor.role_names and (tie is Tie.SAME_AUTHORITY or any(name == tie for name, _ in actor.ties))
