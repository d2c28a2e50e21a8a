"""A team gets its coach, with the allowance that its call declares or another that is agreed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.rules import ApplicationStatus
from portal.coaching.coaches.binding import bind, checked_terms, free_coach, introduce
from portal.coaching.models import Engagement
from portal.coaching.operations.refusals import HasACoach, NotFunded
from portal.coaching.queries import (
    application_to_coach,
    engagement_of,
)
from portal.core.actor import Actor
from portal.core.audit import record
from portal.grants.apart import stand_apart

ACCOMPANIED = frozenset({ApplicationStatus.FUNDED, ApplicationStatus.SELECTED})


def engage_coach(
    session: Session, *, application_id: UUID, coach_id: UUID, allowance_minutes: int | None = None,
    starts_on: date | None = None, ends_on: date | None = None, objectives: str = "", actor: Actor, now: datetime,
) -> Engagement:  # fmt: skip
    """Give a funded team its coach; the allowance is that of the call where none is given.

    Raises OwnOrganisation, NotFunded, HasACoach, or Invalid when the person is no coach of the authority or has a
    conflict.
    """
    application = application_to_coach(session, actor, application_id)
    stand_apart(actor=actor, organisation_id=application.organisation_id)
    if application.status not in ACCOMPANIED:
        raise NotFunded
    if engagement_of(session, application.id) is not None:
        raise HasACoach
    coach = free_coach(session, application, coach_id, now)
    minutes = application.design.coaching.allowance_minutes if allowance_minutes is None else allowance_minutes
    engagement = Engagement(
        authority_id=application.authority_id, application_id=application.id,
        organisation_id=application.organisation_id, coach_id=coach.id, since=now, starts_on=starts_on,
        **checked_terms(minutes, starts_on, ends_on, objectives),
    )  # fmt: skip
    session.add(engagement)
    session.flush()
    bind(session, engagement, now)
    after = {"coach": coach.id, "allowance_minutes": engagement.allowance_minutes}
    record(session, at=now, actor=actor, event=Action.COACH_ASSIGN, subject=engagement, after=after)
    introduce(session, engagement, coach, now)
    return engagement
