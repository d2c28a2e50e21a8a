"""A team gets its coach, with the allowance that its call declares."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, Tie
from portal.access.ties import tie
from portal.applications.rules import ApplicationStatus
from portal.coaching.models import Engagement
from portal.coaching.operations.refusals import HasACoach, NotFunded
from portal.coaching.queries import (
    application_to_coach,
    coaches_of,
    engagement_of,
    members_of,
)
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.grants.operations.news import tell_people, tell_team

ACCOMPANIED = frozenset({ApplicationStatus.FUNDED, ApplicationStatus.SELECTED})


def engage_coach(session: Session, *, application_id: UUID, coach_id: UUID, actor: Actor, now: datetime) -> Engagement:
    """Give a funded team its coach, with the allowance that the call declares.

    Raises NotFunded, HasACoach, or Invalid when the person is no coach of the authority or belongs to the team.
    """
    application = application_to_coach(session, actor, application_id)
    if application.status not in ACCOMPANIED:
        raise NotFunded
    if engagement_of(session, application.id) is not None:
        raise HasACoach
    coach = next((each for each in coaches_of(session, application.authority_id, now) if each.id == coach_id), None)
    if coach is None:
        raise Invalid(lazy_("Choose a coach from the list."), "coach_id")
    engagement = Engagement(
        authority_id=application.authority_id,
        application_id=application.id,
        organisation_id=application.organisation_id,
        coach_id=coach.id,
        allowance_minutes=application.design.coaching.allowance_minutes,
        since=now,
    )
    if any(member.id == coach.id for member in members_of(session, engagement, now)):
        raise Invalid(lazy_("This coach belongs to the team: choose somebody else."), "coach_id")
    session.add(engagement)
    session.flush()
    _bind(session, engagement, now)
    after = {"coach": coach.id, "allowance_minutes": engagement.allowance_minutes}
    record(session, at=now, actor=actor, event=Action.COACH_ASSIGN, subject=engagement, after=after)
    _introduce(session, engagement, coach, now)
    return engagement


def _bind(session: Session, engagement: Engagement, now: datetime) -> None:
    for kind, object_id in (("application", engagement.application_id), ("organisation", engagement.organisation_id)):
        tie(
            session, person_id=engagement.coach_id, tie=Tie.COACHES, object_type=kind, object_id=object_id, now=now
        )  # fmt: skip


def _introduce(session: Session, engagement: Engagement, coach: Person, now: datetime) -> None:
    path = f"/engagements/{engagement.id}"
    name = engagement.application.organisation.name
    message = lazy_("You accompany %(team)s.", team=name)
    tell_people(
        session,
        people=[coach],
        message=message,
        path=path,
        now=now,
        template="coaching/engaged",
        team=name,
        coach=coach,
    )
    tell_team(
        session, organisation_id=engagement.organisation_id, path=path, now=now, template="coaching/engaged",
        message=lazy_("%(coach)s is your coach.", coach=coach.name), team=name, coach=coach,
    )  # fmt: skip
