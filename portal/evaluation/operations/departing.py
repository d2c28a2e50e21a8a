"""A winner leaves a final ranking by an act: it renounced, or lost what it had won."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.operations.integration import needed_text
from portal.applications.queries import application_locked
from portal.applications.rules import LAPSE, RENOUNCE
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.evaluation.afterwards import DepartureCause
from portal.evaluation.models import RankingDeparture
from portal.evaluation.queries.rankings import published_row
from portal.evaluation.ranking import WON
from portal.evaluation.terms import checked_act

LONGEST = 10_000


def record_departure(
    session: Session, *, application_id: UUID, cause: DepartureCause, reason: str, act_number: str,
    act_date: date | None, actor: Actor, now: datetime,
) -> RankingDeparture:  # fmt: skip
    """Take a winner out of the ranking in force. Those who follow move up when the ranking is run down again.

    What a grant has set apart already comes free only when the grant itself is ended.
    """
    application = application_locked(session, application_id, actor, Action.RANKING_PUBLISH)
    found = published_row(session, application_id)
    if found is None or not found[0].is_final or found[1].outcome not in WON:
        raise Conflict(lazy_("Only a winner of the final ranking in force leaves it."))
    number, day = checked_act(act_number, act_date, now)
    words = needed_text(text=reason, field="reason", most=LONGEST)
    departure = RankingDeparture(
        authority_id=application.authority_id, ranking_id=found[0].id, application_id=application.id, cause=cause,
        act_number=number, act_date=day, reason=words, recorded_at=now, recorded_by=actor.person_id,
    )  # fmt: skip
    before = application.status
    application.make(RENOUNCE if cause is DepartureCause.RENUNCIATION else LAPSE, at=now)
    session.add(departure)
    session.flush()
    record(session, at=now, actor=actor, event="ranking.left", subject=application, before={"status": before},
           after={"status": application.status, "cause": cause, "act": number, "date": day}, reason=words)  # fmt: skip
    return departure
