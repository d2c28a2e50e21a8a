"""What the pages of a plan and of a milestone show of their course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.core.counts import format_count
from portal.core.i18n import in_language
from portal.grants.changes.rules import PlannedTarget
from portal.grants.models import Grant
from portal.milestones.models import Milestone
from portal.milestones.progress.axis import Drawing, drawing_of
from portal.milestones.progress.queries import (
    counts_of,
    courses_of,
    forecasts_of,
    reached,
    standing,
    told_by,
)
from portal.milestones.progress.rules import Course, Progress, Reached, progress_of
from portal.questionnaires.rules import Text


@dataclass(frozen=True, slots=True)
class PlanShown:
    """The course of every milestone, the drawing of them, and the indicators by number of milestone."""

    courses: Sequence[Course]
    drawing: Drawing
    done: Progress
    indicators: Sequence[tuple[Course, Reached]]


def plan_shown(session: Session, grant: Grant, milestones: Sequence[Milestone], today: date) -> PlanShown | None:
    """How the plan of a grant goes; None before there is one."""
    if not milestones:
        return None
    courses, targets = courses_of(session, milestones)
    counts = counts_of(session, [each.id for each in milestones]) if any(targets.values()) else {}
    indicators = [
        (course, each)
        for course, milestone in zip(courses, milestones, strict=True)
        for each in reached(targets.get(milestone.key, ()), counts.get(milestone.id, {}))
    ]
    drawing = drawing_of(courses, grant.starts_on or courses[0].first_on, today)
    return PlanShown(courses, drawing, progress_of(courses, today), indicators)


def milestone_shown(session: Session, milestone: Milestone, targets: Sequence[PlannedTarget]) -> dict[str, Any]:
    """What is expected of one milestone, and what its reports counted."""
    forecasts = forecasts_of(session, milestone.id)
    told = told_by(session, [each.id for each in milestone.reports]) if targets and milestone.reports else {}
    newest = told.get(milestone.report.id, []) if milestone.report else []
    return {
        "forecasts": forecasts,
        "expected": standing(milestone, forecasts),
        "indicators": reached(targets, {each.key: each.reached_hundredths for each in newest}),
        "told": {report_id: _words(rows, targets) for report_id, rows in told.items()},
    }


def _words(rows: Sequence[Any], targets: Sequence[PlannedTarget]) -> list[Reached]:
    """What one version of a report counted, against what was promised when it was sent."""
    names = {each.key: each for each in targets}
    return [
        Reached(in_language(names[row.key].name), in_language(names[row.key].unit), row.target_hundredths,
                row.reached_hundredths)
        for row in rows if row.key in names
    ]  # fmt: skip


def counted(hundredths: int, unit: Text | None) -> str:
    """60 people."""
    return f"{format_count(hundredths)} {in_language(unit)}".rstrip()
