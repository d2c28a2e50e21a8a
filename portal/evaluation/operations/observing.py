"""Observations on a provisional ranking: sent within their days, registered; replied to with reasons before the end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.content import content_hash
from portal.applications.operations.integration import needed_text, register_letter, tell_team
from portal.applications.queries import application_locked
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict
from portal.core.i18n import lazy_
from portal.evaluation.afterwards import ObservationKind
from portal.evaluation.models import Observation, ObservationReply
from portal.evaluation.queries.observing import observation_for_reply, observed_ranking
from portal.evaluation.terms import day_at
from portal.register.operations import register_document
from portal.register.rules import Direction

LONGEST = 10_000


def send_observation(
    session: Session, *, application_id: UUID, kind: ObservationKind, text: str, actor: Actor, now: datetime,
    received_at: datetime | None = None,
) -> Observation:  # fmt: skip
    """Write on the provisional result of one's own application; it takes its number in the register.

    What counts is when it had arrived whole (`received_at`). Raises Closed outside the days that the call gives.
    """
    sent_at = received_at or now
    application = application_locked(session, application_id, actor, Action.OBSERVATION_SEND)
    ranking = observed_ranking(session, application.id, day_at(sent_at, application.phase.zone))
    if ranking is None:
        raise Closed(lazy_("Observations can be written while a provisional ranking is open to them, not now."))
    words = needed_text(text=text, field="text", most=LONGEST)
    entry = register_document(
        session, authority_id=application.authority_id, direction=Direction.INCOMING,
        subject=f"{application.reference} · {SUBJECTS[kind]}", counterpart=application.organisation.name,
        sha256=content_hash({"ranking": str(ranking.id), "kind": kind, "text": words}), actor=actor, now=now,
    )  # fmt: skip
    session.flush()
    observation = Observation(
        authority_id=application.authority_id, ranking_id=ranking.id, application_id=application.id, kind=kind,
        text=words, sent_at=sent_at, sent_by=actor.person_id, protocol_entry_id=entry.id,
    )  # fmt: skip
    session.add(observation)
    session.flush()
    record(session, at=now, actor=actor, event=Action.OBSERVATION_SEND, subject=observation,
           after={"kind": kind, "register": entry.label})  # fmt: skip
    told = lazy_("%(reference)s: what you wrote on the provisional ranking is registered with number %(number)s.",
                 reference=application.reference, number=entry.label)  # fmt: skip
    tell_team(session, application=application, text=told, template="evaluation/observed", now=now,
              path=_path(observation), number=entry.label)  # fmt: skip
    return observation


SUBJECTS = {
    ObservationKind.OBSERVATION: "Osservazioni sulla graduatoria provvisoria",
    ObservationKind.REVIEW: "Istanza di riesame della graduatoria provvisoria",
}


def reply_to_observation(
    session: Session, *, observation_id: UUID, is_accepted: bool, text: str, actor: Actor, now: datetime
) -> ObservationReply:
    """Reply with reasons, once. Accepted, the ranking must be computed anew before it becomes final."""
    observation = observation_for_reply(session, observation_id, actor)
    if observation.reply is not None:
        raise Conflict(lazy_("This observation has its reply already."))
    words = needed_text(text=text, field="text", most=LONGEST)
    application = observation.application
    told = {"observation": str(observation.id), "accepted": is_accepted, "text": words}
    what = lazy_("Reply to observations on the provisional ranking")
    entry = register_letter(session, application=application, what=what, told=told, actor=actor, now=now)
    reply = ObservationReply(
        observation_id=observation.id, is_accepted=is_accepted, text=words, replied_at=now,
        replied_by=actor.person_id, protocol_entry_id=entry.id,
    )  # fmt: skip
    observation.reply = reply
    session.flush()
    record(session, at=now, actor=actor, event=Action.OBSERVATION_REPLY, subject=observation,
           after={"accepted": is_accepted, "register": entry.label}, reason=words)  # fmt: skip
    news = lazy_("%(reference)s: the office replied to what you wrote on the ranking.", reference=application.reference)
    tell_team(session, application=application, text=news, template="evaluation/replied", now=now,
              path=_path(observation), is_accepted=is_accepted, why=words)  # fmt: skip
    return reply


def _path(observation: Observation) -> str:
    return f"/applications/{observation.application_id}/outcome"
