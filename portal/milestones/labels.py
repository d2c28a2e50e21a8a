"""Words for the states of milestones."""

from portal.core.i18n import lazy_
from portal.milestones.rules import MilestoneStatus

LABELS = {
    MilestoneStatus.PLANNED: lazy_("planned"),
    MilestoneStatus.REPORTED: lazy_("reported, to be examined"),
    MilestoneStatus.RETURNED: lazy_("returned to the team"),
    MilestoneStatus.ACCEPTED: lazy_("accepted"),
    MilestoneStatus.WAIVED: lazy_("waived"),
}

TONES = {
    MilestoneStatus.PLANNED: "neutral",
    MilestoneStatus.REPORTED: "progress",
    MilestoneStatus.RETURNED: "warning",
    MilestoneStatus.ACCEPTED: "success",
    MilestoneStatus.WAIVED: "neutral",
}
