"""What coaches say of themselves, and from whom they stand apart. Never commits."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie, authorise
from portal.access.ties import tie
from portal.coaching.coaches.queries import coached_authority, profile_of, teams_to_stand_apart_from
from portal.coaching.coaches.rules import (
    LONGEST_AVAILABILITY,
    LONGEST_DISTRICT,
    LONGEST_REASON,
    MOST_DISTRICTS,
    MOST_TEAMS,
    Language,
)
from portal.coaching.models import CoachConflict, CoachProfile
from portal.coaching.topics import Topic
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.written import written
from portal.grants.operations.news import tell_office


def keep_profile(
    session: Session, *, competences: Collection[str], languages: Collection[str], districts: Sequence[str],
    availability: str, away_until: date | None, most_teams: int, actor: Actor, now: datetime,
) -> CoachProfile:  # fmt: skip
    """Write what the coach knows, speaks and where, when, and how many teams at most. Raises Invalid with the field."""
    authority = coached_authority(session, actor)
    if authority is None or actor.person_id is None:
        raise NotFound
    authorise(actor, Action.COACH_PROFILE, authority)
    if not 0 <= most_teams <= MOST_TEAMS:
        raise Invalid(lazy_("Write a number from 0 to %(most)d.", most=MOST_TEAMS), "most_teams")
    said = {
        "competences": [each.value for each in Topic if each.value in competences],
        "languages": [each.value for each in Language if each.value in languages],
        "districts": [clean_line(each)[:LONGEST_DISTRICT] for each in districts if each.strip()][:MOST_DISTRICTS],
        "availability": clean_line(availability)[:LONGEST_AVAILABILITY],
        "away_until": away_until,
        "most_teams": most_teams,
    }
    row = profile_of(session, actor)
    if row is None:
        row = CoachProfile(authority_id=authority.id, person_id=actor.person_id, changed_at=now, **said)
        session.add(row)
    else:
        row.changed_at = now
        for name, value in said.items():
            setattr(row, name, value)
    session.flush()
    record(session, at=now, actor=actor, event=Action.COACH_PROFILE, subject=row, after={"most_teams": most_teams})
    return row


def declare_coach_conflict(
    session: Session, *, organisation_id: UUID, reason: str, actor: Actor, now: datetime
) -> CoachConflict:
    """A coach stands apart from a team: from now on nothing of it is shown to them, and nobody can assign it to them.

    Where they accompany it already, the office is told to give it another coach.
    """
    authority = coached_authority(session, actor)
    if authority is None or actor.person_id is None:
        raise NotFound
    authorise(actor, Action.COACH_PROFILE, authority)
    team = next((each for each in teams_to_stand_apart_from(session, actor) if each.id == organisation_id), None)
    if team is None:
        raise Invalid(lazy_("Choose a team from the list."), "organisation_id")
    row = CoachConflict(
        authority_id=authority.id, person_id=actor.person_id, organisation_id=team.id, declared_at=now,
        reason=written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write why you stand apart.")),
    )  # fmt: skip
    session.add(row)
    session.flush()
    tie(session, person_id=actor.person_id, tie=Tie.CONFLICTED, object_type="organisation", object_id=team.id, now=now)
    record(session, at=now, actor=actor, event="coach.conflict_declared", subject=row,
           after={"organisation": team.id}, authority_id=authority.id)  # fmt: skip
    if team.id in actor.objects_tied_as(Tie.COACHES):
        tell_office(session, authority_id=authority.id, path="/manage/coaching", now=now,
                    message=lazy_("%(coach)s stands apart from %(team)s: give it another coach.", coach=actor.name,
                                  team=team.name))  # fmt: skip
    return row
