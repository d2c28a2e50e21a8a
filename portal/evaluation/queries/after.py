"""What the office does with a ranking once it is published: observations, departures, versions, requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.applications.rules import LEFT
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import DisclosureRequest, Observation, Ranking, RankingDeparture, RankingRow
from portal.evaluation.queries.disclosing import requests_of_phase
from portal.evaluation.queries.elsewhere import must_not_be_chair_elsewhere
from portal.evaluation.queries.following import set_apart
from portal.evaluation.queries.observing import observations_of_phase
from portal.evaluation.queries.rankings import rankings_of
from portal.evaluation.ranking import WON
from portal.evaluation.rules import RankingStatus
from portal.evaluation.terms import valid_until


@dataclass(frozen=True, slots=True)
class AfterPage:
    """The ranking in force, the version that waits to take its place, and everything written on them."""

    phase: Phase
    final: Ranking | None
    waiting: Ranking | None
    winners: list[Application]
    observations: Sequence[Observation]
    departures: Sequence[RankingDeparture]
    requests: Sequence[DisclosureRequest]
    valid_until: date | None

    @property
    def call(self) -> Call:
        """The call of the ranking."""
        return self.phase.call


def after_page(session: Session, actor: Actor, phase_id: UUID) -> AfterPage:
    """The page for staff of the authority; NotFound to everybody else."""
    query = select(Phase).where(Phase.id == phase_id).options(joinedload(Phase.call).joinedload(Call.authority))
    phase = session.scalars(query).one_or_none()
    if phase is None:
        raise NotFound
    authorise(actor, Action.RANKING_READ, phase.call)
    must_not_be_chair_elsewhere(session, actor, phase)
    versions = rankings_of(session, phase_id)
    final = next((each for each in versions if each.status is RankingStatus.FINAL), None)
    drafts = [each for each in versions if each.status is RankingStatus.DRAFTED and each.is_rectifying]
    first = min((each.final_at for each in versions if each.final_at is not None), default=None)
    return AfterPage(
        phase=phase,
        final=final,
        waiting=drafts[0] if drafts else None,
        winners=_winners(session, final) if final else [],
        observations=observations_of_phase(session, phase_id),
        departures=_departures(session, phase_id),
        requests=requests_of_phase(session, phase_id),
        valid_until=valid_until(first, phase.design.evaluation.validity_months, phase.zone) if first else None,
    )


def _winners(session: Session, final: Ranking) -> list[Application]:
    """Who has won and is still there, without a grant yet, in the order of the ranking."""
    query = (
        select(Application)
        .join(RankingRow, RankingRow.application_id == Application.id)
        .where(RankingRow.ranking_id == final.id, RankingRow.outcome.in_(WON), Application.status.not_in(LEFT))
        .order_by(RankingRow.line_number)
    )
    found = list(session.scalars(query))
    apart = set_apart(session, [each.id for each in found])
    return [each for each in found if each.id not in apart]


def _departures(session: Session, phase_id: UUID) -> Sequence[RankingDeparture]:
    query = (
        select(RankingDeparture)
        .join(RankingDeparture.application)
        .where(Application.phase_id == phase_id)
        .options(joinedload(RankingDeparture.application))
        .order_by(RankingDeparture.id)
    )
    return session.scalars(query).all()
