"""Funds, budget lines and the applicants' share, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import BudgetLine, Crowdfunding, Fund, OwnShare
from portal.core.i18n import lazy_

ROWS: Rows = {
    Fund: {
        "key": KEY,
        "name": Row(lazy_("Name of the fund"), lazy_("As the act of approval names it.")),
        "programme": Row(lazy_("Programme"), lazy_("Who pays: each programme has its own eligible costs.")),
        "amount": Row(
            lazy_("Amount of the fund (euro)"), lazy_("The most that the budget lines of this fund may take together.")
        ),
        "cup": Row(lazy_("CUP of the fund"), lazy_("Project code under which this money stands.")),
    },
    BudgetLine: {
        "key": KEY,
        "name": Row(lazy_("Name of the line"), lazy_("What this money is for.")),
        "amount": Row(lazy_("Amount (euro)"), lazy_("Money set apart in this line.")),
        "area": Row(lazy_("For one area"), lazy_("The area that this line serves; nothing for all areas.")),
        "kind": Row(
            lazy_("For one kind of applicant"), lazy_("The kind that this line serves; nothing for all kinds.")
        ),
        "fund": Row(lazy_("Fund"), lazy_("The fund that this line draws from.")),
    },
    Crowdfunding: {
        "share": Row(lazy_("Share to collect (per cent)"), lazy_("Of the total cost: without it there is no grant.")),
        "days": Row(lazy_("Days to collect"), lazy_("How long the public collection lasts.")),
        "by": Row(lazy_("Collected by"), lazy_("The last day on which the collection may end.")),
        "platform": Row(lazy_("Platform"), lazy_("Where the collection is made.")),
    },
    OwnShare: {
        "made_of": Row(lazy_("What the own share may be"), lazy_("Money, contributions in kind, a public collection.")),
        "in_kind_most": Row(lazy_("Most in kind (per cent)"), lazy_("Of the own share.")),
        "crowdfunding": Row(
            lazy_("Terms of the crowdfunding"), lazy_("Where the grant depends on a public collection.")
        ),
    },
}
