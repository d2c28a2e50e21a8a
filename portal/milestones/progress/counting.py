"""What a report says was reached of each indicator."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.core.counts import parse_count
from portal.milestones.models import Milestone, MilestoneReport
from portal.milestones.progress.models import IndicatorReached
from portal.milestones.progress.queries import targets_of


def count_reached(
    session: Session, *, milestone: Milestone, report: MilestoneReport, told: Mapping[str, str]
) -> list[IndicatorReached]:
    """Keep what a report says was reached of every promise of the plan in force. Raises Invalid with the field."""
    rows = [
        IndicatorReached(
            report_id=report.id, key=each.key, target_hundredths=each.hundredths,
            reached_hundredths=parse_count(told.get(each.key, ""), field_of(each.key)),
        )
        for each in targets_of(session, milestone)
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows


def field_of(key: str) -> str:
    """The name of the field in which an indicator is told."""
    return f"reached_{key}"
