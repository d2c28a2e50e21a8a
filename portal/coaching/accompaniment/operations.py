"""Keeping the register of attendance: meetings, corrections, the closing, an invitation by hand. Never commits."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie, authorise
from portal.applications.models import Application
from portal.applications.operations import invite_application, note_attendance
from portal.applications.operations.invite import NotSelected
from portal.applications.queries import application_of
from portal.calls.models import Phase
from portal.calls.queries import phase_for_update
from portal.calls.rules import PhaseStatus
from portal.coaching.accompaniment.presence import must_be_apart, must_be_elsewhere
from portal.coaching.accompaniment.queries import (
    attended_minutes,
    closing_of,
    meeting_locked,
    meetings_of,
    register_of,
    team_hours,
)
from portal.coaching.accompaniment.rules import (
    LONGEST_REASON,
    LONGEST_TITLE,
    Held,
    TeamHours,
    checked_meeting,
    effect_of_closing,
)
from portal.coaching.models import AccompanimentClosing, Attendance, Meeting
from portal.coaching.rules import SessionMode
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line, clean_text
from portal.core.unit_of_work import violation
from portal.grants.operations.news import tell_team


class NotBegun(Conflict):
    """Nobody is accompanied before the ranking says whom."""

    default = lazy_("The accompaniment begins once the ranking of this phase is final.")


class AlreadyClosed(Conflict):
    """A closed accompaniment takes no further meeting."""

    default = lazy_("This accompaniment is closed: attendance can only be corrected, with a reason.")


class NotedAlready(Conflict):
    """The same meeting is in the register."""

    default = lazy_("A meeting with this title at this time is in the register already: correct it there.")


violation("uq_accompaniment_meeting", NotedAlready)
violation("accompaniment_meeting.phase_id", NotedAlready)
violation("uq_accompaniment_closing", AlreadyClosed)
violation("accompaniment_closing.phase_id", AlreadyClosed)


def note_meeting(
    session: Session,
    *,
    phase_id: UUID,
    starts_at: datetime,
    minutes: int,
    title: str,
    mode: SessionMode,
    present: Collection[UUID],
    actor: Actor,
    now: datetime,
) -> Meeting:
    """Note a meeting that took place, and which teams (by application) were there; the others were not.

    Nobody notes the presence of their own team. Raises NotBegun, AlreadyClosed, OwnOrganisation, Invalid.
    """
    phase = phase_for_update(session, phase_id)
    register = register_of(session, phase_id, actor, Action.ATTENDANCE_NOTE)
    _must_be_open(session, phase)
    checked_meeting(starts_at, minutes, phase.status_at, now)
    if not set(present) <= {each.application_id for each in register.teams}:
        raise Invalid(lazy_("Choose among the teams of this phase."), "present")
    for each in present:
        must_be_apart(application_of(session, each), actor)
        must_be_elsewhere(register.meetings, each, Held(starts_at, minutes), "present")
    meeting = Meeting(
        authority_id=phase.call.authority_id, phase_id=phase.id, starts_at=starts_at, minutes=minutes,
        title=_checked_title(title), mode=mode, noted_at=now, noted_by=actor.person_id,
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    for team in register.teams:
        _write(session, meeting, team.application_id, team.application_id in present, None, actor, now)
    record(session, at=now, actor=actor, event=Action.ATTENDANCE_NOTE, subject=meeting,
           after={"title": meeting.title, "starts_at": starts_at, "minutes": minutes, "mode": mode,
                  "present": [each.reference for each in register.teams if each.application_id in present]},
           authority_id=meeting.authority_id)  # fmt: skip
    _count(session, phase, present, None, actor, now)
    return meeting


def correct_attendance(
    session: Session,
    *,
    meeting_id: UUID,
    application_id: UUID,
    was_there: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Meeting:
    """Correct whether a team was at a meeting, with the reason; also after the closing, which then invites it.

    An invitation that was given stays. Raises Invalid without a reason or where nothing changes, OwnOrganisation.
    """
    meeting = meeting_locked(session, meeting_id, actor)
    phase = phase_for_update(session, meeting.phase_id)
    application = application_of(session, application_id)
    must_be_apart(application, actor)
    why = _checked_reason(reason, lazy_("Write why the register is corrected."))
    if application.phase_id != phase.id:
        raise NotSelected
    if meeting.present.get(application_id, False) == was_there:
        raise Invalid(lazy_("The register says this already: nothing was changed."), "was_there")
    if was_there:
        others = [each for each in meetings_of(session, phase.id) if each.id != meeting.id]
        must_be_elsewhere(others, application_id, meeting.held, "was_there")
    _write(session, meeting, application_id, was_there, why, actor, now)
    record(session, at=now, actor=actor, event="attendance.correct", subject=meeting,
           before={"reference": application.reference, "was_there": not was_there},
           after={"reference": application.reference, "was_there": was_there}, reason=why,
           authority_id=meeting.authority_id)  # fmt: skip
    _count(session, phase, [application_id], why, actor, now)
    team = _hours(session, application_id, phase)
    if closing_of(session, phase.id) is not None and team.is_enough:
        invite_application(session, application_id=application_id, actor=actor, now=now)
    return meeting


def close_accompaniment(session: Session, *, phase_id: UUID, actor: Actor, now: datetime) -> AccompanimentClosing:
    """Close an accompaniment: teams that reached the minimum are invited, the others are told why with their figures.

    Raises NotBegun, AlreadyClosed, and Conflict while no meeting is in the register.
    """
    phase = phase_for_update(session, phase_id)
    register = register_of(session, phase_id, actor, Action.ATTENDANCE_CLOSE)
    _must_be_open(session, phase)
    if not register.meetings:
        raise Conflict(lazy_("No meeting is in the register: note them first."))
    effect = effect_of_closing(register.teams)
    closing = AccompanimentClosing(
        authority_id=phase.call.authority_id, phase_id=phase.id, needed_minutes=register.needed, closed_at=now,
        closed_by=actor.person_id,
    )  # fmt: skip
    session.add(closing)
    session.flush()
    record(session, at=now, actor=actor, event=Action.ATTENDANCE_CLOSE, subject=closing,
           after={"needed_minutes": register.needed, "invited": [each.reference for each in effect.invited],
                  "not_invited": [each.reference for each in effect.told]},
           authority_id=closing.authority_id)  # fmt: skip
    for team in effect.invited:
        invite_application(session, application_id=team.application_id, actor=actor, now=now)
    for team in effect.told:
        _tell_why(session, team, phase, now)
    return closing


def invite_by_hand(session: Session, *, application_id: UUID, reason: str, actor: Actor, now: datetime) -> Application:
    """Invite a team although it attended too little: never without its reason, which stays on record."""
    application = application_of(session, application_id)
    authorise(actor, Action.ATTENDANCE_CLOSE, application)
    must_be_apart(application, actor)
    why = _checked_reason(reason, lazy_("Write why this team is invited although it attended too little."))
    if application.phase.accompaniment is None:
        raise NotSelected
    if application.invited_at is not None:
        raise Conflict(lazy_("This team is invited already."))
    return invite_application(session, application_id=application_id, reason=why, actor=actor, now=now)


def _must_be_open(session: Session, phase: Phase) -> None:
    if phase.status is not PhaseStatus.CONCLUDED:
        raise NotBegun
    if closing_of(session, phase.id) is not None:
        raise AlreadyClosed


def _write(
    session: Session, meeting: Meeting, application_id: UUID, was_there: bool, reason: str | None, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    earlier = [each.sequence for each in meeting.attendances if each.application_id == application_id]
    meeting.attendances.append(
        Attendance(
            meeting_id=meeting.id, application_id=application_id, sequence=max(earlier, default=0) + 1,
            was_there=was_there, reason=reason, noted_at=now, noted_by=actor.person_id,
        )
    )  # fmt: skip
    session.flush()


def _count(
    session: Session, phase: Phase, applications: Collection[UUID], reason: str | None, actor: Actor, now: datetime
) -> None:
    """Bring the hours kept on the applications up to the register."""
    meetings = meetings_of(session, phase.id)
    for each in sorted(applications):
        minutes = attended_minutes(meetings, each)
        note_attendance(session, application_id=each, minutes=minutes, reason=reason, actor=actor, now=now)


def _hours(session: Session, application_id: UUID, phase: Phase) -> TeamHours:
    if phase.accompaniment is None:
        raise NotBegun
    return team_hours(application_of(session, application_id), phase.accompaniment)


def _tell_why(session: Session, team: TeamHours, phase: Phase, now: datetime) -> None:
    application = application_of(session, team.application_id)
    message = lazy_("%(reference)s: the accompaniment is closed, and the hours attended are too few.",
                    reference=team.reference)  # fmt: skip
    tell_team(
        session, organisation_id=application.organisation_id, message=message, path=f"/applications/{application.id}",
        now=now, template="coaching/not_invited", only=(Tie.OWNER, Tie.EDITOR), application=application,
        declared=phase.accompaniment, needed=team.needed,
    )  # fmt: skip


def _checked_title(title: str) -> str:
    title = clean_line(title)
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(lazy_("Write what the meeting was about, at most 200 characters."), "title")
    return title


def _checked_reason(reason: str, missing: object) -> str:
    reason = clean_text(reason)[:LONGEST_REASON]
    if not reason:
        raise Invalid(missing, "reason")
    return reason
