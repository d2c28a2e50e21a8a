"""Marginality and indicators, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import Indicator, Marginality
from portal.core.i18n import lazy_

ROWS: Rows = {
    Marginality: {
        "types": Row(lazy_("Types of marginality"), lazy_("What keeps the people of this call at the margin.")),
        "reason": Row(
            lazy_("Why these types"), lazy_("The need that was found; what the office has always done is no reason.")
        ),
    },
    Indicator: {
        "key": KEY,
        "name": Row(lazy_("Name of the indicator"), lazy_("What is counted, in a few words.")),
        "code": Row(lazy_("Common code"), lazy_("Of the fund's common indicator, such as EECO01, where it is one.")),
        "unit": Row(lazy_("Unit"), lazy_("What one is: a person, an hour, an event.")),
        "target": Row(lazy_("Target"), lazy_("How much the whole call hopes to reach.")),
    },
}
