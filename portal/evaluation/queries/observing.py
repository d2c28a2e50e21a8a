"""Observations on provisional rankings: of a phase, of one application, one to be replied to."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Observation, Ranking
from portal.evaluation.queries.rankings import published_row
from portal.evaluation.rules import RankingStatus

WHOLE = (
    joinedload(Observation.reply),
    joinedload(Observation.protocol_entry),
    joinedload(Observation.application).joinedload(Application.organisation),
)


def observations_of_phase(session: Session, phase_id: UUID) -> Sequence[Observation]:
    """Every observation on a ranking of this phase, the oldest first."""
    query = (
        select(Observation)
        .join(Ranking, Ranking.id == Observation.ranking_id)
        .where(Ranking.phase_id == phase_id)
        .options(*WHOLE)
        .order_by(Observation.id)
    )
    return session.scalars(query).unique().all()


def observations_of(session: Session, application_id: UUID) -> Sequence[Observation]:
    """What one applicant wrote, the newest first, with the replies."""
    query = select(Observation).where(Observation.application_id == application_id).options(*WHOLE)
    return session.scalars(query.order_by(Observation.id.desc())).unique().all()


def observation_for_reply(session: Session, observation_id: UUID, actor: Actor) -> Observation:
    """One observation, locked, for whoever may reply; NotFound to everybody else."""
    query = select(Observation).where(Observation.id == observation_id).with_for_update(of=Observation)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.OBSERVATION_REPLY, found)
    return found


def observed_ranking(session: Session, application_id: UUID, today: date) -> Ranking | None:
    """The provisional ranking on which this application may still be written about today; else None."""
    found = published_row(session, application_id)
    if found is None or found[0].status is not RankingStatus.PROVISIONAL:
        return None
    until = found[0].observations_until
    return found[0] if until is not None and today <= until else None
