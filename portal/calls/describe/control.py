"""The control of costs, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import ControlQuestion, ControlRules
from portal.core.i18n import lazy_

ROWS: Rows = {
    ControlRules: {
        "method": Row(lazy_("Lines that are controlled"), lazy_("All of them, or a sample of each cost report.")),
        "share": Row(lazy_("Share of the lines (per cent)"), lazy_("Drawn of each report, rounded up.")),
        "least": Row(lazy_("Lines at least"), lazy_("However small the share is.")),
        "above": Row(
            lazy_("Always above (euro)"), lazy_("Lines of more than this are controlled in any case. Empty: no limit.")
        ),
        "materiality": Row(
            lazy_("Error allowed (per cent)"),
            lazy_(
                "Of the lines not looked at, by what was found in those drawn: beyond it more lines are looked at."
                " Often 2. Empty: it is only shown."
            ),
        ),
        "answer_days": Row(lazy_("Days to clarify"), lazy_("To answer what the office asks about a cost.")),
        "checklist": Row(
            lazy_("Checklist of the control"), lazy_("Questions to be answered; left empty, those of the portal.")
        ),
    },
    ControlQuestion: {
        "key": KEY,
        "text": Row(lazy_("The question in words"), lazy_("Answered by yes, no or not due; a no says why.")),
    },
}
