"""Changes of grants, in words."""

from portal.calls.describe.row import Row, Rows
from portal.calls.rules.design import ChangeRules
from portal.core.i18n import lazy_

ROWS: Rows = {
    ChangeRules: {
        "free_shift": Row(
            lazy_("Budget moved freely (per cent)"),
            lazy_("Between categories, in all, without asking: often 10 or 20. 0: each shift is asked."),
        ),
        "answer_days": Row(lazy_("Days to answer a request"), lazy_("From the day on which a change is asked for.")),
        "reply_days": Row(
            lazy_("Days to reply to proceedings"),
            lazy_("Before a forfeiture or a revocation the recipient is heard (L. 241/1990)."),
        ),
        "extension_months": Row(
            lazy_("Longest extension (months)"), lazy_("In all, from the first end of the project. Empty: no limit.")
        ),
    },
}
