"""What the office knows of applications under seal: how many arrived, their numbers in the register, when. No more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.applications.inbox.scope import Scope, reached
from portal.applications.models import InboxEntry
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase

MOST_NUMBERS = 500


@dataclass(frozen=True, slots=True)
class Arrived:
    """A sealed phase: how many applications stand in it, until when nobody opens them, the newest numbers first."""

    call: Call
    phase: Phase
    until: datetime
    number: int
    entries: Sequence[Any] = ()


def arrived(session: Session, scope: Scope) -> list[Arrived]:
    """The sealed phases of a call, each with its numbers; or of all calls of an authority, counted. One statement."""
    sealed = scope.actor.sealed
    here = set(sealed) & {each.id for each in scope.call.phases} if scope.call else set(sealed)
    if not here:
        return []
    if scope.call is None:
        query = (
            select(Call, Phase, func.count(InboxEntry.id))
            .join(Phase, Phase.call_id == Call.id)
            .join(InboxEntry, InboxEntry.phase_id == Phase.id)
            .where(Phase.id.in_(here), *_standing(scope))
            .group_by(Call.id, Phase.id)
            .order_by(Phase.closes_at, Phase.id)
        )
        return [Arrived(call, phase, sealed[phase.id], count) for call, phase, count in session.execute(query)]
    rows = _numbers(session, scope, here)
    return [
        Arrived(scope.call, phase, sealed[phase.id], len(rows[phase.id]), rows[phase.id][:MOST_NUMBERS])
        for phase in scope.call.phases
        if phase.id in here
    ]


def _numbers(session: Session, scope: Scope, here: set[UUID]) -> dict[UUID, list[Any]]:
    query: Select[Any, Any, Any] = select(InboxEntry.phase_id, InboxEntry.protocol, InboxEntry.received_at)
    query = query.where(InboxEntry.phase_id.in_(here), *_standing(scope)).order_by(InboxEntry.number.desc())
    found: dict[UUID, list[Any]] = {phase_id: [] for phase_id in here}
    for row in session.execute(query):
        found[row.phase_id].append(row)
    return found


def _standing(scope: Scope) -> list[Any]:
    """Of this authority, neither withdrawn nor open again; a conflict hides even that one arrived."""
    apart = scope.actor.objects_tied_as(Tie.CONFLICTED)
    here = [InboxEntry.authority_id == scope.authority.id, reached(), InboxEntry.status != ApplicationStatus.WITHDRAWN]
    hidden = (InboxEntry.application_id, InboxEntry.organisation_id, InboxEntry.call_id)
    return here + ([column.not_in(apart) for column in hidden] if apart else [])
