"""A state machine as data: which move leads from where to where."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from portal.core.errors import IllegalMove

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One named arrow set of a state diagram."""

    name: str
    sources: frozenset[S]
    target: S

    def apply(self, current: S) -> S:
        """Return the new state, or refuse with IllegalMove."""
        if current not in self.sources:
            raise IllegalMove(self.name, str(current))
        return self.target
