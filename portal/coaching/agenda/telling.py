"""Telling coach and team of their meetings; what is agreed or cancelled goes as an invitation for calendars."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.coaching.agenda.calendar import invitation_of
from portal.coaching.models import Appointment
from portal.core.actor import Actor
from portal.core.i18n import lazy_
from portal.core.instants import Instant
from portal.grants.operations.news import tell_people

PLANNERS = (Tie.OWNER, Tie.EDITOR)


def tell_proposed(session: Session, row: Appointment, times: list[str], now: datetime) -> None:
    """The other side chooses."""
    people = _team(session, row, now) if row.asked_by_coach else [row.engagement.coach]
    message = lazy_("%(team)s: times are proposed for a meeting, choose one.", team=row.engagement.organisation.name)
    tell_people(
        session, people=people, message=message, path=_page(row), now=now, template="coaching/meeting_proposed",
        team=row.engagement.organisation.name, times=times, row=row,
    )  # fmt: skip


def tell_agreed(session: Session, row: Appointment, now: datetime) -> None:
    """Both sides get the invitation."""
    message = lazy_("%(team)s: the meeting is on %(instant)s.", team=row.engagement.organisation.name,
                    instant=Instant(row.starts_at or now))  # fmt: skip
    tell_people(
        session, people=[row.engagement.coach, *_team(session, row, now)], message=message, path=_page(row), now=now,
        template="coaching/meeting_agreed", team=row.engagement.organisation.name, row=row,
        calendar=invitation_of(row, now=now),
    )  # fmt: skip


def tell_cancelled(session: Session, row: Appointment, actor: Actor, now: datetime) -> None:
    """Both sides are told, and calendars cancel it if they had it."""
    message = lazy_("%(team)s: the meeting is cancelled.", team=row.engagement.organisation.name)
    tell_people(
        session, people=[row.engagement.coach, *_team(session, row, now)], message=message, path=_page(row), now=now,
        template="coaching/meeting_cancelled", team=row.engagement.organisation.name, row=row, who=actor.name,
        calendar=invitation_of(row, now=now) if row.starts_at else None,
    )  # fmt: skip


def _team(session: Session, row: Appointment, now: datetime) -> list[Person]:
    return list(people_tied(session, row.engagement.organisation_id, PLANNERS, now))


def _page(row: Appointment) -> str:
    return f"/engagements/{row.engagement_id}#agenda"
