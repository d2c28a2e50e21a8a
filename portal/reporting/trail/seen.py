"""An object as one person may read its history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import Session

from portal.access.policy import Action, Guarded, allowed
from portal.applications.models import Application
from portal.applications.queries.reading import WITH_OUTCOME
from portal.applications.rules import ApplicationStatus
from portal.core.actor import Actor
from portal.core.audit import AuditEvent
from portal.reporting.trail.rules import MEMBERSHIP, REFUSED, SCORED

Load = Callable[[Session, Actor, UUID], Guarded]
Ids = Callable[[UUID], Select[UUID]]

UNDER_SCORING = frozenset(
    {
        ApplicationStatus.DRAFT,
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.INTEGRATION_REQUESTED,
        ApplicationStatus.ADMISSIBLE,
    }
)
"""While evaluators still score, the office reads who has, not how many points."""


@dataclass(frozen=True, slots=True)
class Part:
    """Objects told with another one: their kind, their keys, and what somebody must be allowed to read of them."""

    subject_type: str
    ids: Ids
    action: Action


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An object with a history of its own."""

    load: Load
    name: Callable[[Any], str]
    path: Callable[[Any], str]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as one person may read its history."""

    subject_type: str
    subject_id: UUID
    found: Any
    aggregate: Aggregate
    actor: Actor
    is_elsewhere: bool = False
    """Whether the reader presides over the commission of another call: of this one they read what outsiders do."""

    @property
    def name(self) -> str:
        """What the object is called."""
        return self.aggregate.name(self.found)

    @property
    def path(self) -> str:
        """The page of the object itself."""
        return self.aggregate.path(self.found)

    @property
    def is_inside(self) -> bool:
        """Whether the reader may know who sat on the commission: the office and the auditors (P12)."""
        return not self.is_elsewhere and allowed(self.actor, Action.RANKING_READ, self.found)

    @property
    def hides_points(self) -> bool:
        """Whether points are still a secret of those who score; the auditor reads everything."""
        status = getattr(self.found, "status", None)
        return status in UNDER_SCORING and not allowed(self.actor, Action.AUDIT_READ, self.found)

    def open_parts(self) -> list[Part]:
        """The parts that this reader may see."""
        parts = [part for part in self.aggregate.parts if allowed(self.actor, part.action, self.found)]
        return [part for part in parts if self.is_inside or part.action is not Action.RANKING_READ]

    def rows(self) -> ColumnElement[bool]:
        """The events of the object and of its parts, as far as this reader may know them."""
        mine = and_(AuditEvent.subject_type == self.subject_type, AuditEvent.subject_id == self.subject_id)
        parts = [
            and_(AuditEvent.subject_type == part.subject_type, AuditEvent.subject_id.in_(part.ids(self.subject_id)))
            for part in self.open_parts()
        ]
        return and_(or_(mine, *parts), *self._withheld())

    def _withheld(self) -> list[ColumnElement[bool]]:
        """From whoever stands outside: others' refused attempts, who is a member, and that scoring is done too soon."""
        if self.is_inside:
            return []
        refused = AuditEvent.event.startswith(REFUSED, autoescape=True)
        hidden = [or_(~refused, AuditEvent.actor_id == self.actor.person_id)]
        if isinstance(self.found, Application) and self.found.status not in WITH_OUTCOME:
            hidden.append(AuditEvent.event != SCORED)
        if not allowed(self.actor, Action.MEMBERS_HISTORY, self.found):
            hidden += [~AuditEvent.event.startswith(each, autoescape=True) for each in MEMBERSHIP]
        return hidden
