"""Reading coaches: their profiles, their load, and what keeps them from a team."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Authority, Organisation
from portal.access.policy import Role, Tie
from portal.access.queries import MEMBER_TIES, people_tied
from portal.access.rules.facts import local_day
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.coaching.coaches.rules import Bar, Candidate, Need
from portal.coaching.models import CoachConflict, CoachProfile, Engagement
from portal.coaching.queries.reading import coaches_of
from portal.core.actor import Actor
from portal.evaluation.models import Commission, CommissionMember

ACCOMPANIED = (ApplicationStatus.FUNDED, ApplicationStatus.SELECTED)
HINDERED = (*MEMBER_TIES, Tie.CONFLICTED)


def candidates_for(session: Session, application: Application, now: datetime) -> list[Candidate]:
    """The coaches of the authority with profile, load and bars, by name: six statements however many they are."""
    people = coaches_of(session, application.authority_id, now)
    profiles = {each.person_id: each for each in session.scalars(
        select(CoachProfile).where(CoachProfile.authority_id == application.authority_id)
    )}  # fmt: skip
    load, known = _load(session, application.authority_id), _who_knew(session, application.organisation_id)
    bars = bars_of(session, application, now)
    return [
        _candidate(each.id, each.name, profiles.get(each.id), load.get(each.id, 0), each.id in known,
                   frozenset(bars.get(each.id, ())))
        for each in people
    ]  # fmt: skip


def _candidate(
    key: UUID, name: str, profile: CoachProfile | None, teams: int, knows: bool, bars: frozenset[Bar]
) -> Candidate:
    if profile is None:
        return Candidate(key, name, teams=teams, knows_team=knows, bars=bars)
    return Candidate(
        key, name, competences=frozenset(profile.competences), languages=frozenset(profile.languages),
        districts=frozenset(profile.districts), availability=profile.availability, away_until=profile.away_until,
        most_teams=profile.most_teams, teams=teams, knows_team=knows, bars=bars,
    )  # fmt: skip


def _load(session: Session, authority_id: UUID) -> dict[UUID, int]:
    query = select(Engagement.coach_id, func.count(Engagement.id)).where(
        Engagement.authority_id == authority_id, Engagement.until.is_(None)
    )
    return dict(session.execute(query.group_by(Engagement.coach_id)).all())


def _who_knew(session: Session, organisation_id: UUID) -> set[UUID]:
    return set(session.scalars(select(Engagement.coach_id).where(Engagement.organisation_id == organisation_id)))


def bars_of(session: Session, application: Application, now: datetime) -> dict[UUID, set[Bar]]:
    """By person: member of the organisation or its partners, in a commission of the call, or in declared conflict."""
    found: dict[UUID, set[Bar]] = {}
    for person in people_tied(session, application.organisation_id, MEMBER_TIES, now):
        found.setdefault(person.id, set()).add(Bar.MEMBER)
    seats = (
        select(CommissionMember.person_id)
        .join(Commission, Commission.id == CommissionMember.commission_id)
        .join(Phase, Phase.id == Commission.phase_id)
        .where(Phase.call_id == application.call_id)
    )
    for person_id in session.scalars(seats):
        found.setdefault(person_id, set()).add(Bar.EVALUATOR)
    declared = select(CoachConflict.person_id).where(CoachConflict.organisation_id == application.organisation_id)
    for person_id in session.scalars(declared):
        found.setdefault(person_id, set()).add(Bar.DECLARED)
    for person in people_tied(session, application.organisation_id, (Tie.CONFLICTED,), now):
        found.setdefault(person.id, set()).add(Bar.DECLARED)
    return found


def need_of(application: Application, topics: frozenset[str], language: str | None, now: datetime) -> Need:
    """What the choice looks for: the quarter is that of the application."""
    areas = {each.key: each.name for each in application.design.areas}
    district = areas.get(application.area or "", application.area)
    return Need(topics=topics, district=district, language=language, today=local_day(now))


def profile_of(session: Session, actor: Actor) -> CoachProfile | None:
    """What the actor said of themselves as a coach, where they coach first."""
    homes = sorted(actor.authorities_as(Role.COACH))
    query = select(CoachProfile).where(
        CoachProfile.person_id == actor.person_id, CoachProfile.authority_id.in_(homes[:1])
    )
    return session.scalars(query).one_or_none()


def coached_authority(session: Session, actor: Actor) -> Authority | None:
    """The authority for which the actor coaches."""
    homes = sorted(actor.authorities_as(Role.COACH))
    return session.get(Authority, homes[0]) if homes else None


def conflicts_of(session: Session, actor: Actor) -> Sequence[CoachConflict]:
    """The conflicts that the actor declared, by team."""
    query = select(CoachConflict).where(CoachConflict.person_id == actor.person_id)
    query = query.join(Organisation, Organisation.id == CoachConflict.organisation_id)
    return session.scalars(query.options(joinedload(CoachConflict.organisation)).order_by(Organisation.name)).all()


def teams_to_stand_apart_from(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The teams that a coach may be asked to accompany: those that final rankings name, by name."""
    homes = sorted(actor.authorities_as(Role.COACH))
    declared = select(CoachConflict.organisation_id).where(CoachConflict.person_id == actor.person_id)
    funded = select(Application.organisation_id).where(
        Application.authority_id.in_(homes), Application.status.in_(ACCOMPANIED)
    )
    query = select(Organisation).where(Organisation.id.in_(funded), Organisation.id.not_in(declared))
    return session.scalars(query.order_by(Organisation.name, Organisation.id)).all()
