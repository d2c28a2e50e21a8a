"""What binds a coach and a team: who may, on which terms, the ties, and telling both of each other."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Tie
from portal.access.ties import tie
from portal.applications.models import Application
from portal.coaching.coaches.labels import BARS
from portal.coaching.coaches.queries import bars_of
from portal.coaching.coaches.rules import LONGEST_OBJECTIVES, Bar
from portal.coaching.models import Engagement
from portal.coaching.queries.reading import coaches_of
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_text
from portal.grants.operations.news import tell_people, tell_team

MOST_MINUTES = 60_000


def free_coach(session: Session, application: Application, coach_id: UUID, now: datetime) -> Person:
    """A coach of the authority whom nothing keeps from this team; Invalid otherwise, with why."""
    coach = next((each for each in coaches_of(session, application.authority_id, now) if each.id == coach_id), None)
    if coach is None:
        raise Invalid(lazy_("Choose a coach from the list."), "coach_id")
    bars = bars_of(session, application, now).get(coach.id, set())
    if Bar.MEMBER in bars:
        raise Invalid(lazy_("This coach belongs to the team: choose somebody else."), "coach_id")
    if bars:
        why = " · ".join(str(BARS[each]) for each in sorted(bars))
        raise Invalid(lazy_("This coach cannot accompany the team: %(why)s.", why=why), "coach_id")
    return coach


def checked_terms(minutes: int, starts_on: date | None, ends_on: date | None, objectives: str) -> dict[str, Any]:
    """What is agreed; Invalid with the field."""
    if not 0 < minutes <= MOST_MINUTES:
        raise Invalid(lazy_("Write minutes from 1 to %(most)d.", most=MOST_MINUTES), "allowance_minutes")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Invalid(lazy_("The last day comes after the first."), "ends_on")
    return {"allowance_minutes": minutes, "ends_on": ends_on, "objectives": clean_text(objectives)[:LONGEST_OBJECTIVES]}


def bind(session: Session, engagement: Engagement, now: datetime) -> None:
    """Tie the coach to application and organisation."""
    for kind, object_id in (("application", engagement.application_id), ("organisation", engagement.organisation_id)):
        tie(
            session, person_id=engagement.coach_id, tie=Tie.COACHES, object_type=kind, object_id=object_id, now=now
        )  # fmt: skip


def introduce(session: Session, engagement: Engagement, coach: Person, now: datetime) -> None:
    """Tell coach and team of each other."""
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
