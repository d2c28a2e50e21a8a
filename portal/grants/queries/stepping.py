"""The steps to a legal entity that a call declares, and how far a group has come."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.calls.rules import IncorporationStep
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.grants.models import Grant, Incorporation, IncorporationTick
from portal.grants.queries.grants import grant_to_read


@dataclass(frozen=True, slots=True)
class StepState:
    """One step, with what the group showed last."""

    step: IncorporationStep
    tick: IncorporationTick | None


def steps_of(session: Session, grant: Grant) -> list[StepState]:
    """The steps of a grant, in the order of the call; no statement where the call declares none."""
    steps = grant.application.design.award.incorporation_steps
    if not steps or grant.incorporation is None:
        return []
    query = (
        select(IncorporationTick)
        .where(IncorporationTick.incorporation_id == grant.incorporation.id)
        .options(joinedload(IncorporationTick.file))
        .order_by(IncorporationTick.ticked_at, IncorporationTick.id)
    )
    newest = {tick.key: tick for tick in session.scalars(query)}
    return [StepState(step, newest.get(step.key)) for step in steps]


def step_file(session: Session, actor: Actor, grant_id: UUID, file_id: UUID) -> StoredFile:
    """The evidence of a step of a grant that the actor may read; NotFound otherwise (P13)."""
    grant = grant_to_read(session, actor, grant_id)
    query = (
        select(IncorporationTick.id)
        .join(Incorporation, Incorporation.id == IncorporationTick.incorporation_id)
        .where(Incorporation.grant_id == grant.id, IncorporationTick.file_id == file_id)
    )
    if session.scalars(query.limit(1)).first() is None:
        raise NotFound
    return session.get_one(StoredFile, file_id)
