"""Who acts: a person with the roles and ties held at this request, the system, or nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

MOST_RECORDED = 200
"""As many characters of roles as a row of the trail holds."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request, as the database knew them when it began.

    `roles` pairs a role's value with the authority that gave it; `ties` pairs a tie's value with an object's id.
    `read_at` is when the database was asked, `strong_at` when a second factor was last given in this sign-in.
    `standing_in` says of a role at an authority in whose place alone it is held: (role, authority, person).
    `rehearsals` are the twins of the authorities whose officer or auditor the actor is: read there, and never part of
    a list or a figure.
    `sealed` are the objects under which everything is sealed, each with its last instant.
    """

    person_id: UUID | None
    name: str
    roles: frozenset[tuple[str, UUID]] = frozenset()
    ties: frozenset[tuple[str, UUID]] = frozenset()
    session_id: UUID | None = None
    strong_at: datetime | None = None
    read_at: datetime | None = None
    standing_in: frozenset[tuple[str, UUID, UUID]] = frozenset()
    rehearsals: frozenset[UUID] = frozenset()
    is_system: bool = False
    sealed: Mapping[UUID, datetime] = field(default_factory=dict, compare=False, repr=False)
    entered: set[UUID] = field(default_factory=set, compare=False, repr=False)
    """The twins into which this request looked: its page is marked as one of a rehearsal."""
    _by_object: dict[UUID, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_anonymous(self) -> bool:
        """True for a visitor who has not signed in."""
        return self.person_id is None and not self.is_system

    @property
    def role_names(self) -> tuple[str, ...]:
        """The roles held, each once, in alphabetical order."""
        return tuple(sorted({role for role, _ in self.roles}))

    @property
    def recorded_roles(self) -> str:
        """What the audit trail keeps: each role, or `role~key` where it is held only in the place of that person."""
        lent = {(role, authority) for role, authority, _ in self.standing_in}
        own = {role for role, _ in self.roles - lent}
        return ",".join(sorted(own | {f"{role}~{absent.hex}" for role, _, absent in self.standing_in}))[:MOST_RECORDED]

    def authorities_as(self, role: str) -> frozenset[UUID]:
        """The authorities where the actor holds this role."""
        return frozenset(authority for name, authority in self.roles if name == role)

    def objects_tied_as(self, tie: str) -> frozenset[UUID]:
        """The objects to which the actor has this tie."""
        return frozenset(object_id for name, object_id in self.ties if name == tie)

    def ties_to(self, object_id: UUID) -> frozenset[str]:
        """The ties of the actor to one object."""
        if not self._by_object and self.ties:
            grouped: dict[UUID, set[str]] = {}
            for name, tied in self.ties:
                grouped.setdefault(tied, set()).add(name)
            self._by_object.update({key: frozenset(value) for key, value in grouped.items()})
        return self._by_object.get(object_id, frozenset())


ANONYMOUS = Actor(person_id=None, name="")
SYSTEM = Actor(person_id=None, name="Vivaio", is_system=True)
