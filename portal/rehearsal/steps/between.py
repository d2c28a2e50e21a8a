"""Between two phases: teams are accompanied, invited or told why not; groups become legal entities."""

from dataclasses import fields
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.access.models import Organisation
from portal.access.operations.organisations import OrganisationProfile, edit_organisation
from portal.applications.gates import Hours, gates_of, needed_minutes
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import Accompaniment, PhaseGate
from portal.coaching.accompaniment.operations import close_accompaniment, note_meeting
from portal.coaching.rules import SessionMode
from portal.core.i18n import lazy_
from portal.grants.operations import confirm_entity_early, record_entity_early
from portal.grants.operations.becoming import EntityTyped
from portal.rehearsal.cast import entity_form
from portal.rehearsal.play import Play
from portal.rehearsal.rules import FINAL_AFTER, ROME, Fate
from portal.rehearsal.saying import Said

A_DAY = 8 * 60
SHORTEST = 15
"""Minutes of the longest meeting of a rehearsal, and of the shortest that the register takes."""


def selected_in(play: Play, phase: Phase) -> list[Application]:
    """Whom the final ranking of a phase admitted to the next one."""
    query = select(Application).where(
        Application.phase_id == phase.id, Application.status == ApplicationStatus.SELECTED
    )
    return list(play.session.scalars(query.order_by(Application.id)))


def accompany_teams(play: Play) -> None:
    """Meetings that all teams attend but the one that is there to stay away; then it is closed, and teams invited."""
    declared, teams = play.phase.accompaniment, selected_in(play, play.phase)
    if declared is None or not teams:
        play.done(lazy_("There is nobody to accompany."))
        return
    absent = {each.id for each in teams if play.fate_of(each) is Fate.ABSENT}
    _meet(play, declared, teams, absent)
    closed = max(play.days.on(_window(play, declared)[1] + timedelta(days=1)), play.phase.status_at)
    close_accompaniment(play.session, phase_id=play.phase.id, actor=play.actor("officer", closed), now=closed)
    for team in teams:
        play.session.refresh(team)
        _tell_hours(play, declared, team)


def _window(play: Play, declared: Accompaniment) -> tuple[date, date]:
    """The days of the accompaniment: after the final ranking, before the next phase opens."""
    first = play.days.day(FINAL_AFTER) + timedelta(days=1)
    opens = play.phase.later.opens_at.astimezone(ROME).date() if play.phase.later else first
    starts = max(declared.starts or first, first)
    return starts, max(min(declared.ends or opens, opens - timedelta(days=1)), starts)


def _meet(play: Play, declared: Accompaniment, teams: list[Application], absent: set[UUID]) -> None:
    starts, ends = _window(play, declared)
    total = declared.hours * 60
    count, days = max(-(-total // A_DAY), 1), (ends - starts).days + 1
    if count > days:
        play.warn(
            lazy_("“%(name)s” offers %(hours)s hours in %(days)s days: more than eight hours a day.",
                  name=Said(declared.name), hours=declared.hours, days=days),
            place=f"phases.{play.phase.position - 1}.accompaniment",
        )  # fmt: skip
    title = str(Said(declared.name))[:150]
    for number in range(count):
        minutes = max(min(A_DAY, total - number * A_DAY), SHORTEST)
        begins = play.days.on(starts + timedelta(days=number * days // count), 9)
        noted = begins + timedelta(minutes=minutes + 30)
        comes_once = number == 0 and minutes < needed_minutes(declared)
        note_meeting(
            play.session, phase_id=play.phase.id, starts_at=begins, minutes=minutes, title=f"{title}, {number + 1}",
            mode=SessionMode.IN_PERSON, present=[each.id for each in teams if comes_once or each.id not in absent],
            actor=play.actor("coach", noted), now=noted,
        )  # fmt: skip
    play.done(lazy_("“%(name)s”: %(count)s meetings, %(hours)s hours in all.", name=Said(declared.name), count=count,
                    hours=declared.hours), path=f"/accompaniments/{play.phase.id}")  # fmt: skip


def _tell_hours(play: Play, declared: Accompaniment, team: Application) -> None:
    told = {"name": team.organisation.name, "attended": Hours(team.attended_minutes),
            "needed": Hours(needed_minutes(declared))}  # fmt: skip
    path = f"/applications/{team.id}"
    if team.invited_at is not None:
        play.done(lazy_("%(name)s attended %(attended)s, %(needed)s are needed: invited.", **told), path=path)
    else:
        play.held(lazy_("%(name)s attended %(attended)s, %(needed)s are needed: not invited.", **told), path=path)


def found_entities(play: Play) -> None:
    """Groups that must be legal entities by the next phase become such; one stays as it is."""
    following = play.phase.later
    for team in selected_in(play, play.phase):
        bound = following is not None and PhaseGate.INCORPORATED in gates_of(
            play.call.design, following.key, team.entered_as
        )
        if following is None or not bound or not team.organisation.is_informal:
            continue
        if play.fate_of(team) is Fate.STILL_INFORMAL:
            play.done(lazy_("%(name)s stays an informal group.", name=team.organisation.name))
        else:
            _found(play, team, following)


def _found(play: Play, team: Application, following: Phase) -> None:
    opens = following.opens_at.astimezone(ROME).date()
    now, then = (play.days.on(opens - timedelta(days=each)) for each in (3, 2))
    before, key = team.organisation.name, play.troupe.key_of(team.organisation_id)
    typed = EntityTyped(
        name=f"{before} APS", legal_form=entity_form(play.call.design), fiscal_code=play.troupe.fiscal_code(key),
        incorporated_on=opens - timedelta(days=4), deed=play.paper("Atto costitutivo", before),
    )  # fmt: skip
    actor = play.owner_of(team.organisation_id, now)
    record_entity_early(play.session, application_id=team.id, typed=typed, actor=actor, now=now)
    confirm_entity_early(play.session, application_id=team.id, actor=play.actor("officer", then), now=then)
    play.session.refresh(team.organisation)
    _complete_profile(play, team.organisation, then + timedelta(hours=2))
    play.done(lazy_("%(before)s became %(name)s: it keeps its place and its ranking.", before=before,
                    name=team.organisation.name), path=f"/applications/{team.id}/entity")  # fmt: skip


def _complete_profile(play: Play, organisation: Organisation, now: datetime) -> None:
    """An entity says who represents it before it applies: a group had nobody to name."""
    actor = play.owner_of(organisation.id, now)
    asked = {each.name for each in fields(OrganisationProfile)} - {"kind", "legal_form", "representative_id"}
    profile = OrganisationProfile(
        kind=organisation.kind, legal_form=organisation.legal_form, representative_id=actor.person_id,
        **{name: getattr(organisation, name) or "" for name in asked - {"founded_on"}},
        founded_on=organisation.founded_on,
    )  # fmt: skip
    edit_organisation(
        play.session, organisation_id=organisation.id, profile=profile, version_seen=organisation.version, actor=actor,
        now=now,
    )  # fmt: skip
