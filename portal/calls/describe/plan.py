"""Milestones, tranches and coaching, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import (
    CoachingAllowance,
    CoachingTopic,
    IndicatorTarget,
    MilestoneTemplate,
    TrancheTemplate,
)
from portal.core.i18n import lazy_

ROWS: Rows = {
    MilestoneTemplate: {
        "key": KEY,
        "title": Row(lazy_("Title of the milestone"), lazy_("A few words.")),
        "deliverable": Row(lazy_("What shows that it is reached"), lazy_("A report, a place that is open, accounts…")),
        "month": Row(lazy_("Month"), lazy_("Counted from the agreement.")),
        "weight": Row(lazy_("Weight (per cent)"), lazy_("Of the whole project; all of them make 100, or all are 0.")),
        "indicators": Row(
            lazy_("Indicators of the milestone"), lazy_("What is counted; each report says how much was reached.")
        ),
    },
    IndicatorTarget: {
        "key": KEY,
        "name": Row(lazy_("What is counted"), lazy_("Such as people reached, or hours of opening.")),
        "target": Row(lazy_("To be reached"), lazy_("By each grant, with two decimals at most.")),
        "unit": Row(lazy_("Unit of count"), lazy_("What one is: a person, an hour. Empty where the name says it.")),
    },
    TrancheTemplate: {
        "key": KEY,
        "name": Row(lazy_("Name of the tranche"), lazy_("Such as Advance or Balance.")),
        "share": Row(
            lazy_("Share (per cent)"), lazy_("Of the grant, less fixed amounts; all shares make 100. Or an amount.")
        ),
        "amount": Row(
            lazy_("Fixed amount (euro)"), lazy_("In place of a share: the same for every grant, set apart first.")
        ),
        "gates": Row(lazy_("Gates"), lazy_("What must hold before it is paid.")),
        "milestone": Row(lazy_("Milestone"), lazy_("That this tranche waits for.")),
        "basis": Row(lazy_("Computed from"), lazy_("A share of the grant, or the costs already borne.")),
        "minimum_spent": Row(lazy_("Least spent (per cent)"), lazy_("Of the earlier tranches, before this one.")),
        "guarantee_months": Row(
            lazy_("Months of guarantee"), lazy_("After the end of the project, for the guarantee of an advance.")
        ),
    },
    CoachingAllowance: {
        "allowance_minutes": Row(
            lazy_("Coaching for each grant (minutes)"), lazy_("The most that each grant may use.")
        ),
        "silence_days": Row(lazy_("Days of silence"), lazy_("After them a session that was held counts as confirmed.")),
        "minimum_confirmed_minutes": Row(
            lazy_("Least confirmed (minutes)"), lazy_("That the gate of coaching asks for.")
        ),
        "topics": Row(
            lazy_("Topics of sessions"), lazy_("Ticked in the log of a session; left empty, those of the portal.")
        ),
    },
    CoachingTopic: {"key": KEY, "name": Row(lazy_("Name of the topic"), lazy_("One or two words."))},
}
