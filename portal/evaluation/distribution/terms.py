"""What is known before applications are given to evaluators, and what came of it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from uuid import UUID

Pair = tuple[UUID, UUID]
"""An application and an evaluator."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An application, how many evaluators it wants in all, and what one of them should know (its area, its line)."""

    application: UUID
    wants: int
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Desk:
    """Who may sit, what they score already, what they must not, and what the office asked for.

    `standing` are live assignments of the whole phase: they stay and count as load. `barred` are pairs that never come
    about. `most` is a cap on somebody's load, `topics` what somebody knows, `together` how many applications two
    evaluators share at most. The same `seed` gives the same plan.
    """

    evaluators: Sequence[UUID]
    standing: Sequence[Pair] = ()
    barred: AbstractSet[Pair] = frozenset()
    most: Mapping[UUID, int] = field(default_factory=dict)
    topics: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    together: int | None = None
    seed: str = ""

    def knows(self, evaluator: UUID) -> frozenset[str]:
        """The topics of somebody; none where nobody said."""
        return self.topics.get(evaluator, frozenset())


@dataclass(frozen=True, slots=True)
class Plan:
    """New pairs, by application in the order of the wishes and by seat; and what could not be met.

    `short`: how many evaluators an application still lacks. `unfit`: applications that nobody who knows their topic
    scores, though somebody in the commission does.
    """

    pairs: list[Pair]
    short: dict[UUID, int]
    unfit: list[UUID]
