"""A winner leaves a final ranking by an act: it renounced, or lost what it had won."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.models import Application
from portal.applications.operations.integration import needed_text
from portal.applications.queries import application_locked
from portal.applications.rules import LAPSE, RENOUNCE, ApplicationStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.evaluation.afterwards import DepartureCause
from portal.evaluation.models import Ranking, RankingDeparture
from portal.evaluation.queries.following import set_apart
from portal.evaluation.queries.rankings import published_row
from portal.evaluation.ranking import WON
from portal.evaluation.terms import checked_act

LONGEST = 10_000
HOLDS = frozenset({ApplicationStatus.FUNDED, ApplicationStatus.SELECTED})


class GrantStands(Conflict):
    """What a winner has is more than its place."""

    default = lazy_(
        "This winner has its grant already: end the grant by its act, on the page of the grant. The ranking hears of it"
        " by itself."
    )


def record_departure(
    session: Session, *, application_id: UUID, cause: DepartureCause, reason: str, act_number: str,
    act_date: date | None, actor: Actor, now: datetime,
) -> RankingDeparture:  # fmt: skip
    """Take a winner without a grant out of the ranking in force; those who follow move up when it is run down again.

    Raises GrantStands where its money is set apart: that comes free only by ending the grant.
    """
    application = application_locked(session, application_id, actor, Action.RANKING_PUBLISH)
    final = _won_in(session, application_id)
    if final is None:
        raise Conflict(lazy_("Only a winner of the final ranking in force leaves it."))
    number, day = checked_act(act_number, act_date, now)
    words = needed_text(text=reason, field="reason", most=LONGEST)
    if set_apart(session, [application_id]):
        raise GrantStands
    return _depart(session, application, final, cause, reason=words, act=(number, day), actor=actor, now=now)


def depart_with_grant(
    session: Session, *, application_id: UUID, cause: DepartureCause, reason: str, act_number: str, act_date: date,
    actor: Actor, now: datetime,
) -> RankingDeparture | None:  # fmt: skip
    """Its grant was ended by an act, which whoever keeps grants has authorised: the ranking loses the winner as well.

    None where it has left already, or won nothing in the final ranking in force.
    """
    application = session.get_one(Application, application_id, with_for_update=True)
    final = _won_in(session, application_id)
    if final is None or application.status not in HOLDS:
        return None
    return _depart(session, application, final, cause, reason=reason, act=(act_number, act_date), actor=actor, now=now)


def _won_in(session: Session, application_id: UUID) -> Ranking | None:
    """The final ranking in force, where it won in it."""
    found = published_row(session, application_id)
    return found[0] if found is not None and found[0].is_final and found[1].outcome in WON else None


def _depart(
    session: Session, application: Application, final: Ranking, cause: DepartureCause, *, reason: str,
    act: tuple[str, date], actor: Actor, now: datetime,
) -> RankingDeparture:  # fmt: skip
    number, day = act
    departure = RankingDeparture(
        authority_id=application.authority_id, ranking_id=final.id, application_id=application.id, cause=cause,
        act_number=number, act_date=day, reason=reason, recorded_at=now, recorded_by=actor.person_id,
    )  # fmt: skip
    before = application.status
    application.make(RENOUNCE if cause is DepartureCause.RENUNCIATION else LAPSE, at=now)
    session.add(departure)
    session.flush()
    record(session, at=now, actor=actor, event="ranking.left", subject=application, before={"status": before},
           after={"status": application.status, "cause": cause, "act": number, "date": day}, reason=reason)  # fmt: skip
    return departure
