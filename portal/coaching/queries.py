"""Reading coaching: one engagement with its sessions, a coach's teams, the minutes that count."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, cast, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import Organisation, Person
from portal.access.policy import Action, Role, Tie, allowed, authorise
from portal.access.queries import MEMBER_TIES, people_tied, people_with_role
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.rules import COUNTED, SILENT_FOR, SessionStatus
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import _
from portal.core.instants import format_day, format_hours
from portal.grants.models import Grant
from portal.grants.parts import GrantPart, PartLine
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of an engagement: confirmed, waiting for the team, disputed, of an allowance."""

    confirmed: int
    waiting: int
    disputed: int
    allowance: int

    @property
    def used(self) -> int:
        """Minutes of every session that took place."""
        return self.confirmed + self.waiting + self.disputed


@dataclass(frozen=True, slots=True)
class Team:
    """A line of a coach's list."""

    engagement: Engagement
    used: int
    waiting: int
    last: datetime | None


WITH_PEOPLE = (
    joinedload(Engagement.organisation),
    joinedload(Engagement.coach),
    joinedload(Engagement.application).joinedload(Application.call),
)


def engagement_to_read(session: Session, actor: Actor, engagement_id: UUID) -> Engagement:
    """An engagement that the actor may read, with its sessions; NotFound otherwise."""
    query = select(Engagement).options(*WITH_PEOPLE, selectinload(Engagement.sessions))
    engagement = session.scalars(query.where(Engagement.id == engagement_id)).one_or_none()
    if engagement is None:
        raise NotFound
    authorise(actor, Action.COACHING_READ, engagement)
    return engagement


def session_to_change(session: Session, actor: Actor, action: Action, session_id: UUID) -> CoachingSession:
    """A session locked for a change that the actor may make; NotFound otherwise."""
    query = select(CoachingSession).where(CoachingSession.id == session_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def session_to_answer(session: Session, actor: Actor, session_id: UUID) -> CoachingSession:
    """A session that the actor may confirm or dispute; NotFound otherwise."""
    found = session.get(CoachingSession, session_id)
    if found is None:
        raise NotFound
    authorise(actor, Action.SESSION_ANSWER, found)
    return found


def application_to_coach(session: Session, actor: Actor, application_id: UUID) -> Application:
    """The application to which a coach may be assigned by this actor; NotFound otherwise."""
    query = select(Application).options(joinedload(Application.organisation), joinedload(Application.call))
    application = session.scalars(query.where(Application.id == application_id)).one_or_none()
    if application is None:
        raise NotFound
    authorise(actor, Action.COACH_ASSIGN, application)
    return application


def engagement_of(session: Session, application_id: UUID) -> Engagement | None:
    """The live engagement of an application."""
    query = select(Engagement).where(Engagement.application_id == application_id, Engagement.until.is_(None))
    return session.scalars(query.options(joinedload(Engagement.coach))).one_or_none()


def coaches_of(session: Session, authority_id: UUID, now: datetime) -> Sequence[Person]:
    """The coaches of an authority, by name."""
    return people_with_role(session, Role.COACH, authority_id, now)


def members_of(session: Session, engagement: Engagement, now: datetime) -> Sequence[Person]:
    """The people of the team, by name: who may have been there."""
    return people_tied(session, engagement.organisation_id, MEMBER_TIES, now)


def hours_of(engagement: Engagement) -> Hours:
    """The minutes of the sessions of an engagement, already read."""
    sums = dict.fromkeys(SessionStatus, 0)
    for each in engagement.sessions:
        sums[each.status] += each.minutes
    return Hours(
        confirmed=sums[SessionStatus.CONFIRMED],
        waiting=sums[SessionStatus.HELD],
        disputed=sums[SessionStatus.DISPUTED],
        allowance=engagement.allowance_minutes,
    )


def confirmed_minutes(applications: Iterable[UUID]) -> Select[UUID, int]:
    """Minutes of coaching that count for the gates of payment, by application: confirmed by the team or its silence."""
    return (
        select(Engagement.application_id, cast(func.sum(CoachingSession.minutes), Integer).label("minutes"))
        .join(CoachingSession, CoachingSession.engagement_id == Engagement.id)
        .where(Engagement.application_id.in_(applications), CoachingSession.status == SessionStatus.CONFIRMED)
        .group_by(Engagement.application_id)
    )


def overlapping(session: Session, *, coach_id: UUID, starts_at: datetime, ends_at: datetime) -> CoachingSession | None:
    """A session of this coach at that time, if any."""
    query = select(CoachingSession).where(
        CoachingSession.coach_id == coach_id,
        CoachingSession.status.in_(COUNTED),
        CoachingSession.starts_at < ends_at,
        CoachingSession.ends_at > starts_at,
    )
    return session.scalars(query.order_by(CoachingSession.starts_at)).first()


def teams_of(session: Session, actor: Actor) -> list[Team]:
    """The teams of a coach, whoever was left alone for longest first: two statements."""
    query = select(Engagement).options(*WITH_PEOPLE)
    mine = session.scalars(query.where(Engagement.coach_id == actor.person_id, Engagement.until.is_(None))).all()
    sums = _sums(session, [engagement.id for engagement in mine])
    teams = [Team(engagement, *sums.get(engagement.id, (0, 0, None))) for engagement in mine]
    return sorted(teams, key=lambda team: (team.last or team.engagement.since, team.engagement.id))


def _sums(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int, datetime | None]]:
    query = (
        select(
            CoachingSession.engagement_id,
            CoachingSession.status,
            func.sum(CoachingSession.minutes),
            func.max(CoachingSession.starts_at),
        )
        .where(CoachingSession.engagement_id.in_(ids), CoachingSession.status.in_(COUNTED))
        .group_by(CoachingSession.engagement_id, CoachingSession.status)
    )
    found: dict[UUID, tuple[int, int, datetime | None]] = {}
    for engagement_id, status, minutes, last in session.execute(query):
        used, waiting, latest = found.get(engagement_id, (0, 0, None))
        held = int(minutes) if status is SessionStatus.HELD else 0
        found[engagement_id] = (used + int(minutes), waiting + held, max(filter(None, (latest, last))))
    return found


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
        silence = each.engagement.application.call.design.coaching.silence_days
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
    """Funded applications without a coach, for officers."""
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


def grant_part(session: Session, actor: Actor, grant: Grant) -> GrantPart | None:
    """The coaching of a grant, on its page: coach and hours; a way to assign one for whoever may."""
    if not allowed(actor, Action.COACHING_READ, grant):
        return None
    engagement = engagement_of(session, grant.application_id)
    may_assign = engagement is None and allowed(actor, Action.COACH_ASSIGN, grant)
    lines = []
    if engagement is not None:
        used, waiting, last = _sums(session, [engagement.id]).get(engagement.id, (0, 0, None))
        state = _("%(used)s of %(all)s", used=format_hours(used), all=format_hours(engagement.allowance_minutes))
        note = _("last contact %(day)s", day=format_day(last)) if last else _("no session yet")
        tone = "progress" if waiting else "neutral"
        lines = [PartLine(engagement.coach.name, f"/engagements/{engagement.id}", state, tone, note)]
    return GrantPart(
        key="coaching",
        title=_("Coaching"),
        lines=tuple(lines),
        empty=_("No coach yet."),
        url=f"/applications/{grant.application_id}/coach" if may_assign else None,
        button=_("Assign a coach") if may_assign else None,
    )
