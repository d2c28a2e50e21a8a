"""Phases, deadlines and what stands between them, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import Accompaniment, Batch, Deadline, PhaseDesign, Selection
from portal.core.i18n import lazy_

ROWS: Rows = {
    Deadline: {
        "closes": Row(lazy_("Closes"), lazy_("The last moment, in local time.")),
        "act": Row(lazy_("Act"), lazy_("That set this deadline.")),
        "reason": Row(lazy_("Reason"), lazy_("Why the deadline was moved; it is published.")),
    },
    Batch: {
        "key": KEY,
        "closes": Row(lazy_("Closes"), lazy_("The last moment, in local time.")),
        "places": Row(
            lazy_("Places of the batch"), lazy_("How many may win in it; nothing for as many as the budget allows.")
        ),
    },
    Accompaniment: {
        "name": Row(lazy_("Name"), lazy_("Such as advanced training or co-design.")),
        "hours": Row(lazy_("Hours"), lazy_("That are offered to each team.")),
        "minimum_attendance": Row(
            lazy_("Least attendance (per cent)"), lazy_("Of the hours, to be let into the next phase.")
        ),
        "starts": Row(lazy_("Starts on"), lazy_("The first day.")),
        "ends": Row(lazy_("Ends on"), lazy_("The last day.")),
    },
    Selection: {
        "questionnaire": Row(lazy_("Form of this phase"), lazy_("Where it is not the form of the call.")),
        "documents_requested": Row(lazy_("Documents of this phase"), lazy_("Where they are not those of the call.")),
        "criteria": Row(lazy_("Criteria of this phase"), lazy_("Where they are not those of the call.")),
        "weights_sum": Row(
            lazy_("Sum of the weights"), lazy_("What the maxima of the criteria must add up to, bonuses apart.")
        ),
        "minimum_total": Row(lazy_("Least total"), lazy_("Below it the application is not suitable.")),
        "cap": Row(lazy_("Most points overall"), lazy_("No total counts for more than this.")),
        "tie_breaks": Row(lazy_("Order of ties"), lazy_("What tells equal totals apart, step by step.")),
        "edge_rule": Row(
            lazy_("At the end of the budget"), lazy_("Stop, give a part, or go on to the next that fits.")
        ),
        "allocation": Row(lazy_("How grants are allotted"), lazy_("By money, by places or by both.")),
        "rankings": Row(lazy_("Rankings"), lazy_("Where there are several, apart from budget lines.")),
        "evaluators_per_application": Row(
            lazy_("Evaluators for each application"), lazy_("How many score the same one.")
        ),
        "evaluation": Row(lazy_("Work of the commission"), lazy_("Of this phase, where it differs from the call.")),
    },
    PhaseDesign: {
        "key": KEY,
        "name": Row(lazy_("Name of the phase"), lazy_("Such as Idea or Project.")),
        "opens": Row(lazy_("Opens"), lazy_("The first moment, in local time.")),
        "deadlines": Row(lazy_("Deadlines"), lazy_("The first one, then each extension with its act and reason.")),
        "zone": Row(lazy_("Time zone"), lazy_("Such as Europe/Rome.")),
        "grace_seconds": Row(
            lazy_("Grace (seconds)"), lazy_("How long after the term an application is still in time.")
        ),
        "inclusive": Row(
            lazy_("What the term includes"), lazy_("That very instant, or the whole minute that the clock shows.")
        ),
        "entry": Row(lazy_("Who may enter"), lazy_("What lets an applicant into this phase, after an earlier one.")),
        "selection": Row(
            lazy_("Form and criteria of its own"),
            lazy_("What this phase asks and how it chooses, where it differs from the call."),
        ),
        "accompaniment": Row(lazy_("Accompaniment"), lazy_("Training or coaching between this phase and the next.")),
        "batches": Row(lazy_("Batches"), lazy_("Windows of a call in order of arrival.")),
    },
}
