"""What follows the award, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import AidRules, AwardRules, GrantCheck, IncorporationStep
from portal.core.i18n import lazy_

ROWS: Rows = {
    GrantCheck: {
        "key": KEY,
        "kind": Row(lazy_("What is checked"), lazy_("A DURC and an account are read where they were verified.")),
        "text": Row(lazy_("The check in words"), lazy_("As the office and the recipient read it.")),
        "days_valid": Row(
            lazy_("Days it is valid"),
            lazy_("From the date of the document; 120 for a DURC. Empty: it does not expire."),
        ),
        "needs_file": Row(lazy_("A file is needed"), lazy_("Without it a reference is enough, such as a number.")),
        "above": Row(
            lazy_("Only for grants above (euro)"),
            lazy_("150000 for antimafia (art. 83 D.Lgs 159/2011). Empty: for all."),
        ),
        "sample": Row(
            lazy_("Sample (per cent)"),
            lazy_("Of declarations: so many of the grants, at least one, drawn by a seed. Empty: all of them."),
        ),
    },
    IncorporationStep: {
        "key": KEY,
        "text": Row(lazy_("The step in words"), lazy_("Such as: statute approved by the members.")),
        "needs_file": Row(lazy_("A file is needed"), lazy_("Without it the group says in words what it did.")),
    },
    AwardRules: {
        "acceptance_days": Row(
            lazy_("Days to accept or renounce"), lazy_("From the act of award. Empty: no answer is asked.")
        ),
        "checks": Row(
            lazy_("Checks before signing"),
            lazy_("No agreement is signed before they are positive. None: the three of always, for legal entities."),
        ),
        "incorporation_steps": Row(
            lazy_("Steps to become a legal entity"), lazy_("What a group shows before its entity is confirmed.")
        ),
        "added_at_incorporation": Row(
            lazy_("People who may join with the deed"), lazy_("Where the people are fixed after the application.")
        ),
    },
    AidRules: {
        "ceiling": Row(
            lazy_("Ceiling (euro)"),
            lazy_("Empty: 300000 (Reg. EU 2023/2831), 750000 for services of general interest (2023/2832)."),
        ),
        "years": Row(lazy_("Years that count"), lazy_("Back from each grant, day by day.")),
        "boundary_day_counts": Row(
            lazy_("The boundary day counts"), lazy_("Whether aid granted exactly so many years before still counts.")
        ),
    },
}
