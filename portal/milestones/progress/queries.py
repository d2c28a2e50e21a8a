"""Reading how a plan goes: its courses, days expected, indicators."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.i18n import in_language
from portal.grants.changes.queries import plan_in_force, versions_of
from portal.grants.changes.rules import Plan, PlannedTarget
from portal.grants.rules import local_day
from portal.milestones.models import Milestone, MilestoneReport
from portal.milestones.progress.models import IndicatorReached, MilestoneForecast
from portal.milestones.progress.rules import Course, Reached
from portal.milestones.rules import MilestoneStatus

Counts = dict[UUID, dict[str, int]]
"""What was reached by indicator, by milestone."""


def forecasts_of(session: Session, milestone_id: UUID) -> Sequence[MilestoneForecast]:
    """Everything that was expected of a milestone, the newest first."""
    query = select(MilestoneForecast).options(joinedload(MilestoneForecast.person))
    query = query.where(MilestoneForecast.milestone_id == milestone_id)
    return session.scalars(query.order_by(MilestoneForecast.number.desc())).all()


def standing(milestone: Milestone, forecasts: Sequence[MilestoneForecast]) -> MilestoneForecast | None:
    """The newest, while it speaks of the day in force and says another one."""
    newest = max(forecasts, key=lambda each: each.number, default=None)
    stands = newest is not None and newest.planned_on == milestone.due_on and newest.expected_on != milestone.due_on
    return newest if stands else None


def courses_of(
    session: Session, milestones: Sequence[Milestone]
) -> tuple[list[Course], Mapping[str, Sequence[PlannedTarget]]]:
    """The course of each milestone of one grant, in their order; the targets of the plan in force by key."""
    if not milestones:
        return [], {}
    plans = [version.plan for version in versions_of(session, milestones[0].grant_id)]
    first = {each.key: each.due_on for each in plans[0].milestones} if plans else {}
    expected = _expected(session, milestones)
    courses = [
        Course(
            number=each.number, title=each.title, first_on=first.get(each.key, each.due_on), planned_on=each.due_on,
            expected_on=expected.get(each.id),
            done_on=local_day(each.status_at) if each.status is MilestoneStatus.ACCEPTED else None, weight=each.weight,
        )
        for each in milestones
    ]  # fmt: skip
    return courses, _targets(plans[-1]) if plans else {}


def targets_of(session: Session, milestone: Milestone) -> Sequence[PlannedTarget]:
    """What a milestone promises by the plan in force."""
    version = plan_in_force(session, milestone.grant_id)
    return _targets(version.plan).get(milestone.key, ()) if version else ()


def counts_of(session: Session, milestone_ids: Collection[UUID]) -> Counts:
    """What the newest report of each milestone says was reached."""
    query = (
        select(MilestoneReport.milestone_id, IndicatorReached.key, IndicatorReached.reached_hundredths)
        .join(IndicatorReached, IndicatorReached.report_id == MilestoneReport.id)
        .where(MilestoneReport.milestone_id.in_(milestone_ids))
        .order_by(MilestoneReport.milestone_id, MilestoneReport.version)
    )
    found: Counts = {}
    for milestone_id, key, hundredths in session.execute(query):
        found.setdefault(milestone_id, {})[key] = hundredths
    return found


def told_by(session: Session, report_ids: Collection[UUID]) -> dict[UUID, list[IndicatorReached]]:
    """What each of these reports says was reached."""
    query = select(IndicatorReached).where(IndicatorReached.report_id.in_(report_ids)).order_by(IndicatorReached.id)
    found: dict[UUID, list[IndicatorReached]] = {}
    for each in session.scalars(query):
        found.setdefault(each.report_id, []).append(each)
    return found


def reached(targets: Sequence[PlannedTarget], counts: Mapping[str, int]) -> list[Reached]:
    """Each promise beside what was reached, in the reader's language."""
    return [
        Reached(in_language(each.name), in_language(each.unit), each.hundredths, counts.get(each.key))
        for each in targets
    ]


def _targets(plan: Plan) -> dict[str, Sequence[PlannedTarget]]:
    return {each.key: each.targets for each in plan.milestones}


def _expected(session: Session, milestones: Sequence[Milestone]) -> dict[UUID, date]:
    """The day expected of each milestone, where one stands."""
    query = select(MilestoneForecast).where(MilestoneForecast.milestone_id.in_([each.id for each in milestones]))
    by_milestone: dict[UUID, list[MilestoneForecast]] = {}
    for each in session.scalars(query):
        by_milestone.setdefault(each.milestone_id, []).append(each)
    found = {each.id: standing(each, by_milestone.get(each.id, [])) for each in milestones}
    return {key: forecast.expected_on for key, forecast in found.items() if forecast is not None}
