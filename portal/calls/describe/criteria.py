"""Criteria, levels and ties, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import Criterion, Level, TieBreak
from portal.core.i18n import lazy_

ROWS: Rows = {
    Level: {
        "key": KEY,
        "name": Row(lazy_("Words of the level"), lazy_("What an application at this level looks like.")),
        "points": Row(lazy_("Points of the level"), lazy_("From 0 to the maximum of the criterion.")),
        "knock_out": Row(lazy_("Excludes"), lazy_("Whoever is at this level is not suitable, whatever the total.")),
    },
    Criterion: {
        "key": KEY,
        "name": Row(lazy_("Name of the criterion"), lazy_("In a few words, as the call publishes it.")),
        "maximum": Row(lazy_("Weight: most points"), lazy_("What the criterion counts for in the total.")),
        "guide": Row(
            lazy_("Guide for evaluators"), lazy_("What is worth much and what little; applicants read it too.")
        ),
        "threshold": Row(lazy_("Least points"), lazy_("Below them the application is not suitable.")),
        "source": Row(
            lazy_("Where the points come from"), lazy_("Evaluators, a formula, all answers compared, or a bonus.")
        ),
        "scale": Row(
            lazy_("Scale of marks"), lazy_("Evaluators mark from 0 to this; marks become points in proportion.")
        ),
        "levels": Row(lazy_("Levels"), lazy_("Described steps among which evaluators choose.")),
        "reason_required": Row(lazy_("A reason is required"), lazy_("Each score is given with its reason.")),
        "formula": Row(
            lazy_("Formula"), lazy_("Arithmetic over tagged answers, such as share(budget.cofinancing, budget.total).")
        ),
        "tag": Row(lazy_("Answer compared"), lazy_("The tag of the answer that is compared over all applications.")),
        "better": Row(lazy_("Better end"), lazy_("Which end of the answer earns most points.")),
        "when": Row(lazy_("Bonus when"), lazy_("What must hold for the bonus.")),
        "per_cent": Row(
            lazy_("Bonus in per cent"),
            lazy_("Of the other points, no more than the maximum; nothing for a bonus in points."),
        ),
        "questions": Row(
            lazy_("Answers to read"),
            lazy_("Questions whose answers evaluators find beside the criterion; none: the whole application."),
        ),
    },
    TieBreak: {
        "by": Row(lazy_("Decided by"), lazy_("What tells equal totals apart.")),
        "criterion": Row(lazy_("Criterion"), lazy_("The one whose points decide.")),
    },
}
