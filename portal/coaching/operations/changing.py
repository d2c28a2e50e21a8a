"""Other terms for a coaching, or another coach."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie, authorise
from portal.access.ties import untie
from portal.coaching.agenda.operations import cancel_meeting
from portal.coaching.agenda.rules import LIVE
from portal.coaching.coaches.binding import bind, checked_terms, free_coach, introduce
from portal.coaching.coaches.rules import LONGEST_REASON
from portal.coaching.models import Appointment, Engagement, NextStep
from portal.coaching.next_steps.rules import StepStatus
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.grants.apart import stand_apart
from portal.grants.operations.news import tell_people


def change_terms(
    session: Session, *, engagement_id: UUID, allowance_minutes: int, ends_on: date | None, objectives: str,
    actor: Actor, now: datetime,
) -> Engagement:  # fmt: skip
    """Change allowance, last day and objectives of a live coaching. Raises Invalid with the field."""
    row = _live(session, engagement_id, actor)
    before = {"allowance_minutes": row.allowance_minutes, "ends_on": row.ends_on}
    terms = checked_terms(allowance_minutes, row.starts_on, ends_on, objectives)
    row.allowance_minutes, row.ends_on = terms["allowance_minutes"], terms["ends_on"]
    row.objectives = terms["objectives"]
    record(session, at=now, actor=actor, event="coach.terms_changed", subject=row, before=before,
           after={"allowance_minutes": row.allowance_minutes, "ends_on": row.ends_on})  # fmt: skip
    tell_people(session, people=[row.coach], path=f"/engagements/{row.id}", now=now,
                message=lazy_("%(team)s: the terms of the coaching changed.", team=row.organisation.name))  # fmt: skip
    return row


def change_coach(
    session: Session, *, engagement_id: UUID, coach_id: UUID, reason: str, hands_over_notes: bool, actor: Actor,
    now: datetime,
) -> Engagement:  # fmt: skip
    """End a coaching with its reason and begin that of another coach: the same terms, the minutes used stay used.

    The new coach reads shared notes, and those for the office only where `hands_over_notes`; takes over the former
    one's open steps; meetings that were agreed are cancelled. Raises Invalid for a person who may not.
    """
    old = _live(session, engagement_id, actor)
    why = written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write why the coach changes."))
    if coach_id == old.coach_id:
        raise Invalid(lazy_("This coach accompanies the team already."), "coach_id")
    coach = free_coach(session, old.application, coach_id, now)
    _end(session, old, why, actor, now)
    row = Engagement(
        authority_id=old.authority_id, application_id=old.application_id, organisation_id=old.organisation_id,
        coach_id=coach.id, allowance_minutes=old.allowance_minutes, since=now, ends_on=old.ends_on,
        objectives=old.objectives, follows_id=old.id, hands_over_notes=hands_over_notes,
    )  # fmt: skip
    session.add(row)
    session.flush()
    bind(session, row, now)
    _hand_over_steps(session, old, coach.id)
    after = {"coach": coach.id, "follows": old.id, "hands_over_notes": hands_over_notes}
    record(session, at=now, actor=actor, event="coach.changed", subject=row, before={"coach": old.coach_id},
           after=after, reason=why)  # fmt: skip
    introduce(session, row, coach, now)
    return row


def _hand_over_steps(session: Session, old: Engagement, coach_id: UUID) -> None:
    """What the former coach still had to do, also what they had taken over from a coach before."""
    theirs = select(Engagement.id).where(Engagement.application_id == old.application_id)
    mine = NextStep.owner_id == old.coach_id, NextStep.status == StepStatus.OPEN, NextStep.engagement_id.in_(theirs)
    session.execute(update(NextStep).where(*mine).values(owner_id=coach_id))


def _live(session: Session, engagement_id: UUID, actor: Actor) -> Engagement:
    query = select(Engagement).where(Engagement.id == engagement_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.COACH_ASSIGN, found)
    stand_apart(actor=actor, organisation_id=found.organisation_id)
    if found.until is not None:
        raise NotFound
    return found


def _end(session: Session, old: Engagement, why: str, actor: Actor, now: datetime) -> None:
    planned = select(Appointment.id).where(Appointment.engagement_id == old.id, Appointment.status.in_(LIVE))
    for each in session.scalars(planned.order_by(Appointment.id)).all():
        cancel_meeting(session, appointment_id=each, reason=why, actor=SYSTEM, now=now)
    old.until, old.end_reason, old.ended_by = now, why, actor.person_id
    session.flush()
    record(session, at=now, actor=actor, event="coach.ended", subject=old, after={"until": now}, reason=why)
    others = select(Engagement.organisation_id).where(
        Engagement.coach_id == old.coach_id, Engagement.organisation_id == old.organisation_id,
        Engagement.until.is_(None),
    )  # fmt: skip
    kept = set(session.scalars(others))
    for object_id in {old.application_id, old.organisation_id} - kept:
        untie(session, person_id=old.coach_id, tie=Tie.COACHES, object_id=object_id, now=now)
    tell_people(session, people=[old.coach], path="/coaching", now=now,
                message=lazy_("You no longer accompany %(team)s.", team=old.organisation.name))  # fmt: skip
