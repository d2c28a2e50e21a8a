"""Maturity and follow-up, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import (
    EarlyWarnings,
    FollowUpMoment,
    FollowUpRules,
    MaturityDimension,
    MaturityLevel,
    MaturityRules,
    StageRules,
)
from portal.core.i18n import lazy_

ROWS: Rows = {
    MaturityLevel: {
        "name": Row(lazy_("Words of the level"), lazy_("What a team at this level looks like, the least first.")),
    },
    MaturityDimension: {
        "key": KEY,
        "name": Row(lazy_("Name of the dimension"), lazy_("Such as Team or Economic model.")),
        "levels": Row(lazy_("Levels"), lazy_("From the least to the most mature, as many for every dimension.")),
        "guide": Row(lazy_("What to look at"), lazy_("One sentence that helps to choose a level.")),
    },
    StageRules: {
        "operating_least": Row(
            lazy_("Level of “operating”"), lazy_("That every dimension has reached by the coach's latest rating.")
        ),
        "sustaining_least": Row(
            lazy_("Level of “sustaining”"), lazy_("That every dimension has reached by the coach's latest rating.")
        ),
        "income_after": Row(
            lazy_("Income after the end (euro)"), lazy_("The least that a project of the stage “sustaining” has told.")
        ),
        "alive_months": Row(
            lazy_("Alive after (months)"), lazy_("Which follow-up shows that the project lives on after its end.")
        ),
    },
    EarlyWarnings: {
        "silent_days": Row(lazy_("Days without a session"), lazy_("After which the officer is told; empty: never.")),
        "drop": Row(
            lazy_("Levels lost"), lazy_("Between a rating and the one before, on any dimension; empty: never told.")
        ),
        "gap": Row(
            lazy_("Levels between team and coach"), lazy_("On the same dimension at the same time; empty: never told.")
        ),
        "overdue_days": Row(lazy_("Days a milestone is overdue"), lazy_("With no report; empty: never told.")),
    },
    MaturityRules: {
        "dimensions": Row(lazy_("Dimensions"), lazy_("What is rated, from 3 to 12, each with described levels.")),
        "moments": Row(lazy_("When"), lazy_("From the agreement to a year after the end of the project.")),
        "answer_days": Row(lazy_("Days to answer"), lazy_("For team and coach, from the day on which it opens.")),
        "seen": Row(
            lazy_("Ratings of the other"), lazy_("When team and coach see how the other has rated the same moment.")
        ),
        "stages": Row(lazy_("Stages"), lazy_("Network, constituted, operating, sustaining: what each step asks for.")),
        "warnings": Row(lazy_("Early warnings"), lazy_("When the officer is told that a team may need help.")),
    },
    FollowUpMoment: {
        "months": Row(lazy_("Months after the end"), lazy_("Such as 6 or 12.")),
    },
    FollowUpRules: {
        "moments": Row(lazy_("When projects are asked"), lazy_("Each time one short form, through a link, once.")),
        "link_days": Row(lazy_("Days the link is good for"), lazy_("The office may send a new one.")),
    },
}
