"""The recipient says when it expects to reach a milestone. Never commits."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.instants import Day
from portal.core.written import written
from portal.grants.operations.news import tell_office
from portal.grants.rules import GrantStatus, local_day
from portal.milestones.models import Milestone
from portal.milestones.operations.planning import FURTHEST
from portal.milestones.operations.refusals import GrantNotActive
from portal.milestones.progress.models import MilestoneForecast
from portal.milestones.progress.queries import forecasts_of, standing
from portal.milestones.progress.refusals import NothingToExpect
from portal.milestones.queries import milestone_to_change
from portal.milestones.rules import LONGEST_REASON

WHY = lazy_("Write why the day moves: the office reads it.")


def expect_milestone(
    session: Session, *, milestone_id: UUID, expected_on: date, reason: str, actor: Actor, now: datetime
) -> MilestoneForecast:
    """Say when a milestone will be reached. The plan stays as it is: its day moves by a request alone.

    Raises Invalid with the field, GrantNotActive, NothingToExpect once it was reported.
    """
    milestone = milestone_to_change(session, actor, Action.MILESTONE_FORECAST, milestone_id)
    if milestone.grant.status is not GrantStatus.ACTIVE:
        raise GrantNotActive
    if not milestone.awaits_report:
        raise NothingToExpect
    earlier = forecasts_of(session, milestone.id)
    stands = standing(milestone, earlier)
    before = stands.expected_on if stands else milestone.due_on
    forecast = MilestoneForecast(
        milestone_id=milestone.id, number=len(earlier) + 1, planned_on=milestone.due_on,
        expected_on=_day(milestone, expected_on, before, local_day(now)),
        reason=written(reason, most=LONGEST_REASON, field="reason", empty=WHY), said_by=actor.person_id, said_at=now,
    )  # fmt: skip
    session.add(forecast)
    session.flush()
    record(session, at=now, actor=actor, event=Action.MILESTONE_FORECAST, subject=milestone,
           before={"expected_on": before}, after={"expected_on": expected_on}, reason=forecast.reason)  # fmt: skip
    message = lazy_("%(team)s expects milestone %(number)d on %(day)s: the plan says %(planned)s.",
                    team=milestone.grant.organisation.name, number=milestone.number, day=Day(expected_on),
                    planned=Day(milestone.due_on))  # fmt: skip
    tell_office(session, authority_id=milestone.authority_id, message=message, path=f"/milestones/{milestone.id}",
                now=now)  # fmt: skip
    return forecast


def _day(milestone: Milestone, day: date, before: date, today: date) -> date:
    first = milestone.grant.starts_on or today
    if not max(today, first) <= day <= first + FURTHEST:
        raise Invalid(lazy_("Write a day to come, within five years from the start of the project."), "expected_on")
    if day == before:
        raise Invalid(lazy_("This is the day that is expected already: write another one."), "expected_on")
    return day
