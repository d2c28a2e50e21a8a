"""What the projects of the demonstration count, what they reached, and when they expect what is late."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from portal.calls.rules import IndicatorTarget, MilestoneTemplate
from portal.demo.stage import Stage
from portal.demo.texts import steady
from portal.milestones.models import Milestone
from portal.milestones.progress.operations import expect_milestone

PEOPLE = IndicatorTarget("people", {"it": "Persone raggiunte", "en": "People reached"}, Decimal(60))
HOURS = IndicatorTarget("hours", {"it": "Ore di apertura", "en": "Hours of opening"}, Decimal(400))
COUNTED = {"midway": [PEOPLE], "close": [replace(PEOPLE, target=Decimal(150)), HOURS]}
"""By key of the milestone."""
MOST = {"people": 90, "hours": 460}
WHY = "Il proprietario consegna il locale con un mese di ritardo: i laboratori cominciano in parrocchia."


def counting(milestones: list[MilestoneTemplate]) -> list[MilestoneTemplate]:
    """The milestones of a call, with what each counts."""
    return [replace(each, indicators=COUNTED.get(each.key, [])) for each in milestones]


def reached(key: str, milestone: Milestone) -> dict[str, str]:
    """What the report of the team with this key says."""
    return {each.key: str(MOST[each.key] - steady(key, 45)) for each in COUNTED.get(milestone.key, [])}


def expect_later(stage: Stage, owner: str, milestone: Milestone) -> None:
    """The team foresees a month more than the plan gives."""
    later = max(milestone.due_on, stage.day(0)) + timedelta(days=30)
    expect_milestone(
        stage.session, milestone_id=milestone.id, expected_on=later, reason=WHY, actor=stage.actor(owner),
        now=stage.at(-3),
    )  # fmt: skip
