"""Money moves that were refused: recorded in a fresh transaction after the rollback, in the history of their object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import MONEY_MOVES
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.clock import now
from portal.core.db import Base
from portal.core.errors import Refusal
from portal.core.web.security import SAFE_METHODS

NAMED: Mapping[str, tuple[str, str]] = {
    "tranche_id": ("tranche", "id"),
    "bank_details_id": ("bank_details", "id"),
    "guarantee_id": ("guarantee", "id"),
    "order_id": ("payment_order", "id"),
    "grant_id": ("grant_award", "id"),
    "organisation_id": ("organisation", "id"),
    "slug": ("call", "slug"),
}
"""Which row a parameter of an address names, the narrowest object first."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What a refused money move was about; where the address names nothing that exists, the sign-in itself."""

    __tablename__: str
    id: UUID
    authority_id: UUID | None = None


def record_refused_money_move(db: Session, refusal: Refusal, actor: Actor) -> None:
    """Write who was refused what, in which role, about which object, and why."""
    action = g.get("declared_action")
    if action not in MONEY_MOVES or actor.session_id is None or request.method in SAFE_METHODS:
        return
    db.rollback()
    record(
        db,
        at=now(),
        actor=actor,
        event=f"refused {action.value}",
        subject=_subject(db, request.view_args or {}) or Refused("refusal", actor.session_id),
        after={"path": request.path[:200], "refusal": type(refusal).__name__},
        reason=str(refusal)[:500],
    )
    db.commit()


def _subject(db: Session, named: Mapping[str, Any]) -> Refused | None:
    for parameter, (name, column) in NAMED.items():
        if parameter not in named:
            continue
        table = Base.metadata.tables[name]
        query = select(table).where(table.c[column] == named[parameter])
        row = db.execute(query).mappings().first()
        if row is not None:
            return Refused(name, row["id"], row.get("authority_id"))
    return None
