"""The budgets of grants, as their plans in force give them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.grants.models import PlanVersion


@dataclass(frozen=True, slots=True)
class Budget:
    """What a project costs, in cents by kind of cost."""

    lines: Mapping[str, int]

    @property
    def total_cents(self) -> int:
        """All of it."""
        return sum(self.lines.values())


def budgets_of(session: Session, grant_ids: Iterable[UUID]) -> dict[UUID, Budget]:
    """The budget of each of these grants, by its newest plan; a grant without a plan is not in the answer."""
    wanted = set(grant_ids)
    newest = select(PlanVersion.grant_id, func.max(PlanVersion.number).label("number"))
    newest_ = newest.where(PlanVersion.grant_id.in_(wanted)).group_by(PlanVersion.grant_id).subquery()
    query = select(PlanVersion).join(
        newest_, (newest_.c.grant_id == PlanVersion.grant_id) & (newest_.c.number == PlanVersion.number)
    )
    return {
        version.grant_id: Budget({line.key: line.cents for line in version.plan.budget})
        for version in session.scalars(query)
    }
