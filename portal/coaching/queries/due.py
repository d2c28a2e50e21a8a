"""Due steps of coaching: sessions to confirm, sessions disputed, teams without a coach."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.policy import Action, Role, Tie, allowed
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.coaching.accompaniment import queries as accompaniment
from portal.coaching.agenda import queries as agenda
from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.next_steps import queries as next_steps
from portal.coaching.queries.reading import WITH_PEOPLE
from portal.coaching.queries.teams import teams_of
from portal.coaching.rules import SILENT_FOR, SessionStatus
from portal.coaching.statements import queries as statements
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.core.instants import format_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """Sessions that a team has to confirm, teams that their coach left alone."""
    return [*_to_answer(session, actor), *_of_the_coach(session, actor, now)]


def _to_answer(session: Session, actor: Actor) -> Iterator[DueStep]:
    owned = actor.objects_tied_as(Tie.OWNER)
    if not owned:
        return
    query = (
        select(CoachingSession)
        .join(Engagement, Engagement.id == CoachingSession.engagement_id)
        .options(joinedload(CoachingSession.engagement).options(*WITH_PEOPLE))
        .where(CoachingSession.status == SessionStatus.HELD, Engagement.organisation_id.in_(owned))
        .order_by(CoachingSession.logged_at)
    )
    for each in session.scalars(query):
        if not allowed(actor, Action.SESSION_ANSWER, each):
            continue
        silence = each.engagement.application.design.coaching.silence_days
        yield DueStep(
            what=_("Confirm the coaching session of %(day)s (%(minutes)d min)", day=format_day(each.starts_at),
                   minutes=each.minutes),
            button=_("Confirm"),
            path=f"/engagements/{each.engagement_id}#session-{each.id}",
            by=each.logged_at + timedelta(days=silence),
            why=_("After %(days)d days of silence it counts as confirmed.", days=silence),
            place=each.engagement.organisation.name,
        )  # fmt: skip


def _of_the_coach(session: Session, actor: Actor, now: datetime) -> Iterator[DueStep]:
    if not actor.objects_tied_as(Tie.COACHES):
        return
    for team in teams_of(session, actor):
        last = team.last or team.engagement.since
        if now - last > SILENT_FOR:
            yield DueStep(
                what=_("Meet the team again, or log the session"),
                button=_("Log"),
                path=f"/engagements/{team.engagement.id}#log",
                why=_("The last contact was on %(day)s.", day=format_day(last)),
                place=team.engagement.organisation.name,
            )


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Funded applications without a coach, and accompaniments to be closed, for officers."""
    yield from accompaniment.asks(actor, now)
    yield from agenda.asks(actor, now)
    yield from next_steps.asks(actor, now)
    yield from statements.asks(actor, now)
    offices = actor.authorities_as(Role.OFFICER)
    if offices:
        query = (
            select(*line(id=Application.id, name=Application.reference, more=Organisation.name))
            .select_from(Application)
            .join(Organisation, Organisation.id == Application.organisation_id)
            .outerjoin(Engagement, (Engagement.application_id == Application.id) & Engagement.until.is_(None))
            .where(Application.status == ApplicationStatus.FUNDED, Engagement.id.is_(None))
            .where(Application.authority_id.in_(offices))
        )
        yield Ask(query, (Application.status_at, Application.id), _without_coach)


def _without_coach(found: Any) -> DueStep:
    return DueStep(
        what=_("Assign a coach"),
        button=_("Assign"),
        path=f"/applications/{found.id}/coach",
        why=_("Funded teams are accompanied from the start."),
        place=f"{found.name} · {found.more}",
    )
