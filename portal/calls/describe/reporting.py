"""Cost reports, in words."""

from portal.calls.describe.row import Row, Rows
from portal.calls.rules.design import ReportingRules
from portal.core.i18n import lazy_

ROWS: Rows = {
    ReportingRules: {
        "paid_within_days": Row(
            lazy_("Days to pay after the end"), lazy_("How long costs of the project may still be paid: often 60.")
        ),
        "over_budget": Row(
            lazy_("Beyond the agreed budget (per cent)"),
            lazy_("By how much a category may pass what was agreed for it. 0: a cent more is not taken."),
        ),
        "cup_required": Row(
            lazy_("The CUP on every invoice"), lazy_("An invoice without it is not taken; one with another never is.")
        ),
        "files_from": Row(
            lazy_("Documents attached from (euro)"),
            lazy_("Smaller costs are attached only when the office asks. Empty: none is; 0: all are."),
        ),
        "questionnaire": Row(
            lazy_("Technical part"),
            lazy_("Questions on what was done, answered in every report. Nothing: reports tell of costs alone."),
        ),
    },
}
