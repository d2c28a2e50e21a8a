"""What waits for the office after a ranking: observations to reply to, requests for documents with their clock."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.access.policy import Role
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.core.i18n import _, in_language, ngettext
from portal.evaluation.afterwards import DisclosureStatus
from portal.evaluation.models import DisclosureRequest, Observation, ObservationReply, Ranking
from portal.evaluation.terms import ROME
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

LAST = time(23, 59, 59)


def asks(actor: Actor, _now: datetime) -> Iterator[Ask]:
    """A line for each phase of the offices of the actor, the oldest first."""
    offices = actor.authorities_as(Role.OFFICER)
    if offices:
        yield _written(offices)
        yield _asked(offices)


def _written(offices: frozenset[UUID]) -> Ask:
    """Observations on rankings of a phase that wait for a reply."""
    query = (
        select(*line(id=Phase.id, title=Call.title, number=func.count(Observation.id)))
        .select_from(Observation)
        .join(Ranking, Ranking.id == Observation.ranking_id)
        .join(Phase, Phase.id == Ranking.phase_id)
        .join(Call, Call.id == Phase.call_id)
        .outerjoin(ObservationReply, ObservationReply.observation_id == Observation.id)
        .where(Call.authority_id.in_(offices), ObservationReply.id.is_(None))
        .group_by(Phase.id, Phase.closes_at, Call.id)
    )
    return Ask(query, (Phase.closes_at, Phase.id), _to_reply)


def _asked(offices: frozenset[UUID]) -> Ask:
    """Requests on a phase that wait for a decision, and the first of their terms."""
    day = func.min(DisclosureRequest.due_on)
    query = (
        select(*line(id=Phase.id, title=Call.title, number=func.count(DisclosureRequest.id), day=day))
        .select_from(DisclosureRequest)
        .join(Phase, Phase.id == DisclosureRequest.phase_id)
        .join(Call, Call.id == Phase.call_id)
        .where(Call.authority_id.in_(offices), DisclosureRequest.status == DisclosureStatus.RECEIVED)
        .group_by(Phase.id, Phase.closes_at, Call.id)
    )
    return Ask(query, (Phase.closes_at, Phase.id), _to_decide)


def _path(found: Any) -> str:
    return f"/manage/phases/{found.id}/after-the-ranking"


def _to_reply(found: Any) -> DueStep:
    return DueStep(
        what=ngettext("Reply to %(num)d observation on the ranking", "Reply to %(num)d observations on the ranking",
                      found.number),
        why=_("The final ranking waits for the replies."), button=_("Reply"), path=_path(found),
        place=in_language(found.title),
    )  # fmt: skip


def _to_decide(found: Any) -> DueStep:
    return DueStep(
        what=ngettext("Decide %(num)d request for access to documents",
                      "Decide %(num)d requests for access to documents", found.number),
        why=_("The law gives 30 days."), button=_("Decide"), path=_path(found), place=in_language(found.title),
        by=datetime.combine(found.day, LAST, ROME),
    )  # fmt: skip
