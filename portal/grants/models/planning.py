"""The plan of a grant, version by version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, Because, holding, kept, personal
from portal.grants.changes.rules import Change, Plan
from portal.grants.changes.rules.stored import change_from_json, plan_from_json
from portal.grants.models.grant import Grant


class PlanVersion(Base):
    """What was in force from an instant until the next version, and the change that led to it. Append-only."""

    __tablename__ = "grant_plan"
    __table_args__ = (
        UniqueConstraint("grant_id", "number"),
        CheckConstraint("number > 0", name="numbered_from_one"),
        holding(lazy_("Plans of grants")),
    )

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    number: Mapped[int]
    in_force_from: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(
        info=personal("grant", lazy_("plan"), subject=NOBODY, erasure=kept(Because.PROCEDURE))
    )
    change: Mapped[dict[str, Any]] = mapped_column(
        info=personal("grant", lazy_("what changed in the plan"), subject=NOBODY, erasure=kept(Because.PROCEDURE))
    )
    amendment_id: Mapped[UUID | None] = mapped_column(ForeignKey("grant_amendment.id"), index=True)
    made_by: Mapped[UUID | None]

    grant: Mapped[Grant] = relationship()

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def plan(self) -> Plan:
        """The whole plan."""
        return plan_from_json(self.content)

    @property
    def changed(self) -> Change | None:
        """What led to it; None for the first one."""
        return change_from_json(self.change) if self.change else None
