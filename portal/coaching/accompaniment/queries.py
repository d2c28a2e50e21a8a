"""Reading an accompaniment: its meetings, the hours of each team, whether it is closed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from portal.access.policy import Action, Role, authorise
from portal.applications.gates import needed_minutes
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import Accompaniment, PhaseStatus
from portal.coaching.accompaniment.rules import TeamHours
from portal.coaching.models import AccompanimentClosing, Meeting
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import _, in_language, ngettext
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Register:
    """The register of attendance of one phase."""

    phase: Phase
    declared: Accompaniment
    teams: Sequence[TeamHours]
    meetings: Sequence[Meeting]
    closing: AccompanimentClosing | None

    @property
    def needed(self) -> int:
        """The least attendance, in minutes."""
        return needed_minutes(self.declared)

    @property
    def share(self) -> str:
        """The same in per cent of the hours, as people write it."""
        return f"{self.declared.minimum_attendance.normalize():f}"

    @property
    def offered(self) -> int:
        """Minutes of all meetings that were held."""
        return sum(each.minutes for each in self.meetings)

    @property
    def has_begun(self) -> bool:
        """Whether its teams are known: the ranking of the phase is final."""
        return self.phase.status is PhaseStatus.CONCLUDED

    @property
    def is_open(self) -> bool:
        """Whether meetings are still noted."""
        return self.has_begun and self.closing is None


def register_of(session: Session, phase_id: UUID, actor: Actor, action: Action = Action.ATTENDANCE_READ) -> Register:
    """The register of a phase that has an accompaniment, for this action; NotFound otherwise. Five statements."""
    query = select(Phase).where(Phase.id == phase_id).options(joinedload(Phase.call).joinedload(Call.authority))
    phase = session.scalars(query).one_or_none()
    if phase is None or phase.accompaniment is None:
        raise NotFound
    authorise(actor, action, phase.call)
    return Register(
        phase=phase,
        declared=phase.accompaniment,
        teams=teams_of(session, phase),
        meetings=meetings_of(session, phase_id),
        closing=closing_of(session, phase_id),
    )


def teams_of(session: Session, phase: Phase) -> list[TeamHours]:
    """The teams that the final ranking admitted, by name, with their hours."""
    declared = phase.accompaniment
    if declared is None:
        return []
    query = (
        select(Application)
        .where(Application.phase_id == phase.id, Application.status == ApplicationStatus.SELECTED)
        .options(joinedload(Application.organisation))
    )
    found = sorted(session.scalars(query), key=lambda each: (each.organisation.name.casefold(), each.reference))
    return [team_hours(each, declared) for each in found]


def team_hours(application: Application, declared: Accompaniment) -> TeamHours:
    """The hours of one team."""
    return TeamHours(
        application_id=application.id,
        reference=application.reference,
        name=application.organisation.name,
        attended=application.attended_minutes,
        needed=needed_minutes(declared),
        is_invited=application.invited_at is not None,
    )


def meetings_of(session: Session, phase_id: UUID) -> Sequence[Meeting]:
    """Every meeting with who was there, the newest first."""
    query = select(Meeting).where(Meeting.phase_id == phase_id).options(selectinload(Meeting.attendances))
    found = session.scalars(query.order_by(Meeting.starts_at.desc(), Meeting.id.desc()))
    return found.all()


def meeting_for(session: Session, meeting_id: UUID, actor: Actor, action: Action) -> Meeting:
    """One meeting for this action, or NotFound."""
    found = session.get(Meeting, meeting_id)
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def meeting_locked(session: Session, meeting_id: UUID, actor: Actor) -> Meeting:
    """One meeting whose attendance the actor may correct, locked; NotFound otherwise."""
    query = select(Meeting).where(Meeting.id == meeting_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.ATTENDANCE_NOTE, found)
    return found


def closing_of(session: Session, phase_id: UUID) -> AccompanimentClosing | None:
    """When the accompaniment was closed, if it was."""
    query = select(AccompanimentClosing).where(AccompanimentClosing.phase_id == phase_id)
    return session.scalars(query).one_or_none()


def attended_minutes(meetings: Iterable[Meeting], application_id: UUID) -> int:
    """What one team attended of these meetings."""
    return sum(each.minutes for each in meetings if each.present.get(application_id, False))


def accompaniments_of(session: Session, actor: Actor) -> Sequence[Phase]:
    """The accompaniments under way where this person notes attendance, by call."""
    homes = actor.authorities_as(Role.COACH) | actor.authorities_as(Role.OFFICER)
    if not homes:
        return []
    query = (
        select(Phase)
        .join(Phase.call)
        .outerjoin(AccompanimentClosing, AccompanimentClosing.phase_id == Phase.id)
        .where(Call.authority_id.in_(homes), Phase.status == PhaseStatus.CONCLUDED, AccompanimentClosing.id.is_(None))
        .options(joinedload(Phase.call))
        .order_by(Call.slug, Phase.position)
    )
    return [each for each in session.scalars(query) if each.accompaniment is not None]


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Accompaniments that nobody has closed, from a week before the next phase opens."""
    offices = actor.authorities_as(Role.OFFICER)
    if not offices:
        return
    held = select(Meeting.phase_id).where(Meeting.phase_id == Phase.id).exists()
    teams, later = func.count(Application.id), aliased(Phase)
    query = (
        select(*line(id=Phase.id, name=Call.slug, title=Call.title, number=teams))
        .select_from(Phase)
        .join(Call, Call.id == Phase.call_id)
        .join(later, (later.call_id == Phase.call_id) & (later.position == Phase.position + 1))
        .join(Application, Application.phase_id == Phase.id)
        .outerjoin(AccompanimentClosing, AccompanimentClosing.phase_id == Phase.id)
        .where(Call.authority_id.in_(offices), Phase.status == PhaseStatus.CONCLUDED)
        .where(Application.status == ApplicationStatus.SELECTED, AccompanimentClosing.id.is_(None), held)
        .where(later.opens_at <= now + SOON)
        .group_by(Phase.id, Call.id)
    )
    yield Ask(query, (Call.slug, Phase.id), _close)


def _close(found: Any) -> DueStep:
    return DueStep(
        what=ngettext(
            "Close the accompaniment of %(num)d team", "Close the accompaniment of %(num)d teams", found.number
        ),
        button=_("See the hours"),
        path=f"/accompaniments/{found.id}",
        why=_("Once it is closed, whoever attended enough is invited to the next phase."),
        place=in_language(found.title),
    )
