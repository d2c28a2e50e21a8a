"""Reading the control of a cost report."""

from portal.milestones.control.queries.alike import Alike, alike_of
from portal.milestones.control.queries.found import (
    answers_of,
    clarifications_of,
    letter_of,
    lines_charged,
    outcomes_of,
    people_of,
    proposal_of,
    sample_of_version,
)
from portal.milestones.control.queries.whole import Control, control_of, control_to_read, digest_of

__all__ = [
    "Alike",
    "Control",
    "alike_of",
    "answers_of",
    "clarifications_of",
    "control_of",
    "control_to_read",
    "digest_of",
    "letter_of",
    "lines_charged",
    "outcomes_of",
    "people_of",
    "proposal_of",
    "sample_of_version",
]
